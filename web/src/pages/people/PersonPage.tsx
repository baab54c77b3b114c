import "./people.css";
import "../records/records.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { Problem } from "../../api/problem";
import { personQuery, personUrl, type Entry, type LinkRow, type Person } from "../../api/records";
import { Icon } from "../../parts/Icon";
import { Invented, isInvented } from "../../parts/Invented";
import { Empty, Failure, Loading } from "../../parts/State";
import { remember } from "../../shell/finder/recent";
import { useTitle } from "../../shell/useTitle";
import { kindWords } from "../records/words";
import { EntrySide } from "./EntrySide";
import { EntryTable } from "./EntryTable";
import { Identity } from "./Identity";
import {
  keyOf,
  laneLabel,
  laneOf,
  LANES,
  panned,
  placed,
  stillAt,
  whole,
  zoomed,
  type Lane,
  type Range,
} from "./lanes";
import { Medications } from "./Medications";
import { Picture } from "./Picture";
import { aboutPerson, nameOfPerson } from "./who";

/** The record of a patient on one axis of time. */
export default function PersonPage() {
  useTitle(t`Record`);
  const { person = "" } = useParams();
  const known = useQuery(personQuery(Number(person)));
  if (known.isPending) return <Loading what={t`the record`} />;
  if (known.isError) {
    if (known.error instanceof Problem && known.error.status < 500) return <NoPerson />;
    return <Failure error={known.error} retry={() => void known.refetch()} />;
  }
  return <Known key={person} timeline={known.data} />;
}

interface Timeline {
  person: Person;
  entries: Entry[];
  links: LinkRow[];
}

function NoPerson() {
  return (
    <Empty
      page
      icon="search"
      title={t`This record is not here`}
      actions={
        <Link to="/records" className="button button-primary">
          {t`Find it by an identifier`}
        </Link>
      }
    >
      {t`It may have been joined with another, or the address is mistyped.`}
    </Empty>
  );
}

function Known({ timeline }: { timeline: Timeline }) {
  const { person, entries } = timeline;
  const [chosen, choose] = useChosen();
  const [hidden, setHidden] = useState<Lane[]>([]);
  const [words, setWords] = useState("");
  const wanted = useDeferredValue(words.trim().toLowerCase());
  const fitting = useMemo(
    () => entries.filter((entry) => !hidden.includes(laneOf(entry)) && fits(entry, wanted)),
    [entries, hidden, wanted],
  );
  const [now] = useState(() => Date.now());
  const all = useMemo(() => placed(fitting, now), [fitting, now]);
  const everything = useMemo(() => whole(placed(entries, now), now), [entries, now]);
  const [range, setRange] = useState<Range>();
  const entry = entries.find((one) => keyOf(one) === chosen);
  useEffect(() => {
    remember({
      to: personUrl(person.id),
      label: nameOfPerson(person),
      about: [t`Record`, plural(entries.length, { one: "# entry", other: "# entries" })].join(" · "),
    });
  }, [person, entries]);
  const timeless = fitting.length - all.length;
  return (
    <div className="page person">
      <div className="page-head">
        <div>
          <h1>{nameOfPerson(person)}</h1>
          <p className="num">
            {person.identifiers.some(({ system, value }) => isInvented(system, value)) && <Invented />}{" "}
            {aboutPerson(person)}
          </p>
        </div>
        <div className="row-actions">
          <button type="button" className="button" onClick={() => window.print()}>
            {t`Print`}
          </button>
        </div>
      </div>
      {entries.length === 0 ? (
        <section className="panel">
          <Empty icon="message" title={t`Nothing is known of this person yet`}>
            {t`Messages and files tell of visits, orders, reports and more.`}
          </Empty>
        </section>
      ) : (
        <>
          <div className="person-tools">
            <Lanes entries={entries} hidden={hidden} change={setHidden} />
            <label className="person-filter">
              <span className="hidden-visually">{t`Filter by words`}</span>
              <input
                className="input"
                type="search"
                autoComplete="off"
                spellCheck={false}
                placeholder={t`Filter by words`}
                value={words}
                onChange={(event) => setWords(event.target.value)}
              />
            </label>
            <Zoom
              range={range ?? everything}
              setRange={setRange}
              still={stillAt(
                range ?? everything,
                all.find(({ key }) => key === chosen),
              )}
            />
          </div>
          <div className={entry === undefined ? "person-both" : "person-both person-split"}>
            <div className="person-time">
              <section className="panel timeline-panel" aria-label={t`Picture of the record`}>
                {all.length === 0 ? (
                  <Empty icon="search" title={t`Nothing fits`}>
                    {t`Show more lanes or use fewer words.`}
                  </Empty>
                ) : (
                  <Picture
                    all={all}
                    links={timeline.links}
                    range={range ?? everything}
                    setRange={setRange}
                    fit={() => setRange(undefined)}
                    chosen={chosen}
                    choose={choose}
                  />
                )}
                <p id="timeline-keys" className="faint timeline-keys">
                  {t`Arrows go from entry to entry, Shift and arrows along the axis; + and - zoom, 0 shows all. With Ctrl the wheel zooms.`}
                  {timeless > 0 &&
                    ` ${plural(timeless, {
                      one: "# entry has no time and stands in the list.",
                      other: "# entries have no time and stand in the list.",
                    })}`}
                </p>
              </section>
              <EntryTable entries={fitting} chosen={chosen} choose={choose} />
            </div>
            {entry !== undefined && (
              <EntrySide timeline={timeline} entry={entry} choose={choose} close={() => choose(undefined)} />
            )}
          </div>
        </>
      )}
      <Medications
        person={person.id}
        choose={(key) => {
          choose(key);
          window.scrollTo({ top: 0 });
        }}
      />
      <Identity person={person} />
    </div>
  );
}

/** The chosen entry stands in the address, to come back to and to pass on: numbers and UIDs only. */
function useChosen(): [string | undefined, (key: string | undefined) => void] {
  const [parameters, setParameters] = useSearchParams();
  const [record, study] = [parameters.get("record"), parameters.get("exam")];
  const chosen = record !== null ? `record-${record}` : study !== null ? `exam-${study}` : undefined;
  const choose = (key: string | undefined) => {
    const [kind, ...rest] = (key ?? "").split("-");
    const id = rest.join("-");
    setParameters(kind === "record" ? { record: id } : kind === "exam" ? { exam: id } : {}, {
      replace: true,
      preventScrollReset: true,
    });
  };
  return [chosen, choose];
}

const fits = (entry: Entry, wanted: string): boolean =>
  wanted === "" ||
  [entry.title, entry.value ?? "", entry.status, entry.state, kindWords(entry.kind)]
    .join(" ")
    .toLowerCase()
    .includes(wanted);

function Lanes(props: { entries: Entry[]; hidden: Lane[]; change: (hidden: Lane[]) => void }) {
  const { entries, hidden, change } = props;
  const counts = new Map<Lane, number>();
  for (const entry of entries) counts.set(laneOf(entry), (counts.get(laneOf(entry)) ?? 0) + 1);
  return (
    <div className="chips person-lanes" role="group" aria-label={t`Lanes shown`}>
      {LANES.filter((lane) => counts.has(lane)).map((lane) => (
        <button
          key={lane}
          type="button"
          className="chip"
          aria-pressed={!hidden.includes(lane)}
          onClick={() =>
            change(hidden.includes(lane) ? hidden.filter((one) => one !== lane) : [...hidden, lane])
          }
        >
          {laneLabel(lane)} <span className="num">{counts.get(lane)}</span>
        </button>
      ))}
    </div>
  );
}

function Zoom(props: {
  range: Range;
  setRange: (range: Range | undefined) => void;
  /** What stays where it is, 0 to 1. */
  still: number;
}) {
  const { range, setRange, still } = props;
  return (
    <div className="person-zoom" role="group" aria-label={t`Time shown`}>
      <button
        type="button"
        className="button button-square"
        aria-label={t`Earlier`}
        title={t`Earlier`}
        onClick={() => setRange(panned(range, -0.4))}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="button button-square"
        aria-label={t`Zoom out`}
        title={t`Zoom out`}
        onClick={() => setRange(zoomed(range, 1 / 0.6, still))}
      >
        −
      </button>
      <button
        type="button"
        className="button button-square"
        aria-label={t`Zoom in`}
        title={t`Zoom in`}
        onClick={() => setRange(zoomed(range, 0.6, still))}
      >
        +
      </button>
      <button
        type="button"
        className="button button-square"
        aria-label={t`Later`}
        title={t`Later`}
        onClick={() => setRange(panned(range, 0.4))}
      >
        <Icon name="next" />
      </button>
      <button type="button" className="button" onClick={() => setRange(undefined)}>
        {t`All`}
      </button>
    </div>
  );
}
