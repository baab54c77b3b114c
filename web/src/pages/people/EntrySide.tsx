import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { viewerUrl } from "../../api/exams";
import {
  recordQuery,
  reportUrl,
  type Entry,
  type LinkRow,
  type Person,
  type RecordInFull,
} from "../../api/records";
import { exactMoment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { ReportReader } from "../report/ReportReader";
import { kindWords, orderStateWords, standing } from "../records/words";
import { changes } from "./inWords";
import { LinksOf } from "./LinksOf";
import { MappedCodes } from "./MappedCodes";
import { RecordWords, Sayings } from "./RecordWords";
import { whenWords } from "./when";

interface Props {
  timeline: { person: Person; entries: Entry[]; links: LinkRow[] };
  entry: Entry;
  choose: (key: string) => void;
  close: () => void;
}

/** One entry beside the timeline: what it says, what it belongs to, where it comes from. */
export function EntrySide({ timeline, entry, choose, close }: Props) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const narrow = window.matchMedia("(max-width: 1000px)").matches;
    if (narrow) box.current?.scrollIntoView({ block: "nearest" });
  }, [entry]);
  return (
    <aside ref={box} className="entry panel" aria-label={t`The chosen entry`}>
      <div className="entry-head">
        <div>
          <p className="dim">{kindWords(entry.kind)}</p>
          <h2>{entry.title || t`No title`}</h2>
        </div>
        <button
          type="button"
          className="button button-quiet button-small button-square"
          aria-label={t`Close`}
          onClick={close}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      <p className="entry-facts num">
        {whenWords(entry)}
        {standing(entry) !== "" && <span className="badge">{standing(entry)}</span>}
        {entry.value && <strong>{entry.value}</strong>}
      </p>
      {entry.study && <ExamLinks study={entry.study} />}
      {entry.record !== null && entry.record !== undefined && <OfRecord id={entry.record} />}
      <section>
        <h3>{t`Belongs to`}</h3>
        <LinksOf
          timeline={timeline}
          of={{ record: entry.record ?? null, study: entry.study ?? null }}
          choose={choose}
        />
      </section>
    </aside>
  );
}

function ExamLinks({ study }: { study: string }) {
  return (
    <div className="row-actions entry-actions">
      <Link className="button button-primary" to={`/exams/${study}`}>
        <Icon name="image" /> {t`Open exam`}
      </Link>
      <a className="button" href={viewerUrl(study)}>
        <Icon name="viewer" /> {t`Open in viewer`}
      </a>
    </div>
  );
}

function OfRecord({ id }: { id: number }) {
  const full = useQuery(recordQuery(id));
  if (full.isPending) return <Loading what={t`the record`} />;
  if (full.isError) return <Failure error={full.error} retry={() => void full.refetch()} />;
  return <Full key={id} full={full.data} />;
}

function Full({ full }: { full: RecordInFull }) {
  const [at, setAt] = useState(0);
  const version = full.versions[at] ?? full.versions[0];
  const isReport = full.readings.length > 0;
  return (
    <>
      {isReport && (
        <>
          <div className="row-actions entry-actions">
            <Link className="button button-primary" to={reportUrl(full.record.id)}>
              <Icon name="report" /> {t`Read the report`}
            </Link>
          </div>
          <ReportReader full={full} narrow />
        </>
      )}
      {at > 0 && (
        <p className="notice notice-warn" role="status">{t`An earlier version. It no longer holds.`}</p>
      )}
      <RecordWords
        content={version?.content ?? full.record.content}
        usual={version === undefined || version === full.versions[0] ? full.usual : undefined}
      />
      <MappedCodes full={full} />
      {full.versions.length > 1 && <Versions full={full} at={at} choose={setAt} />}
      <Sayings full={full} />
    </>
  );
}

/** What was known when; each version can be read. */
function Versions({ full, at, choose }: { full: RecordInFull; at: number; choose: (at: number) => void }) {
  return (
    <section>
      <h3>
        {t`What was known when`}{" "}
        <span className="faint">
          {plural(full.versions.length, { one: "# version", other: "# versions" })}
        </span>
      </h3>
      <ol className="versions">
        {full.versions.map((version, number) => {
          const older = full.versions[number + 1];
          const changed = older === undefined ? [] : changes(version.content, older.content);
          return (
            <li key={version.version}>
              <button
                type="button"
                className="version"
                aria-pressed={number === at}
                onClick={() => choose(number)}
              >
                <strong className="num">{version.version}</strong>
                <span className="num">{exactMoment(version.knownAt)}</span>
                {version.state !== "" && <span className="badge">{orderStateWords(version.state)}</span>}
              </button>
              {changed.length > 0 && (
                <div className="dim version-changes">
                  {changed.map(([label, value]) => `${label}: ${value}`).join(" · ")}
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
