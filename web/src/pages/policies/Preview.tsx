import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { previewQuery, type Preview as Previewed, type Target } from "../../api/policies";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import type { Writing } from "./draft";
import { ExamChoice, ExamChosen } from "./ExamChoice";
import { isShown, type Filter } from "./filter";
import { PreviewList } from "./PreviewList";
import { PreviewPicture } from "./PreviewPicture";

interface Props {
  writing: Writing;
  isFixed: boolean;
}

/** What the policy makes of an exam: original and result side by side. */
export function Preview({ writing, isFixed }: Props) {
  const [query, setQuery] = useSearchParams();
  const may = useMay("read");
  const study = query.get("exam") ?? "";
  const [part, setPart] = useState<Omit<Target, "study">>({});
  const choose = (chosen: string | undefined) => {
    const next = new URLSearchParams(query);
    if (chosen === undefined) next.delete("exam");
    else next.set("exam", chosen);
    setPart({});
    setQuery(next, { replace: true });
  };
  return (
    <section className="policy-preview" aria-labelledby="preview-title">
      <div className="preview-head">
        <h2 id="preview-title">{t`Preview`}</h2>
        {study !== "" && (
          <ExamChosen study={study} part={part} setPart={setPart} other={() => choose(undefined)} />
        )}
      </div>
      {!may ? (
        <p className="dim preview-note">{t`A preview shows an identified exam; your account may not see one.`}</p>
      ) : study === "" ? (
        <ExamChoice choose={choose} />
      ) : (
        <Shown target={{ study, ...part }} writing={writing} isFixed={isFixed} />
      )}
    </section>
  );
}

function Shown({ target, writing, isFixed }: Props & { target: Target }) {
  const { draft } = writing;
  const found = useQuery(previewQuery({ text: draft.valid }, target));
  if (found.isPending) return <Loading what={t`the preview`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const behind = found.isPlaceholderData || draft.edit !== undefined;
  return <Result shown={found.data} behind={behind} writing={writing} isFixed={isFixed} />;
}

function Result({ shown, behind, writing, isFixed }: Props & { shown: Previewed; behind: boolean }) {
  const [filter, setFilter] = useState<Filter>("all");
  const [words, setWords] = useState("");
  const rows = useMemo(
    () => shown.attributes.filter((one) => isShown(one, filter, words)),
    [shown, filter, words],
  );
  const changed = shown.attributes.filter(({ outcome }) => outcome !== "kept").length;
  const filters: { id: Filter; label: string }[] = [
    { id: "all", label: t`All` },
    { id: "changed", label: t`Changed` },
    { id: "kept", label: t`Kept` },
  ];
  return (
    <div className="preview-result" aria-busy={behind}>
      {shown.withheld ? (
        <Withheld reason={shown.withheld.reason} />
      ) : (
        <>
          <p className="dim preview-note">
            {t`Codes, UIDs and moved dates are examples: the key is made for previews alone. In a project, what is known of the patient from elsewhere is taken out too.`}
          </p>
          {shown.picture && <PreviewPicture key={shown.instance} shown={shown} picture={shown.picture} />}
          <div className="preview-tools">
            <div className="chips" role="group" aria-label={t`Attributes to show`}>
              {filters.map(({ id, label }) => (
                <button
                  key={id}
                  type="button"
                  className="chip"
                  aria-pressed={filter === id}
                  onClick={() => setFilter(id)}
                >
                  {label}
                </button>
              ))}
            </div>
            <input
              className="input preview-find"
              type="search"
              aria-label={t`Find an attribute`}
              placeholder={t`Name, tag, value or rule`}
              value={words}
              onChange={(event) => setWords(event.target.value)}
            />
            <span className="dim num" role="status">
              {behind
                ? t`Refreshing…`
                : filter === "all" && words === ""
                  ? t`${changed} of ${shown.attributes.length} changed`
                  : plural(rows.length, { one: "# attribute", other: "# attributes" })}
            </span>
          </div>
          <PreviewList rows={rows} writing={writing} isFixed={isFixed} />
        </>
      )}
    </div>
  );
}

function Withheld({ reason }: { reason: string }) {
  return (
    <div className="notice notice-danger preview-withheld" role="status">
      <Icon name="quarantine" />
      <span>
        <strong>{t`Withheld: nothing of it leaves.`}</strong> {reason}
      </span>
    </div>
  );
}
