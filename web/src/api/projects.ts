import { queryOptions } from "@tanstack/react-query";
import type { Box } from "../pages/projects/review/boxes";
import { api, need, type Schemas } from "./client";
import { problemFrom } from "./problem";

export type Project = Schemas["ProjectShape"];
export type Terms = Schemas["ProjectTerms"];
export type Subject = Schemas["SubjectShape"];
export type Enrolled = Schemas["EnrolledShape"];
export type Patient = Schemas["PatientShape"];
export type IdentityRequest = Schemas["RequestShape"];
export type Evidence = Schemas["EvidenceShape"];
export type ReviewGroup = Schemas["GroupShape"];
export type ReviewDecision = Schemas["DecisionShape"];

/** An object in doubt; its boxes are left, top, right, bottom. */
export type ReviewCase = Omit<Schemas["CaseShape"], "boxes"> & { boxes: Box[] };

/** What `evidence.json` of a pack says, with the number of files in place of their lists. */
export interface EvidenceFound {
  inputs: number;
  outputs: number;
  search: {
    values: number;
    identifiers: { category: string; looked_for: number; found: number }[];
    traces: { file: string; category: string; place: string }[];
  };
  canaries: { planted: Record<string, number>; through: Record<string, number> } | null;
  risk: { bounds: { of: string; leaks: number; checked: number; upper_bound: number }[] };
  score: { categories: Record<string, { passed: number; failed: number; withheld: number }> } | null;
}

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/projects", { signal }))).projects,
});

const at = (project: string) => ({ params: { path: { project } } });

export const projectQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project],
    queryFn: ({ signal }) => need(api.GET("/api/v1/projects/{project}", { ...at(project), signal })),
  });

/** Looked at again while subjects are being made anew. */
export const coverageQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project, "coverage"],
    queryFn: ({ signal }) => need(api.GET("/api/v1/projects/{project}/coverage", { ...at(project), signal })),
    refetchInterval: ({ state: { data } }) => ((data?.waiting ?? 1) > 0 ? 1_500 : 15_000),
  });

export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project, "members"],
    queryFn: async ({ signal }) =>
      (await need(api.GET("/api/v1/projects/{project}/members", { ...at(project), signal }))).members,
  });

/** `made`: instances that can be seen; asked again when that changes, because the figures have. */
export const subjectsQuery = (project: string, identities: boolean, made: number) =>
  queryOptions({
    queryKey: ["projects", project, "subjects", identities, made],
    queryFn: async ({ signal }) => {
      const params = { path: { project }, query: identities ? { identities } : {} };
      return (await need(api.GET("/api/v1/projects/{project}/subjects", { params, signal }))).subjects;
    },
    staleTime: 0,
  });

export const withheldQuery = (project: string, reason: string) =>
  queryOptions({
    queryKey: ["projects", project, "withheld", reason],
    queryFn: ({ signal }) => {
      const params = { path: { project }, query: { reason } };
      return need(api.GET("/api/v1/projects/{project}/withheld", { params, signal }));
    },
  });

export const createProject = (id: string, terms: Terms): Promise<Project> =>
  need(api.POST("/api/v1/projects", { body: { id, ...terms } }));

export const changeProject = (id: string, version: number, terms: Terms): Promise<Project> =>
  need(api.PUT("/api/v1/projects/{project}", { ...at(id), body: { version, ...terms } }));

export async function setMember(project: string, member: string, role: string): Promise<void> {
  const params = { path: { project, member } };
  await need(api.PUT("/api/v1/projects/{project}/members/{member}", { params, body: { role } }));
}

export async function removeMember(project: string, member: string): Promise<void> {
  await need(
    api.DELETE("/api/v1/projects/{project}/members/{member}", { params: { path: { project, member } } }),
  );
}

export async function enrol(project: string, exams: string[], onlyThese: boolean): Promise<Enrolled[]> {
  const body = { exams, onlyThese };
  return (await need(api.POST("/api/v1/projects/{project}/subjects", { ...at(project), body }))).enrolled;
}

export async function withdraw(project: string, code: string): Promise<void> {
  await need(
    api.DELETE("/api/v1/projects/{project}/subjects/{code}", { params: { path: { project, code } } }),
  );
}

export async function sayConsent(
  project: string,
  code: string,
  purpose: string,
  granted: boolean,
): Promise<void> {
  const params = { path: { project, code, purpose } };
  await need(
    api.PUT("/api/v1/projects/{project}/subjects/{code}/consents/{purpose}", { params, body: { granted } }),
  );
}

/** Has everything passed through the wall again. */
export async function makeAnew(project: string): Promise<void> {
  await need(api.POST("/api/v1/projects/{project}/anew", at(project)));
}

/** The evidence of a project; looked at again while some is gathered. */
export const evidenceQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project, "evidence"],
    queryFn: ({ signal }) => need(api.GET("/api/v1/projects/{project}/evidence", { ...at(project), signal })),
    refetchInterval: ({ state: { data } }) => (data?.evidence.some(isOnItsWay) ? 1_000 : false),
  });

const isOnItsWay = ({ state }: Evidence): boolean => state === "waiting" || state === "running";

/** What a piece of evidence says, asked again when its state has changed. */
export const evidenceFoundQuery = (project: string, number: number, state: string) =>
  queryOptions({
    queryKey: ["projects", project, "evidence", number, state],
    queryFn: async ({ signal }) => {
      const params = { path: { project, number } };
      const found = await need(api.GET("/api/v1/projects/{project}/evidence/{number}", { params, signal }));
      return { ...found, found: (found.found ?? undefined) as EvidenceFound | undefined };
    },
  });

export async function askForEvidence(project: string, answers: string | undefined): Promise<void> {
  const body = answers === undefined ? {} : { answers };
  await need(api.POST("/api/v1/projects/{project}/evidence", { ...at(project), body }));
}

export const evidencePack = (project: string, number: number): string =>
  `/api/v1/projects/${encodeURIComponent(project)}/evidence/${number}/pack`;

/** What waits for a decision, and what was decided. */
/** Looked at again while there is nothing in doubt: subjects may still be being made. */
export const reviewQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project, "review"],
    queryFn: ({ signal }) => need(api.GET("/api/v1/projects/{project}/review", { ...at(project), signal })),
    refetchInterval: ({ state: { data } }) => (data?.groups.length === 0 ? 2_000 : false),
  });

export const reviewCaseQuery = (project: string, instance: string) =>
  queryOptions({
    queryKey: ["project case", project, instance],
    queryFn: async ({ signal }) => {
      const params = { path: { project, instance } };
      return (await need(
        api.GET("/api/v1/projects/{project}/review/{instance}", { params, signal }),
      )) as ReviewCase;
    },
    staleTime: Infinity,
  });

export async function decide(project: string, body: Schemas["DecisionBody"]): Promise<void> {
  await need(api.POST("/api/v1/projects/{project}/decisions", { ...at(project), body }));
}

export async function takeBack(project: string, number: number): Promise<void> {
  const params = { path: { project, number } };
  await need(api.DELETE("/api/v1/projects/{project}/decisions/{number}", { params }));
}

/** The project's policy with its decisions as rules, as TOML. */
export const decidedPolicy = (project: string): Promise<string> =>
  need(api.GET("/api/v1/projects/{project}/decisions/policy", { ...at(project), parseAs: "text" }));

/** The wishes to know who subjects are. */
export const identitiesQuery = (project: string) =>
  queryOptions({
    queryKey: ["projects", project, "identities"],
    queryFn: async ({ signal }) =>
      (await need(api.GET("/api/v1/projects/{project}/identities", { ...at(project), signal }))).requests,
  });

export async function askIdentity(project: string, code: string, reason: string): Promise<void> {
  await need(api.POST("/api/v1/projects/{project}/identities", { ...at(project), body: { code, reason } }));
}

export async function answerIdentity(project: string, request: number, granted: boolean): Promise<void> {
  const params = { path: { project, request } };
  const path = "/api/v1/projects/{project}/identities/{request}/answer";
  await need(api.POST(path, { params, body: { granted } }));
}

export const showIdentity = (project: string, request: number): Promise<Patient> =>
  need(
    api.POST("/api/v1/projects/{project}/identities/{request}/show", {
      params: { path: { project, request } },
    }),
  );

/** What a project's exam says of itself, in the project's own terms. */
export interface ProjectExam {
  study: string;
  code: string;
  date: string;
  modalities: string;
  description: string;
  series: string;
  instances: string;
}

/** Exams on a page. */
export const PROJECT_PAGE = 50;

/** A page of the project's exams, by its own DICOMweb service (QIDO-RS, PS3.18 §10.6). */
export const projectExamsQuery = (dicomweb: string, page: number) =>
  queryOptions({
    queryKey: ["project exams", dicomweb, page],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({
        limit: String(PROJECT_PAGE),
        offset: String(page * PROJECT_PAGE),
        // Study Description, Modalities in Study
        includefield: "00081030,00080061",
      });
      const headers = { Accept: "application/dicom+json" };
      const answer = await fetch(`${dicomweb}/studies?${query}`, { headers, signal });
      if (answer.status === 204) return [];
      const body: unknown = await answer.json();
      if (!answer.ok) throw problemFrom(answer.status, body);
      return (body as DicomJson[]).map(examOf);
    },
  });

/** The SOP Instance UID of the first instance of a project's exam. */
export const firstInstanceQuery = (dicomweb: string, study: string) =>
  queryOptions({
    queryKey: ["project instance", dicomweb, study],
    queryFn: async ({ signal }) => {
      const headers = { Accept: "application/dicom+json" };
      const answer = await fetch(`${dicomweb}/studies/${study}/instances?limit=1`, { headers, signal });
      const body: unknown = answer.status === 204 ? [] : await answer.json();
      if (!answer.ok) throw problemFrom(answer.status, body);
      // SOP Instance UID
      const [uid] = (body as DicomJson[]).map((json) => json["00080018"]?.Value?.[0]);
      if (typeof uid !== "string") throw problemFrom(404, {});
      return uid;
    },
  });

/** What became of each attribute of an object, and by which rule. */
export const explanationQuery = (project: string, instance: string) =>
  queryOptions({
    queryKey: ["project explained", project, instance],
    queryFn: ({ signal }) => {
      const params = { path: { project, instance } };
      return need(api.GET("/api/v1/projects/{project}/explanations/{instance}", { params, signal }));
    },
    staleTime: Infinity,
  });

type DicomJson = Record<string, { Value?: unknown[] } | undefined>;

function examOf(json: DicomJson): ProjectExam {
  const text = (tag: string) => (json[tag]?.Value ?? []).map(String).join(" ");
  return {
    study: text("0020000D"),
    code: text("00100020"),
    date: text("00080020"),
    modalities: text("00080061"),
    description: text("00081030"),
    series: text("00201206"),
    instances: text("00201208"),
  };
}

export const projectViewerUrl = (project: string, study: string): string =>
  `/viewer/viewer?StudyInstanceUIDs=${encodeURIComponent(study)}&project=${encodeURIComponent(project)}`;
