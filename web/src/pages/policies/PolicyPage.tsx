import "./policies.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useLocation, useParams, useSearchParams } from "react-router";
import {
  checkPolicy,
  policiesQuery,
  policyVersionQuery,
  type LeftOut,
  type PolicyDocument,
  type PolicyVersion,
} from "../../api/policies";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { Tabs } from "../../parts/Tabs";
import { useTitle } from "../../shell/useTitle";
import type { Brought } from "./CtpDialog";
import { useDraft } from "./draft";
import { Form } from "./Form";
import { Preview } from "./Preview";
import { SaveButtons } from "./SaveButtons";
import { TomlBox } from "./TomlBox";
import { Versions } from "./Versions";
import { approvalWords, stateWords } from "./words";

/** One policy: written as a form or as TOML, beside what it makes of an exam. */
export default function PolicyPage() {
  const { id = "" } = useParams();
  const [query] = useSearchParams();
  const brought = (useLocation().state as Brought | null) ?? undefined;
  if (id === "new" && brought !== undefined) return <FromScript brought={brought} />;
  const from = id === "new" ? (query.get("from") ?? "basic") : id;
  const wanted = query.get("version");
  return (
    <Kept
      key={`${id} ${from} ${wanted}`}
      id={from}
      isNew={id === "new"}
      wanted={wanted === null ? undefined : Number(wanted)}
    />
  );
}

function Kept({ id, isNew, wanted }: { id: string; isNew: boolean; wanted: number | undefined }) {
  useTitle(isNew ? t`New policy` : id);
  const all = useQuery(policiesQuery);
  const versions = all.data?.find((policy) => policy.id === id)?.versions ?? [];
  const version = wanted ?? versions[0]?.version;
  const found = useQuery({ ...policyVersionQuery(id, version ?? 0), enabled: version !== undefined });
  if (all.isError) return <Failure error={all.error} retry={() => void all.refetch()} />;
  if (all.isSuccess && versions.length === 0)
    return <Empty page icon="shield" title={t`There is no policy ${id}`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Loading what={t`the policy`} />;
  const { text, document } = found.data;
  if (isNew) {
    const copy = { ...document, id: "", version: 1, title: t`Copy of ${document.title}` };
    return <Editor start={{ text, document: copy }} versions={[]} />;
  }
  return (
    <Editor
      key={`${id} ${found.data.version}`}
      start={{ text, document }}
      versions={versions}
      shown={found.data}
    />
  );
}

/** What was read from a CTP script; its data is asked for. */
function FromScript({ brought }: { brought: Brought }) {
  useTitle(t`New policy`);
  const checked = useQuery({
    queryKey: ["policy of a script", brought.text],
    queryFn: ({ signal }) => checkPolicy({ text: brought.text }, signal),
  });
  if (checked.isError) return <Failure error={checked.error} />;
  const document = checked.data?.document;
  if (document === undefined) return <Loading what={t`the policy`} />;
  return <Editor start={{ text: brought.text, document }} versions={[]} leftOut={brought.leftOut} />;
}

interface EditorProps {
  start: { text: string; document: PolicyDocument };
  /** The newest first; none of a new policy. */
  versions: PolicyVersion[];
  shown?: PolicyVersion;
  leftOut?: LeftOut[];
}

type View = "form" | "toml" | "versions";

function Editor({ start, versions, shown, leftOut = [] }: EditorProps) {
  const writing = useDraft(start, shown === undefined);
  const { draft } = writing;
  const [view, setView] = useState<View>("form");
  const isFixed = shown?.state === "ready-made";
  useWarning(draft.dirty && shown !== undefined);
  const views: { id: View; label: string }[] = [
    { id: "form", label: t`Form` },
    { id: "toml", label: "TOML" },
  ];
  if (shown !== undefined) views.push({ id: "versions", label: t`Versions and differences` });
  return (
    <div className="policy-page">
      <header className="policy-head">
        <Link
          to="/policies"
          className="button button-quiet button-square"
          aria-label={t`Back to the policies`}
          title={t`Back to the policies`}
        >
          <Icon name="back" />
        </Link>
        <div className="policy-what">
          <h1>{draft.document.title || t`New policy`}</h1>
          {shown === undefined ? (
            <p className="dim">{t`not kept yet`}</p>
          ) : (
            <p className="dim">
              <span className="mono">{shown.id}</span> {t`version ${shown.version}`}{" "}
              <span className={`badge ${stateWords(shown).tone}`}>{stateWords(shown).label}</span>{" "}
              {approvalWords(shown)}
              {draft.dirty && ` · ${t`changed, not kept yet`}`}
            </p>
          )}
        </div>
        <SaveButtons draft={draft} versions={versions} shown={shown} />
      </header>
      {isFixed && (
        <p className="notice policy-notice">
          <Icon name="shield" />
          {t`This policy comes with Isocenter and stays as it is. Copy it to change it.`}
        </p>
      )}
      {leftOut.length > 0 && <LeftOutList leftOut={leftOut} />}
      <div className="policy-both">
        <section className="policy-editor" aria-label={t`Policy`}>
          <Tabs tabs={views} chosen={view} choose={setView} label={t`Ways to see the policy`} />
          <div
            id={`panel-${view}`}
            role="tabpanel"
            aria-labelledby={`tab-${view}`}
            tabIndex={0}
            className="policy-panel"
          >
            {view === "form" && <Form writing={writing} isFixed={isFixed} isNew={shown === undefined} />}
            {view === "toml" && <TomlBox writing={writing} isFixed={isFixed} />}
            {view === "versions" && shown !== undefined && (
              <Versions draft={draft} versions={versions} shown={shown} />
            )}
          </div>
        </section>
        <Preview writing={writing} isFixed={isFixed} />
      </div>
    </div>
  );
}

/** The browser asks before what is written is lost. */
function useWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
}

function LeftOutList({ leftOut }: { leftOut: LeftOut[] }) {
  return (
    <details className="notice notice-warn policy-notice" open>
      <summary>{t`What the script asked for and the policy does otherwise: ${leftOut.length}`}</summary>
      <ul>
        {leftOut.map(({ element, script, instead }, at) => (
          // The list never changes.
          <li key={at}>
            <code>{element}</code> {script !== "" && <code>{script}</code>} {instead}
          </li>
        ))}
      </ul>
    </details>
  );
}
