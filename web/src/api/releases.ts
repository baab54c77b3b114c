/** Requests for data: who wants what for what, what was decided, the packages that were made, and who withdrew. */
import { queryOptions } from "@tanstack/react-query";
import { api, getCsrfToken, need, signedOut } from "./client";
import type { Count, Definition } from "./cohorts";
import { problemFrom } from "./problem";

export type ReleaseState =
  "asked" | "refused" | "cancelled" | "making" | "waiting" | "failed" | "ready" | "expired" | "recalled";

export const FORMS = ["dicom", "nifti", "tables", "reports", "in-place"] as const;
export type Form = (typeof FORMS)[number];

export interface Recipient {
  name: string;
  email: string;
  institution: string;
}

/** A number, or one that may be hidden. */
export type Told = number | Count | null;

export interface ReleaseSummary {
  id: string;
  title: string;
  project: { id: string; title: string };
  frozen: string;
  state: ReleaseState;
  askedBy: string;
  askedAt: string;
  /** The last day, as 2026-01-31. */
  expires: string;
  forms: Form[];
  patients: Told;
  exams: Told;
  mayDecide: boolean;
  mayReceive: boolean;
}

export interface Check {
  kind: string;
  severity: "stop" | "warn" | "ok";
  says: string;
  count: number;
}

export interface Decision {
  by: string;
  at: string;
  approve: boolean;
  reason: string;
}

export interface Package {
  digest: string;
  bytes: number;
  files: number;
  madeAt: string;
  subjects: number;
  exams: number;
  series: number;
  instances: number;
}

export interface Receipt {
  by: string;
  at: string;
  bytes: number;
  files: number;
}

/** A letter to a recipient; `unsent`: no mail server is set. */
export interface Letter {
  release: string;
  about: "ready" | "recalled" | "withdrawn";
  name: string;
  email: string;
  state: "waiting" | "sent" | "failed" | "unsent";
  /** When it was sent, or else written. */
  at: string;
  why: string;
}

/** How far fetching exams from where they are is; what is missing is told to who decides. */
export interface Fetching {
  wanted: number;
  here: number;
  missing: { peer: string; why: string; until: string | null; count: number; waits: boolean }[];
  without: string | null;
}

export interface ReleaseDetail extends ReleaseSummary {
  purpose: string;
  recipients: Recipient[];
  ethics: { reference: string; document: boolean };
  cohort: { id: string; version: number; name: string };
  facts: number;
  definition: Definition;
  policy: { id: string; version: number; digest: string };
  /** How many must approve. */
  needed: number;
  decisions: Decision[];
  checks: Check[];
  progress: { done: number; of: number; says: string };
  missing: { what: string; why: string; count: number }[];
  /** What was still in a PACS when it was approved; null: nothing was. */
  fetching: Fetching | null;
  package: Package | null;
  receipts: Receipt[];
  /** For who decides. */
  letters: Letter[];
  endpoint: { dicomweb: string; sql: string } | null;
}

export interface ReleaseFile {
  path: string;
  size: number;
  sha256: string;
  form: string;
}

export interface NewRelease {
  frozen: string;
  project: string;
  title: string;
  purpose: string;
  recipients: Recipient[];
  terms: boolean;
  expires: string;
  ethics?: string;
  forms: Form[];
}

export interface Use {
  release: string;
  title: string;
  /** Its id. */
  project: string;
  purpose: string;
  askedBy: string;
  recipients: Recipient[];
  state: ReleaseState;
  patients: Told;
  exams: Told;
  forms: Form[];
  readyAt: string | null;
  expires: string;
  receipts: Receipt[];
}

export interface Step {
  n: number;
  place: string;
  name: string;
  state: "done" | "waits";
  says: string;
  doneBy?: string | null;
  doneAt?: string | null;
}

export interface Withdrawal {
  id: string;
  by: string;
  at: string;
  reason: string;
  steps: Step[];
  letters: Letter[];
}

interface Init {
  params?: { path?: Record<string, string | number>; query?: Record<string, string> };
  body?: object;
  signal?: AbortSignal;
}

type Call = (method: string, path: string, init: Init) => Promise<{ data?: unknown; response: Response }>;

/** An answer in this file's own words: the generated ones don't know what a definition nests. */
const ask = async <T>(method: "get" | "post", path: string, init: Init = {}): Promise<T> =>
  (await need((api.request as unknown as Call)(method, `/api/v1${path}`, init))) as T;

const of = (id: string) => ({ path: { id } });

export const releasesKey = ["releases"] as const;

/** What becomes of it by itself: asked again often. */
const moves = (state: ReleaseState | undefined): boolean => state === "making";

export const releasesQuery = queryOptions({
  queryKey: releasesKey,
  queryFn: async ({ signal }) =>
    (await ask<{ releases: ReleaseSummary[] }>("get", "/releases", { signal })).releases,
  refetchInterval: ({ state: { data } }) =>
    data?.some(({ state }) => moves(state)) === true ? 2_000 : 20_000,
});

export const releaseQuery = (id: string) =>
  queryOptions({
    queryKey: [...releasesKey, id],
    queryFn: ({ signal }) => ask<ReleaseDetail>("get", "/releases/{id}", { params: of(id), signal }),
    refetchInterval: ({ state: { data } }) => (moves(data?.state) ? 1_500 : 15_000),
  });

/** `digest`: of the package; another package has other files. */
export const releaseFilesQuery = (id: string, digest: string) =>
  queryOptions({
    queryKey: [...releasesKey, id, "files", digest],
    queryFn: async ({ signal }) =>
      (await ask<{ files: ReleaseFile[] }>("get", "/releases/{id}/files", { params: of(id), signal })).files,
    staleTime: Infinity,
  });

export const askRelease = async (body: NewRelease): Promise<string> =>
  (await ask<{ id: string }>("post", "/releases", { body })).id;

/** The vote as bytes, as it is. */
export async function sendVote(id: string, file: File): Promise<void> {
  const answer = await fetch(voteUrl(id), {
    method: "PUT",
    headers: {
      "Content-Type": file.type || "application/octet-stream",
      "X-CSRF-Token": getCsrfToken() ?? "",
    },
    body: file,
  });
  if (answer.status === 401) signedOut();
  if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => undefined));
}

export async function decideRelease(id: string, approve: boolean, reason: string): Promise<void> {
  await ask("post", "/releases/{id}/decisions", { params: of(id), body: { approve, reason } });
}

export async function cancelRelease(id: string): Promise<void> {
  await ask("post", "/releases/{id}/cancel", { params: of(id) });
}

export async function makeReleaseAgain(id: string): Promise<void> {
  await ask("post", "/releases/{id}/again", { params: of(id) });
}

/** Has a package made without the exams that are still in a PACS. */
export async function makeWithout(id: string): Promise<void> {
  await ask("post", "/releases/{id}/without", { params: of(id) });
}

export async function recallRelease(id: string, reason: string): Promise<void> {
  await ask("post", "/releases/{id}/recall", { params: of(id), body: { reason } });
}

export const registerQuery = (project: string) =>
  queryOptions({
    queryKey: ["register", project],
    queryFn: async ({ signal }) => {
      const query = project === "" ? {} : { project };
      return (await ask<{ uses: Use[] }>("get", "/register", { params: { query }, signal })).uses;
    },
  });

/** Of one person, by one of their exams; the exam travels in the body. */
export const usesOfPerson = async (study: string): Promise<Use[]> =>
  (await ask<{ uses: Use[] }>("post", "/register", { body: { study } })).uses;

export const withdrawalsQuery = queryOptions({
  queryKey: ["withdrawals"],
  queryFn: async ({ signal }) =>
    (await ask<{ withdrawals: Withdrawal[] }>("get", "/withdrawals", { signal })).withdrawals,
});

export const withdrawalQuery = (id: string) =>
  queryOptions({
    queryKey: ["withdrawals", id],
    queryFn: ({ signal }) => ask<Withdrawal>("get", "/withdrawals/{id}", { params: of(id), signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.steps.some(({ state }) => state === "waits") === true ? 4_000 : false,
  });

export const withdraw = async (study: string, reason: string): Promise<string> =>
  (await ask<{ id: string }>("post", "/withdrawals", { body: { study, reason } })).id;

export async function stepDone(id: string, n: number, note: string): Promise<void> {
  await ask("post", "/withdrawals/{id}/steps/{n}", { params: { path: { id, n } }, body: { note } });
}

/** Neither id says anything about a person. */
export const newRequestUrl = (frozen: string, cohort: string): string =>
  `/requests/new?frozen=${encodeURIComponent(frozen)}&cohort=${encodeURIComponent(cohort)}`;
export const requestUrl = (id: string): string => `/requests/${id}`;
export const withdrawalUrl = (id: string): string => `/withdrawals/${id}`;
export const voteUrl = (id: string): string => `/api/v1/releases/${encodeURIComponent(id)}/ethics`;
export const packageUrl = (id: string): string => `/api/v1/releases/${encodeURIComponent(id)}/package.zip`;
export const releaseFileUrl = (id: string, path: string): string =>
  `/api/v1/releases/${encodeURIComponent(id)}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
