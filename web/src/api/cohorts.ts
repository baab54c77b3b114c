import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

/** A number, or an ISO date. */
export type Bound = number | string;

/** A test of a column; what is given must all hold. */
export interface Test {
  field: string;
  anyOf?: string[];
  startsWith?: string[];
  contains?: string;
  /** Words or phrases of a report. */
  says?: string[];
  /** Or one of these findings, in whatever words. */
  orFindings?: string[];
  min?: Bound;
  max?: Bound;
  known?: boolean;
  not?: boolean;
}

export type Pick = "first" | "last" | { nth: number };

/** How near two rows of a patient are; days count from the first to the second. */
export type Near = "sameExam" | "anyTime" | { days: { from?: number; to?: number } };

export interface Around {
  near: Near;
  has: Criterion;
  absent?: boolean;
  without?: Criterion;
}

export interface Criterion {
  of: string;
  label?: string;
  tests?: Test[];
  pick?: Pick;
  atLeast?: number;
  around?: Around[];
}

export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | { has: Criterion };

export type On = "age" | "sex" | "manufacturer" | "model" | "year";

export interface Alike {
  on: On;
  /** Of age and year: years apart. */
  within?: number;
}

/** People to compare with. */
export interface Controls {
  patients: Condition;
  exams?: string;
  /** How many of each case. */
  ratio: number;
  match: Alike[];
  seed?: number;
}

/** Cases and controls of a cohort. */
export interface Pairs {
  cases: Count;
  controls: Count;
  incomplete: Count;
  withoutControl?: Count;
}

/** A cohort definition in the words of the server; see docs/COHORTS.md. */
export interface Definition {
  language: number;
  patients: Condition;
  exams?: string;
  sample?: { patients: number; seed?: number };
  controls?: Controls;
}

export interface Count {
  count?: number | null;
  fewerThan?: number | null;
  protection: "none" | "hidden" | "rounded";
}

export interface FacetValue {
  value?: string | null;
  display?: string | null;
  patients: Count;
}

export interface Facet {
  name: string;
  values: FacetValue[];
}

export interface Answer {
  facts: number;
  patients: Count;
  exams: Count;
  pairs?: Pairs;
  digest: string;
  tookMs: number;
  facets: Facet[];
}

export interface FactColumn {
  name: string;
  of: string;
  about: string;
}

export interface FactTable {
  name: string;
  about: string;
  events: boolean;
  exams: boolean;
  columns: FactColumn[];
}

export interface Language {
  language: number;
  facts: number;
  behind: boolean;
  rows: boolean;
  /** How many of the patients are invented. */
  invented: number;
  tables: FactTable[];
}

export interface Member {
  patient: number;
  study?: string | null;
  role?: "case" | "control";
  /** The number of the pair. */
  pair?: number;
}

export interface Why {
  isIn: boolean;
  criteria: { place: string; rows: number; atLeast: number }[];
}

export interface Kept {
  id: string;
  name: string;
  about: string;
  owner: string;
  shared: boolean;
  forkedFrom?: string;
  version: number;
  changedAt: string;
}

export interface Version {
  version: number;
  definition: Definition;
  digest: string;
  madeBy: string;
  madeAt: string;
}

export interface Frozen {
  id: string;
  version: number;
  facts: number;
  digest: string;
  patients: Count;
  exams: Count;
  pairs?: Pairs;
  madeBy: string;
  madeAt: string;
}

export interface Detail {
  cohort: Kept;
  own: boolean;
  versions: Version[];
  frozen: Frozen[];
}

export interface ToKeep {
  name: string;
  about: string;
  shared: boolean;
  definition: Definition;
  forkedFrom?: string;
}

/** An answer in this file's own words: the generated ones know neither how criteria nest nor what is left out. */
const ask = async <T>(call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<T> =>
  (await need(call)) as T;

/** A definition as the generated words have it. */
const asked = (definition: Definition) => definition as unknown as Schemas["Definition"];

/** Tables and columns; asked again while something that came is not in the facts. */
export const languageQuery = queryOptions({
  queryKey: ["cohort-language"],
  queryFn: ({ signal }) => ask<Language>(api.GET("/api/v1/cohort-language", { signal })),
  refetchInterval: ({ state: { data } }) => (data?.behind === true ? 2_000 : 15_000),
});

/** `facts`: the version of the facts; when that changes, the answer may. */
export const countsQuery = (definition: Definition, facts: number) =>
  queryOptions({
    queryKey: ["cohort-counts", facts, definition],
    queryFn: ({ signal }) =>
      ask<Answer>(
        api.POST("/api/v1/cohort-counts", { body: { definition: asked(definition), facets: true }, signal }),
      ),
    staleTime: 30_000,
  });

export const patientsCounted = async (definition: Definition): Promise<Count> =>
  (
    await ask<Answer>(
      api.POST("/api/v1/cohort-counts", { body: { definition: asked(definition), facets: false } }),
    )
  ).patients;

export const valuesQuery = (table: string, column: string, has: string) =>
  queryOptions({
    queryKey: ["cohort-values", table, column, has],
    queryFn: async ({ signal }) => {
      const body = { table, column, has };
      return (await ask<{ values: FacetValue[] }>(api.POST("/api/v1/cohort-values", { body, signal })))
        .values;
    },
    staleTime: 60_000,
  });

/** What the lexicon knows of words of reports. */
export interface WordsKnown {
  known: boolean;
  findings: string[];
  phrases: string[];
}

export const wordsQuery = (text: string) =>
  queryOptions({
    queryKey: ["cohort-words", text],
    queryFn: ({ signal }) => ask<WordsKnown>(api.POST("/api/v1/cohort-words", { body: { text }, signal })),
    staleTime: Infinity,
  });

interface MemberList {
  members: Member[];
  count: number;
}

export const membersQuery = (definition: Definition, facts: number) =>
  infiniteQueryOptions({
    queryKey: ["cohort-members", facts, definition],
    queryFn: ({ pageParam, signal }) =>
      ask<MemberList>(
        api.POST("/api/v1/cohort-members", {
          body: { definition: asked(definition), skip: pageParam },
          signal,
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const told = pages.reduce((sum, { members }) => sum + members.length, 0);
      return told < last.count && last.members.length > 0 ? told : undefined;
    },
  });

export const whyQuery = (definition: Definition, patient: number, facts: number) =>
  queryOptions({
    queryKey: ["cohort-why", facts, definition, patient],
    queryFn: ({ signal }) =>
      ask<Why>(api.POST("/api/v1/cohort-why", { body: { definition: asked(definition), patient }, signal })),
  });

export const sqlQuery = (definition: Definition, dialect: "ansi" | "spark") =>
  queryOptions({
    queryKey: ["cohort-sql", definition, dialect],
    queryFn: ({ signal }) =>
      ask<{ patients: string; exams: string; controls?: string }>(
        api.POST("/api/v1/cohort-sql", { body: { definition: asked(definition), dialect }, signal }),
      ),
    staleTime: Infinity,
  });

export const cohortsQuery = queryOptions({
  queryKey: ["cohorts"],
  queryFn: async ({ signal }) =>
    (await ask<{ cohorts: Kept[] }>(api.GET("/api/v1/cohorts", { signal }))).cohorts,
});

const at = (id: string) => ({ params: { path: { id } } });

export const cohortQuery = (id: string) =>
  queryOptions({
    queryKey: ["cohorts", id],
    queryFn: ({ signal }) => ask<Detail>(api.GET("/api/v1/cohorts/{id}", { ...at(id), signal })),
  });

export const makeCohort = async (body: ToKeep): Promise<string> =>
  (
    await ask<{ id: string }>(
      api.POST("/api/v1/cohorts", { body: { ...body, definition: asked(body.definition) } }),
    )
  ).id;

export async function changeCohort(id: string, body: ToKeep): Promise<void> {
  await ask(
    api.PUT("/api/v1/cohorts/{id}", { ...at(id), body: { ...body, definition: asked(body.definition) } }),
  );
}

export async function removeCohort(id: string): Promise<void> {
  await ask(api.DELETE("/api/v1/cohorts/{id}", at(id)));
}

export const freezeCohort = (id: string): Promise<Frozen> =>
  ask(api.POST("/api/v1/cohorts/{id}/frozen", at(id)));

export const frozenMembersQuery = (frozen: string) =>
  queryOptions({
    queryKey: ["cohort-frozen", frozen],
    queryFn: async ({ signal }) => {
      const params = { path: { frozen } };
      const path = "/api/v1/cohorts/frozen/{frozen}/members";
      return (await ask<{ members: Member[] }>(api.GET(path, { params, signal }))).members;
    },
    staleTime: Infinity,
  });

export const cohortUrl = (id: string): string => `/cohorts/${id}`;
