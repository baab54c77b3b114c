import "./records.css";
import { plural, t } from "@lingui/core/macro";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import {
  NO_SOURCE_FILTER,
  recordsSummaryQuery,
  sourcesQuery,
  sourceUrl,
  type RecordsSummary,
  type SourceFilter,
  type SourceRow,
} from "../../api/records";
import { useMay } from "../../api/session";
import { count, exactMoment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { May } from "../../parts/May";
import { useSettled } from "../exams/search";
import { Bring } from "./Bring";
import { CodeTables } from "./CodeTables";
import { FindPerson } from "./FindPerson";
import { Servers } from "./Servers";
import { formatWords, kindWords, messageWords, SOURCE_BADGES, sourceStateWords } from "./words";

const PAUSE_MS = 250;

/** The stream of messages and files about patients: what came, from whom, and what became of it. */
export default function MessagesPage() {
  const [asked] = useSearchParams();
  const [filter, setFilter] = useState<SourceFilter>(() => ({
    ...NO_SOURCE_FILTER,
    state: asked.get("outcome") ?? "",
  }));
  const settled = useSettled(filter, PAUSE_MS);
  const found = useInfiniteQuery(sourcesQuery(settled));
  const mayCount = useMay("status");
  const summary = useQuery({ ...recordsSummaryQuery, enabled: mayCount });
  useFollowing(summary.data);
  const sources = found.data?.pages.flatMap((page) => page.sources) ?? [];
  const filtered = Object.values(settled).some((value: string) => value !== "");
  return (
    <ListPage
      title={t`Messages`}
      about={t`HL7 messages, FHIR and tables about patients, the newest first. Each is kept as it came; what it says becomes part of the patients' records.`}
      query={found}
      count={sources.length}
      empty={{
        icon: filtered ? "search" : "message",
        title: filtered ? t`Nothing fits` : t`No message has come yet`,
        text: filtered
          ? t`Try another outcome or fewer words.`
          : t`Drop HL7 or FHIR files on this page, or let systems send them.`,
      }}
      heads={[t`What`, t`From`, t`Outcome`, t`Came`]}
      tools={
        <>
          <May action="store">
            <Bring />
          </May>
          <FindPerson />
          <May action="query">
            <Servers />
            <CodeTables />
          </May>
          {summary.data !== undefined && <Held summary={summary.data} />}
          <Filters filter={filter} change={setFilter} summary={summary.data} />
        </>
      }
    >
      {sources.map((source) => (
        <Row key={source.id} source={source} />
      ))}
    </ListPage>
  );
}

/** The list is asked for again when a count has changed: looking is written down, so it isn't done idly. */
function useFollowing(summary: RecordsSummary | undefined): void {
  const queries = useQueryClient();
  const seen = summary === undefined ? "" : JSON.stringify([summary.sources, summary.busy]);
  useEffect(() => {
    if (seen !== "") void queries.invalidateQueries({ queryKey: ["record-sources"] });
  }, [seen, queries]);
}

function Held({ summary }: { summary: RecordsSummary }) {
  const kinds = new Map<string, number>();
  for (const one of summary.records) kinds.set(one.kind, (kinds.get(one.kind) ?? 0) + one.count);
  if (kinds.size === 0) return null;
  return (
    <dl className="held" aria-label={t`What is held`}>
      {[...kinds].map(([kind, many]) => (
        <div key={kind}>
          <dt>{kindWords(kind)}</dt>
          <dd className="num">{count(many)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FilterProps {
  filter: SourceFilter;
  change: (filter: SourceFilter) => void;
  summary: RecordsSummary | undefined;
}

function Filters({ filter, change, summary }: FilterProps) {
  const formats = [...new Set(summary?.sources.map(({ kind }) => kind) ?? [])];
  return (
    <search className="stream-filters" aria-label={t`Filter the messages`}>
      <Outcomes filter={filter} change={change} summary={summary} />
      <label className="field">
        <span className="field-label">{t`Format`}</span>
        <select
          className="input"
          value={filter.format}
          onChange={(event) => change({ ...filter, format: event.target.value })}
        >
          <option value="">{t`any`}</option>
          {formats.map((format) => (
            <option key={format} value={format}>
              {formatWords(format)}
            </option>
          ))}
        </select>
      </label>
      <label className="field stream-text">
        <span className="field-label">{t`Kind, sender or control ID`}</span>
        <input
          className="input"
          type="search"
          autoComplete="off"
          spellCheck={false}
          placeholder={t`such as ORU, or a whole control ID`}
          value={filter.text}
          onChange={(event) => change({ ...filter, text: event.target.value })}
        />
      </label>
    </search>
  );
}

function Outcomes({ filter, change, summary }: FilterProps) {
  const sum = (state: string) =>
    summary?.sources
      .filter((one) => state === "" || one.state === state)
      .reduce((all, one) => all + one.count, 0);
  const choices = ["", "read", "partly", "refused"];
  return (
    <div className="chips stream-chips" role="group" aria-label={t`Outcome`}>
      {choices.map((state) => (
        <button
          key={state}
          type="button"
          className="chip"
          aria-pressed={filter.state === state}
          onClick={() => change({ ...filter, state })}
        >
          {state === "" ? t`All` : sourceStateWords(state)} <span className="num">{sum(state) ?? ""}</span>
        </button>
      ))}
      {summary?.busy === true && (
        <span className="stream-busy dim" role="status">
          <span className="spinner" aria-hidden="true" /> {t`Reading…`}
        </span>
      )}
    </div>
  );
}

function Row({ source }: { source: SourceRow }) {
  const words = messageWords(source.title);
  return (
    <tr className="stream-row">
      <td>
        <Link to={sourceUrl(source.id)} className="stream-what">
          {source.title || source.fileName || formatWords(source.format)}
        </Link>
        <div className="dim">{words === "" ? formatWords(source.format) : words}</div>
        {source.fileName !== "" && source.title !== "" && (
          <div className="faint stream-file">{source.fileName}</div>
        )}
      </td>
      <td>
        <div className="stream-sender">{source.sender.replaceAll("|", " · ") || source.account}</div>
        {source.control !== "" && <div className="mono faint stream-file">{source.control}</div>}
      </td>
      <td>
        <Outcome source={source} />
      </td>
      <td className="num dim stream-when">
        {exactMoment(source.receivedAt)}
        {source.times > 1 && (
          <div className="faint">{plural(source.times, { one: "came once", other: "came # times" })}</div>
        )}
      </td>
    </tr>
  );
}

/** What became of it, with the reason. */
export function Outcome({ source }: { source: SourceRow }) {
  return (
    <>
      <span className={SOURCE_BADGES[source.state] ?? "badge"}>
        {source.state === "refused" && <Icon name="quarantine" size={12} />}
        {sourceStateWords(source.state)}
      </span>
      {source.reason !== "" && <div className="stream-reason">{source.reason}</div>}
      {source.reason === "" && <div className="dim">{shares(source)}</div>}
    </>
  );
}

function shares({ statements, kept, refused }: SourceRow): string {
  return [
    plural(statements, { one: "# statement", other: "# statements" }),
    refused === 0 ? "" : plural(refused, { one: "# part refused", other: "# parts refused" }),
    kept === 0 ? "" : plural(kept, { one: "# part kept unread", other: "# parts kept unread" }),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}
