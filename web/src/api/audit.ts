import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type AuditRow = Schemas["AuditRow"];
export type AuditVerdict = Schemas["AuditVerdict"];

/** Which rows of the log are wanted. Empty strings mean "any". */
export interface AuditFilter {
  actor: string;
  action: string;
  object: string;
  outcome: string;
  /** On the reader's own clock, as `2026-01-31T08:00`. */
  from: string;
  until: string;
}

export const NO_FILTER: AuditFilter = { actor: "", action: "", object: "", outcome: "", from: "", until: "" };

const PAGE = 100;

/** The filter as the server takes it. Account names and UIDs only; nothing about patients. */
export function asked(filter: AuditFilter): Record<string, string> {
  const moments = { from: instant(filter.from), until: instant(filter.until) };
  return Object.fromEntries(Object.entries({ ...filter, ...moments }).filter(([, value]) => value !== ""));
}

/** What the reader's clock showed then, as a moment everywhere. */
function instant(local: string): string {
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) => {
      const before = pageParam === null ? {} : { before: pageParam };
      const query = { ...asked(filter), ...before, limit: PAGE };
      return need(api.GET("/api/v1/audit", { params: { query }, signal }));
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ rows }) => (rows.length < PAGE ? null : rows.at(-1)?.seq),
  });

export const exportUrl = (filter: AuditFilter, format: "csv" | "ndjson"): string =>
  `/api/v1/audit/export?${new URLSearchParams({ ...asked(filter), format }).toString()}`;

export const verifyLog = (): Promise<AuditVerdict> =>
  need(api.POST("/api/v1/audit/verify", { body: { heads: [] } }));
