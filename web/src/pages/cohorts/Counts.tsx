import { plural, t } from "@lingui/core/macro";
import type { Answer, Count, Facet, FacetValue } from "../../api/cohorts";
import { sexWords } from "../people/who";
import { valueWords } from "./fields";
import { countWords, pairsWords, protectionWords } from "./words";

/** How many patients and exams, and how that was protected. */
export function Figures(props: { answer: Answer | undefined; stale: boolean; refused: boolean }) {
  const { answer, stale, refused } = props;
  const none = refused ? "–" : "…";
  return (
    <div className={stale ? "cohort-figures stale" : "cohort-figures"} role="status" aria-busy={stale}>
      <Figure name={t`Patients`} count={answer?.patients} none={none} />
      <Figure name={t`Exams`} count={answer?.exams} none={none} />
    </div>
  );
}

function Figure({ name, count, none }: { name: string; count: Count | undefined; none: string }) {
  return (
    <div className="cohort-figure">
      <span className="dim">{name}</span>
      <strong className="num">{count === undefined ? none : countWords(count)}</strong>
    </div>
  );
}

/** What the answer rests on. */
export function HowCounted({ answer }: { answer: Answer }) {
  return (
    <p className="cohort-how faint">
      {answer.pairs !== undefined && <span className="cohort-pairs">{pairsWords(answer.pairs)}</span>}
      {protectionWords(answer.patients)} {t`Facts of version ${answer.facts}, asked in ${answer.tookMs} ms.`}
    </p>
  );
}

const TITLES: Record<string, () => string> = {
  sex: () => t`Sex`,
  age: () => t`Age at the exam`,
  year: () => t`Year of the exam`,
  modality: () => t`Modality`,
  bodyPart: () => t`Body part`,
  manufacturer: () => t`Manufacturer`,
  finding: () => t`Findings present`,
  condition: () => t`Conditions`,
};

/** Bars shown before the reader asks for more. */
const FEW = 6;

/** What the cohort is made of; a bar narrows it to what it stands for. */
export function Facets({
  facets,
  narrow,
}: {
  facets: Facet[];
  narrow: (facet: string, value: string) => void;
}) {
  const some = facets.filter(({ values }) => values.length > 0);
  if (some.length === 0)
    return <p className="dim">{t`Nobody is in it, so there is nothing to tell apart.`}</p>;
  return (
    <div className="cohort-facets">
      {some.map((facet) => (
        <Bars key={facet.name} facet={facet} narrow={(value) => narrow(facet.name, value)} />
      ))}
    </div>
  );
}

function Bars({ facet: { name, values }, narrow }: { facet: Facet; narrow: (value: string) => void }) {
  const title = TITLES[name]?.() ?? name;
  const most = Math.max(1, ...values.map(({ patients }) => patients.count ?? 0));
  const bars = values.map((value) => (
    <Bar key={value.value ?? ""} facet={name} title={title} value={value} most={most} narrow={narrow} />
  ));
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="cohort-bars">{bars.slice(0, FEW)}</ul>
      {bars.length > FEW && (
        <details>
          <summary className="dim">{plural(bars.length - FEW, { one: "# more", other: "# more" })}</summary>
          <ul className="cohort-bars">{bars.slice(FEW)}</ul>
        </details>
      )}
    </section>
  );
}

interface BarProps {
  facet: string;
  title: string;
  value: FacetValue;
  most: number;
  narrow: (value: string) => void;
}

function Bar({ facet, title, value: { value, display, patients }, most, narrow }: BarProps) {
  const known = typeof value === "string";
  const words = known ? barWords(facet, value) : t`not known`;
  const part = typeof patients.count === "number" ? patients.count / most : 0.02;
  const line = (
    <>
      <span className="clip">
        {words}
        {typeof display === "string" && <span className="dim"> {display}</span>}
      </span>
      <span className="num dim">{countWords(patients)}</span>
      <span className="cohort-bar" style={{ width: `${part * 100}%` }} />
    </>
  );
  if (!known) return <li className="cohort-bar-line">{line}</li>;
  return (
    <li>
      <button
        type="button"
        className="cohort-bar-line"
        title={t`Only these: ${title} ${words}`}
        onClick={() => narrow(value)}
      >
        {line}
      </button>
    </li>
  );
}

function barWords(facet: string, value: string): string {
  if (facet === "sex") return sexWords(value);
  if (facet === "age") return t`${value} to ${Number(value) + 9}`;
  return facet === "finding" ? valueWords(facet, value) : value;
}
