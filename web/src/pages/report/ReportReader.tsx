import "./report.css";
import { t } from "@lingui/core/macro";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { RecordInFull, VersionRow } from "../../api/records";
import { exactMoment } from "../../format/units";
import {
  assertionWords,
  disputesOf,
  disputeWords,
  findingDetails,
  keyWords,
  marksOf,
  measurementWords,
  placeOf,
  placeWords,
  pieces,
  readingOf,
  systemWords,
  textOf,
  words,
  type Dispute,
  type Finding,
  type Mark,
  type Measurement,
  type NamedPlace,
  type Piece,
  type Reading,
} from "./reading";

interface Props {
  full: RecordInFull;
  /** In a narrow place: the list stands below. */
  narrow?: boolean;
  /** Beside images: shows those that are named with what is chosen. */
  go?: (place: NamedPlace) => void;
}

/** A report with what it says marked in its text, by version. */
export function ReportReader({ full, narrow = false, go }: Props) {
  const [chosen, setChosen] = useState<number>();
  const version = full.versions.find((one) => one.version === chosen) ?? full.versions[0];
  if (version === undefined) return null;
  const text = textOf(version);
  const reading = readingOf(full, version.version);
  return (
    <div className={narrow ? "reader reader-narrow" : "reader"}>
      {!narrow && <h2 className="hidden-visually">{t`Text of the report`}</h2>}
      <Versions full={full} version={version} choose={setChosen} />
      {text === "" ? (
        <p className="dim">{t`This version has no text that can be shown here.`}</p>
      ) : reading === undefined ? (
        <>
          <p className="dim" role="status">{t`What this version says has not been read yet.`}</p>
          <pre className="reader-text">{text}</pre>
        </>
      ) : (
        <MarkedText
          key={version.version}
          text={text}
          reading={reading}
          disputes={disputesOf(full, version.version)}
          go={go}
        />
      )}
    </div>
  );
}

function Versions(props: {
  full: RecordInFull;
  version: VersionRow;
  choose: (version: number | undefined) => void;
}) {
  const { full, version, choose } = props;
  if (full.versions.length < 2) return null;
  const newest = full.versions[0]?.version;
  return (
    <div className="reader-versions">
      <label className="field">
        <span className="field-label">{t`Version`}</span>
        <select
          className="input"
          value={version.version}
          onChange={(event) => choose(Number(event.target.value))}
        >
          {full.versions.map((one) => (
            <option key={one.version} value={one.version}>
              {t`${one.version}: ${statusOf(one)}, known ${exactMoment(one.knownAt)}`}
            </option>
          ))}
        </select>
      </label>
      {version.version !== newest && (
        <p className="notice notice-warn" role="status">
          {t`An earlier version. It no longer holds.`}
        </p>
      )}
    </div>
  );
}

function statusOf({ content }: VersionRow): string {
  const { status } = content as { status?: unknown };
  return typeof status === "string" ? status : "";
}

/** What is looked at: chosen by a click, else what the pointer or the focus is on. */
const keyOf = ({ kind, at }: Pick<Mark, "kind" | "at">): string => `${kind}-${at}`;

interface MarkedProps {
  text: string;
  reading: Reading;
  /** Where a text model says something else, by the number of the finding. */
  disputes: Map<number, Dispute>;
  go: Props["go"];
}

/** A text with what it says marked, and listed beside it. */
export function MarkedText({ text, reading, disputes, go }: MarkedProps) {
  const [active, setActive] = useState<string>();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const marks = useMemo(() => marksOf(reading), [reading]);
  const cut = useMemo(() => pieces(text, marks), [text, marks]);
  const goTo = (key: string) => {
    const mark = marks.find((one) => keyOf(one) === key);
    const place = mark && placeOf(reading, mark);
    if (place !== undefined) go?.(place);
  };
  const jump = (key: string) => {
    setActive(key);
    goTo(key);
    const mark = box.current?.querySelector<HTMLElement>(`[data-mark="${key}"]`);
    mark?.scrollIntoView({ block: "nearest" });
    mark?.focus({ preventScroll: true });
  };
  const show = (key: string) => {
    setActive(key);
    goTo(key);
    document.getElementById(`${id}-${key}`)?.scrollIntoView({ block: "nearest" });
  };
  useEffect(() => {
    const text = box.current;
    if (text === null) return;
    const look = ({ target }: Event) => {
      const key = target instanceof HTMLElement ? target.dataset["of"] : undefined;
      if (key !== undefined) setActive(key);
    };
    text.addEventListener("mouseover", look);
    text.addEventListener("focusin", look);
    return () => {
      text.removeEventListener("mouseover", look);
      text.removeEventListener("focusin", look);
    };
  }, []);
  return (
    <>
      <Legend disputed={disputes.size > 0} />
      <div className="reader-both">
        <div ref={box} className="reader-text" role="document" aria-label={t`Text of the report`}>
          {cut.map((piece) => (
            <Stretch
              key={piece.start}
              piece={piece}
              reading={reading}
              disputes={disputes}
              active={active}
              show={show}
              id={id}
            />
          ))}
        </div>
        <Said text={text} reading={reading} disputes={disputes} active={active} jump={jump} id={id} />
      </div>
    </>
  );
}

function Legend({ disputed }: { disputed: boolean }) {
  return (
    <p className="reader-legend">
      <span className="found found-present">{t`present`}</span>
      <span className="found found-possible">{t`possible`}</span>
      <span className="found found-absent">{t`absent`}</span>
      <span className="found found-other">{t`measured, graded, recommended`}</span>
      {disputed && <span className="found found-disputed">{t`rules and model differ`}</span>}
    </p>
  );
}

interface StretchProps {
  piece: Piece;
  reading: Reading;
  disputes: Map<number, Dispute>;
  active: string | undefined;
  /** Shows it in the list. */
  show: (key: string) => void;
  id: string;
}

/** The innermost mark speaks; the first piece of a mark can have the focus. */
function Stretch({ piece, reading, disputes, active, show, id }: StretchProps) {
  const mark = piece.marks.toSorted((a, b) => length(a) - length(b))[0];
  if (mark === undefined) return piece.text;
  const key = keyOf(mark);
  const first = mark.span.start === piece.start;
  const lit = piece.marks.some((one) => keyOf(one) === active);
  const other = mark.kind === "finding" ? disputes.get(mark.at) : undefined;
  const looks = [lookOf(mark, reading), lit && "lit", first && "first", other !== undefined && "disputed"];
  const name = `found ${looks.flatMap((look) => (look === false ? [] : `found-${look}`)).join(" ")}`;
  const own = tipOf(mark, reading);
  const tip = other === undefined ? own : `${own}; ${disputeWords(other)}`;
  const shared = { className: name, title: tip, "data-of": key };
  if (!first) return <span {...shared}>{piece.text}</span>;
  return (
    <span
      {...shared}
      role="button"
      tabIndex={0}
      data-mark={key}
      aria-describedby={`${id}-${key}`}
      onClick={() => show(key)}
      onKeyDown={(event) => {
        if (event.key === "Enter") show(key);
      }}
    >
      {piece.text}
    </span>
  );
}

const length = ({ span }: Mark): number => span.end - span.start;

const lookOf = (mark: Mark, reading: Reading): string =>
  mark.kind === "finding" ? styleOf(reading.findings[mark.at]) : "other";

/** What is said of a relative is not the patient's, and must not look so. */
function styleOf(finding: Finding | undefined): string {
  if (finding === undefined) return "other";
  return finding.experiencer === "patient" ? finding.assertion : "theirs";
}

/** What a mark means, in a line. */
function tipOf({ kind, at }: Mark, reading: Reading): string {
  if (kind === "finding") {
    const finding = reading.findings[at];
    return finding === undefined ? "" : findingLine(finding);
  }
  if (kind === "measurement") {
    const measured = reading.measurements[at];
    return measured === undefined ? "" : measurementWords(measured);
  }
  if (kind === "category") {
    const category = reading.categories[at];
    return category === undefined ? "" : `${systemWords(category.system)} ${category.value}`;
  }
  return kind === "recommendation" ? t`recommendation` : t`somebody was told`;
}

const findingLine = (finding: Finding): string =>
  [`${keyWords(finding.finding)}: ${assertionWords(finding.assertion)}`, ...findingDetails(finding)].join(
    ", ",
  );

interface SaidProps {
  text: string;
  reading: Reading;
  disputes: Map<number, Dispute>;
  active: string | undefined;
  jump: (key: string) => void;
  id: string;
}

/** Everything that was found, by kind; each jumps to its place in the text. */
function Said({ text, reading, disputes, active, jump, id }: SaidProps) {
  const item = (key: string, children: React.ReactNode) => (
    <li key={key} id={`${id}-${key}`}>
      <button type="button" className={key === active ? "said lit" : "said"} onClick={() => jump(key)}>
        {children}
      </button>
    </li>
  );
  const findings = reading.findings.map((finding, at) =>
    item(
      `finding-${at}`,
      <>
        <span className={`found found-${styleOf(finding)}`}>{assertionWords(finding.assertion)}</span>
        <span>
          <Other dispute={disputes.get(at)} />
          <strong>{keyWords(finding.finding)}</strong>
          {findingDetails(finding).length > 0 && (
            <span className="dim"> {findingDetails(finding).join(", ")}</span>
          )}
          {reading.measurements
            .filter((one) => one.finding === at)
            .map((one, number) => (
              <span key={number} className="num">
                {" "}
                {measurementWords(one)}
              </span>
            ))}
        </span>
      </>,
    ),
  );
  const measurements = reading.measurements.map((one, at) =>
    item(
      `measurement-${at}`,
      <>
        <strong className="num">{measurementWords(one)}</strong>
        <span className="dim">{measuredOn(one)}</span>
      </>,
    ),
  );
  const categories = reading.categories.map((one, at) =>
    item(
      `category-${at}`,
      <>
        <strong>
          {systemWords(one.system)} {one.value}
        </strong>
        {one.earlier && <span className="dim">{t`of an earlier exam`}</span>}
      </>,
    ),
  );
  const recommendations = reading.recommendations.map((one, at) =>
    item(
      `recommendation-${at}`,
      <span>
        {one.none_needed ? t`Nothing more is needed` : (one.test ?? words(text, one.span))}
        {one.interval !== null && <strong> {t`in ${one.interval.text}`}</strong>}
      </span>,
    ),
  );
  const communications = reading.communications.map((one, at) =>
    item(
      `communication-${at}`,
      <span>
        {one.critical && <strong>{t`Critical.`} </strong>}
        {words(text, one.span)}
      </span>,
    ),
  );
  return (
    <aside className="reader-said" aria-label={t`What the report says`}>
      <List title={t`Findings`} items={findings} none={t`No finding was recognised.`} />
      <List title={t`Measurements`} items={measurements} />
      <List title={t`Categories`} items={categories} />
      <List title={t`Recommendations`} items={recommendations} />
      <List title={t`Who was told`} items={communications} />
      <p className="faint num">{t`Read by rules ${reading.engine}, words ${reading.lexicon}.`}</p>
    </aside>
  );
}

/** What the model says, where it is something else. */
function Other({ dispute }: { dispute: Dispute | undefined }) {
  if (dispute === undefined) return null;
  return <span className="found found-disputed said-other">{disputeWords(dispute)}</span>;
}

function measuredOn(measurement: Measurement): string {
  const { subject } = measurement;
  return [subject === null ? "" : subject.replaceAll("_", " "), placeWords(measurement)]
    .filter((part) => part !== "")
    .join(", ");
}

function List({ title, items, none }: { title: string; items: React.ReactNode[]; none?: string }) {
  if (items.length === 0 && none === undefined) return null;
  return (
    <section>
      <h3>
        {title} <span className="faint num">{items.length}</span>
      </h3>
      {items.length === 0 ? <p className="dim">{none}</p> : <ul>{items}</ul>}
    </section>
  );
}
