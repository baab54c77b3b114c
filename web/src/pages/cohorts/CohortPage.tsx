import "./cohorts.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useParams } from "react-router";
import { cohortQuery, languageQuery, type Detail, type Language } from "../../api/cohorts";
import { Problem } from "../../api/problem";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";
import { useTitle } from "../../shell/useTitle";
import { AnswerSide } from "./AnswerSide";
import { Tables } from "./asking";
import { Criteria } from "./Criteria";
import { InventedNote } from "./InventedNote";
import { fromDefinition, sameQuestion, toDefinition } from "./draft";
import { SaveBar } from "./SaveBar";
import { useDraft } from "./useDraft";

/** The builder: criteria at the left, what they mean at the right. */
export default function CohortPage() {
  const { id = "new" } = useParams();
  const isNew = id === "new";
  const language = useQuery(languageQuery);
  const kept = useQuery({ ...cohortQuery(id), enabled: !isNew });
  const name = kept.data?.cohort.name;
  useTitle(isNew ? t`New cohort` : (name ?? t`Cohort`));
  if (language.isError) return <Failure error={language.error} retry={() => void language.refetch()} />;
  if (kept.error instanceof Problem && kept.error.status === 404) return <NoCohort />;
  if (kept.isError) return <Failure error={kept.error} retry={() => void kept.refetch()} />;
  if (language.data === undefined || (!isNew && kept.data === undefined))
    return <Loading what={t`the cohort`} />;
  return <Builder key={id} id={id} language={language.data} detail={isNew ? undefined : kept.data} />;
}

function NoCohort() {
  return (
    <Empty
      page
      icon="cohort"
      title={t`This cohort is not here`}
      actions={
        <Link to="/cohorts" className="button button-primary">
          {t`All cohorts`}
        </Link>
      }
    >
      {t`It was removed, or whoever made it does not share it.`}
    </Empty>
  );
}

interface Props {
  id: string;
  language: Language;
  detail: Detail | undefined;
}

function Builder({ id, language, detail }: Props) {
  const newest = detail?.versions[0]?.definition;
  const writing = useDraft(id, newest);
  const { draft, set, forget } = writing;
  const toasts = useToasts();
  const definition = toDefinition(draft);
  const dirty = newest === undefined ? draft.root.parts.length > 0 : !sameQuestion(definition, newest);
  useWarning(dirty);
  /** A change made by pointing, which is easily another than was meant. */
  const point = (changed: typeof draft, said: string) => {
    set(changed);
    toasts.say(said, { label: t`Undo`, run: () => set(draft) });
  };
  return (
    <Tables value={language.tables}>
      <div className="cohort-page">
        <header className="cohort-head">
          <Link
            to="/cohorts"
            className="button button-quiet button-square"
            aria-label={t`Back to the cohorts`}
            title={t`Back to the cohorts`}
          >
            <Icon name="back" />
          </Link>
          <Named detail={detail} dirty={dirty} />
          <SaveBar detail={detail} definition={definition} dirty={dirty} saved={forget} />
        </header>
        {language.behind && (
          <p className="notice cohort-notice" role="status">
            <span className="spinner" aria-hidden="true" />
            {t`The facts are still catching up with what arrived. Counts follow by themselves.`}
          </p>
        )}
        <InventedNote invented={language.invented} />
        <div className="cohort-both">
          <Criteria draft={draft} set={set} />
          <AnswerSide
            draft={draft}
            definition={definition}
            language={language}
            detail={detail}
            dirty={dirty}
            point={point}
            use={(other) => point(fromDefinition(other), t`Other criteria are in their place.`)}
          />
        </div>
      </div>
    </Tables>
  );
}

function Named({ detail, dirty }: { detail: Detail | undefined; dirty: boolean }) {
  if (detail === undefined) {
    return (
      <div className="cohort-what">
        <h1>{t`New cohort`}</h1>
        <p className="dim">{t`not saved yet`}</p>
      </div>
    );
  }
  const { name, about, version, owner, shared } = detail.cohort;
  return (
    <div className="cohort-what">
      <h1>{name}</h1>
      <p className="dim">
        {t`version ${version}`}
        {shared && ` · ${t`shared`}`}
        {!detail.own && ` · ${t`of ${owner}: keep changes in a copy`}`}
        {dirty && ` · ${t`changed, not saved yet`}`}
        {about !== "" && ` · ${about}`}
      </p>
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
