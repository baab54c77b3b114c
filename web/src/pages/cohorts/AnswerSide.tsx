import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { countsQuery, type Definition, type Detail, type Language } from "../../api/cohorts";
import { Refusal } from "../../parts/Refusal";
import { Tabs } from "../../parts/Tabs";
import { useSettled } from "../exams/search";
import { Facets, Figures, HowCounted } from "./Counts";
import type { Draft } from "./draft";
import { narrowed } from "./edit";
import { FrozenList } from "./FrozenList";
import { Members } from "./Members";
import { SqlPanel } from "./SqlPanel";
import { Versions } from "./Versions";

/** How long nothing changes before the server is asked. */
const PAUSE_MS = 300;

interface Props {
  draft: Draft;
  definition: Definition;
  language: Language;
  detail: Detail | undefined;
  dirty: boolean;
  /** Puts a changed draft in the place of this one, with a way back. */
  point: (draft: Draft, said: string) => void;
  use: (definition: Definition) => void;
}

type View = "facets" | "members" | "sql" | "versions" | "frozen";

/** What the criteria mean: how many, of what kinds, who, and in which words for other engines. */
export function AnswerSide({ draft, definition, language, detail, dirty, point, use }: Props) {
  const [view, setView] = useState<View>("facets");
  // Compared as text: a criterion that says nothing yet is no other question.
  const text = useSettled(JSON.stringify(definition), PAUSE_MS);
  const asked = JSON.parse(text) as Definition;
  const { data, error, isPlaceholderData } = useQuery({
    ...countsQuery(asked, language.facts),
    placeholderData: (before) => before,
  });
  const stale = isPlaceholderData || text !== JSON.stringify(definition);
  const views: { id: View; label: string }[] = [
    { id: "facets", label: t`Made of` },
    ...(language.rows ? [{ id: "members" as const, label: t`Patients` }] : []),
    { id: "sql", label: "SQL" },
    ...(detail === undefined
      ? []
      : [
          { id: "versions" as const, label: t`Versions` },
          { id: "frozen" as const, label: t`Frozen` },
        ]),
  ];
  return (
    <section className="cohort-answer panel" aria-label={t`Answer`}>
      <h2 className="hidden-visually">{t`Answer`}</h2>
      <Figures answer={data} stale={stale} refused={error !== null} />
      {error !== null ? <Refusal error={error} /> : data !== undefined && <HowCounted answer={data} />}
      <Tabs tabs={views} chosen={view} choose={setView} label={t`Ways to see the answer`} />
      <div
        id={`panel-${view}`}
        role="tabpanel"
        aria-labelledby={`tab-${view}`}
        tabIndex={0}
        className={stale && view === "facets" ? "cohort-panel stale" : "cohort-panel"}
      >
        {view === "facets" && data !== undefined && (
          <Facets
            facets={data.facets}
            narrow={(facet, value) => point(narrowed(draft, facet, value), t`Narrowed to ${value}.`)}
          />
        )}
        {view === "members" && <Members key={text} definition={asked} facts={language.facts} />}
        {view === "sql" && <SqlPanel definition={asked} take={use} />}
        {view === "versions" && detail !== undefined && (
          <Versions versions={detail.versions} current={definition} use={use} />
        )}
        {view === "frozen" && detail !== undefined && <FrozenList detail={detail} dirty={dirty} />}
      </div>
    </section>
  );
}
