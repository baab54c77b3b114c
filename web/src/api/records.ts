import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, getCsrfToken, need, signedOut, type Schemas } from "./client";
import { problemFrom } from "./problem";

export type SourceRow = Schemas["SourceRow"];
export type SourceInFull = Schemas["SourceInFull"];
export type RecordsSummary = Schemas["Summary"];
export type Person = Schemas["Person"];
export type Entry = Schemas["Entry"];
export type RecordRow = Schemas["RecordRow"];
export type RecordInFull = Schemas["RecordInFull"];
export type VersionRow = Schemas["VersionRow"];
export type WaitingLink = Schemas["WaitingLink"];
export type ExamRecords = Schemas["ExamRecords"];
export type Medication = Schemas["Medication"];
export type FhirServer = Schemas["FhirServer"];

/** A JSON object whose form the server does not promise. */
export type Json = Record<string, unknown>;
export type LinkRow = Omit<Schemas["LinkRow"], "evidence"> & { evidence: Json };
export type Doubt = Omit<Schemas["Doubt"], "evidence"> & { evidence: Json };
export type DoubtAnswer = Schemas["DoubtAnswer"]["answer"];

/** Which messages and files are wanted. Empty strings mean "any". */
export interface SourceFilter {
  state: string;
  format: string;
  text: string;
}

export const NO_SOURCE_FILTER: SourceFilter = { state: "", format: "", text: "" };

export const sourcesQuery = (filter: SourceFilter) =>
  infiniteQueryOptions({
    queryKey: ["record-sources", filter],
    queryFn: ({ pageParam, signal }) => {
      const given = Object.entries({ ...filter, cursor: pageParam ?? "" }).filter(
        ([, value]) => value !== "",
      );
      return need(
        api.GET("/api/v1/records/sources", { params: { query: Object.fromEntries(given) }, signal }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** How many there are of everything; looked at often, for it names nobody. */
export const recordsSummaryQuery = queryOptions({
  queryKey: ["records-summary"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/summary", { signal })),
  refetchInterval: 3_000,
});

/** Looked at again until it is read. */
export const sourceQuery = (id: string) =>
  queryOptions({
    queryKey: ["record-source", id],
    queryFn: ({ signal }) => sourceOf(id, signal),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isUnread(data) ? 700 : false),
  });

export const isUnread = ({ state }: { state: string }): boolean => state === "reading" || state === "again";

export const sourceOf = (id: string, signal?: AbortSignal): Promise<SourceInFull> =>
  need(
    api.GET("/api/v1/records/sources/{id}", {
      params: { path: { id } },
      ...(signal === undefined ? {} : { signal }),
    }),
  );

export const sourceContentUrl = (id: string): string =>
  `/api/v1/records/sources/${encodeURIComponent(id)}/content`;

export const sourceUrl = (id: string): string => `/records/sources/${encodeURIComponent(id)}`;
export const personUrl = (person: number): string => `/people/${person}`;
export const reportUrl = (record: number): string => `/reports/${record}`;

/** As much of a message as is shown on a page. */
const SHOWN_BYTES = 400_000;

export const sourceContentQuery = (id: string) =>
  queryOptions({
    queryKey: ["record-source-content", id],
    queryFn: async ({ signal }) => {
      const answer = await fetch(sourceContentUrl(id), { signal });
      if (!answer.ok) throw problemFrom(answer.status, undefined);
      const bytes = await answer.arrayBuffer();
      return { text: decoded(bytes.slice(0, SHOWN_BYTES)), whole: bytes.byteLength <= SHOWN_BYTES };
    },
    staleTime: Infinity,
  });

/** Most messages are UTF-8; in what isn't, every byte is still a letter. */
function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

export async function readAgain(id: string): Promise<void> {
  await need(api.POST("/api/v1/records/sources/{id}/read-again", { params: { path: { id } } }));
}

/** Sends a message or file; it is durable when this answers. */
export async function bringSource(file: File, format: string): Promise<string> {
  const answer = await fetch(`/api/v1/records/sources?format=${encodeURIComponent(format)}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/octet-stream",
      "X-File-Name": encodeURIComponent(file.name),
      "X-CSRF-Token": getCsrfToken() ?? "",
    },
    body: file,
  });
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw problemFrom(answer.status, body);
  return (body as { id: string }).id;
}

export const personQuery = (person: number) =>
  queryOptions({
    queryKey: ["person", person],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/records/people/{person}", { params: { path: { person } }, signal })),
    staleTime: 5_000,
  });

export const medicationsQuery = (person: number) =>
  queryOptions({
    queryKey: ["medications", person],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/records/people/{person}/medications", { params: { path: { person } }, signal })),
    staleTime: 5_000,
  });

/** The whole identifier travels in the body, never in an address. */
export async function findPersons(value: string): Promise<Person[]> {
  return (await need(api.POST("/api/v1/records/people/search", { body: { value } }))).persons;
}

/** Its marks are pairs: from and to, in characters. */
export type FoundReport = Omit<Schemas["FoundReport"], "marks"> & { marks: number[][] };
export type ReportPage = Omit<Schemas["ReportList"], "reports"> & { reports: FoundReport[] };

export const searchReports = (body: { text: string; cursor?: number }): Promise<ReportPage> =>
  need(api.POST("/api/v1/records/reports/search", { body }));

export const recordQuery = (id: number) =>
  queryOptions({
    queryKey: ["record", id],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/records/{id}", { params: { path: { id: String(id) } }, signal })),
    staleTime: 5_000,
  });

export const examRecordsQuery = (study: string) =>
  queryOptions({
    queryKey: ["exam-records", study],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/exams/{study}/records", { params: { path: { study } }, signal })),
    staleTime: 5_000,
  });

export const waitingLinksQuery = queryOptions({
  queryKey: ["links-waiting"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/links/waiting", { signal })),
});

export const doubtsQuery = queryOptions({
  queryKey: ["doubts"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/doubts", { signal })),
});

export async function settleLink(id: number, linked: boolean): Promise<void> {
  await need(api.POST("/api/v1/records/links/{id}", { params: { path: { id } }, body: { linked } }));
}

export async function answerDoubt(id: number, answer: DoubtAnswer): Promise<void> {
  await need(api.POST("/api/v1/records/doubts/{id}", { params: { path: { id } }, body: { answer } }));
}

/** Two identifiers are of one person, or of two. */
export async function joinIdentifiers(one: number, other: number, same: boolean): Promise<void> {
  await need(api.POST("/api/v1/records/people/join", { body: { one, other, same } }));
}

/** Looked at often while one is being asked. */
export const fhirServersQuery = queryOptions({
  queryKey: ["fhir-servers"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/fhir-servers", { signal })),
  refetchInterval: ({ state: { data } }) => (data?.servers.some(({ running }) => running) ? 700 : 30_000),
});

export async function pollServer(name: string): Promise<void> {
  await need(api.POST("/api/v1/records/fhir-servers/{name}/poll", { params: { path: { name } } }));
}

export const codeTablesQuery = queryOptions({
  queryKey: ["code-tables"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/codes", { signal })),
  staleTime: 5_000,
});
