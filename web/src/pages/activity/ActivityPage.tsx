import "./activity.css";
import { t } from "@lingui/core/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { auditQuery, exportUrl, NO_FILTER, type AuditFilter, type AuditRow } from "../../api/audit";
import { exactMoment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { useSettled } from "../exams/search";
import { ChainCheck } from "./ChainCheck";
import { Filters } from "./Filters";
import { Objects } from "./Objects";

const OUTCOMES: Record<string, string> = {
  done: "badge badge-ok",
  refused: "badge badge-warn",
  failed: "badge badge-danger",
};

const PAUSE_MS = 250;

/** Who did what, to what, when, and how it went: the audit log. */
export default function ActivityPage() {
  const [filter, change] = useFilter();
  const settled = useSettled(filter, PAUSE_MS);
  const found = useInfiniteQuery(auditQuery(settled));
  const rows = found.data?.pages.flatMap((page) => page.rows) ?? [];
  const filtered = Object.values(settled).some((value: string) => value !== "");
  return (
    <ListPage
      title={t`Activity`}
      about={t`Every change and every look at identified data, in a chain that shows whether a row was altered. Looking here is written down too.`}
      query={found}
      count={rows.length}
      empty={{
        icon: "search",
        title: filtered ? t`Nothing fits` : t`Nothing has happened yet`,
        text: filtered
          ? t`Try fewer words or a longer time.`
          : t`What people and programs do is listed here.`,
      }}
      heads={[t`When`, t`Who`, t`What`, t`To what`, t`More`]}
      actions={<Exports filter={filter} />}
      tools={
        <>
          <ChainCheck />
          <Filters filter={filter} change={change} seen={rows} />
        </>
      }
    >
      {rows.map((row) => (
        <Row key={row.seq} row={row} />
      ))}
    </ListPage>
  );
}

/** The filter stands in the address, to come back to and to pass on: account names and UIDs only. */
function useFilter(): [AuditFilter, (part: Partial<AuditFilter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const names = Object.keys(NO_FILTER) as (keyof AuditFilter)[];
  const filter = Object.fromEntries(
    names.map((name) => [name, parameters.get(name) ?? ""]),
  ) as unknown as AuditFilter;
  const change = (part: Partial<AuditFilter>) => {
    const given = Object.entries({ ...filter, ...part }).filter(([, value]) => value !== "");
    setParameters(new URLSearchParams(given), { replace: true });
  };
  return [filter, change];
}

function Exports({ filter }: { filter: AuditFilter }) {
  return (
    <div className="row-actions">
      <a className="button" href={exportUrl(filter, "csv")} download title={t`For spreadsheets`}>
        <Icon name="download" /> {t`CSV`}
      </a>
      <a
        className="button"
        href={exportUrl(filter, "ndjson")}
        download
        title={t`Row by row with all hashes: others can check the chain`}
      >
        <Icon name="download" /> {t`NDJSON`}
      </a>
    </div>
  );
}

function Row({ row }: { row: AuditRow }) {
  return (
    <tr>
      <td className="num dim activity-when" title={t`Row ${row.seq}`}>
        {exactMoment(row.at)}
      </td>
      <td>
        <strong>{row.actor}</strong>
        <div className="faint">{row.door}</div>
      </td>
      <td>
        <span className="activity-what">
          {row.action} <span className={OUTCOMES[row.outcome] ?? "badge"}>{row.outcome}</span>
        </span>
      </td>
      <td>
        <Objects all={row.resources} />
      </td>
      <td className="dim activity-more">{details(row.detail)}</td>
    </tr>
  );
}

/** `{"address": "127.0.0.1", "listed": 3}` → `address 127.0.0.1 · listed 3`. */
function details(detail: object): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
}
