import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type PolicySummary = Schemas["PolicySummary"];
export type PolicyVersion = Schemas["PolicyVersion"];
export type Preview = Schemas["PolicyPreview"];
export type PreviewedAttribute = Schemas["PreviewedAttribute"];
export type Outcome = Schemas["PreviewedOutcome"];
export type Fault = Schemas["PolicyFault"];
export type Differences = Schemas["PolicyDifferences"];
export type LeftOut = Schemas["CtpLeftOut"];

export type RuleAction = "keep" | "clean" | "remove" | "empty" | "dummy" | "uid" | "code";

export interface AttributeRule {
  attribute: string;
  action: RuleAction;
  because?: string;
}

export interface PrivateKeep {
  creator: string;
  group: string;
  elements: string[];
  clean?: boolean;
}

/** A policy as data, with the keys of its TOML. What this page knows nothing of is kept as it is. */
export interface PolicyDocument {
  format: number;
  id: string;
  version: number;
  title: string;
  description?: string;
  options: string[];
  subjects: { prefix: string; length: number };
  dates: { modified: "shift" | "year"; "shift-days": [number, number]; "age-cap": number };
  text: { replacement: "label" | "blank" };
  private: { "unknown-creator": "remove" | "quarantine"; keep?: PrivateKeep[] };
  pixels: { "burned-in": string };
  rules: AttributeRule[];
}

export interface PolicyInFull extends PolicyVersion {
  text: string;
  document: PolicyDocument;
}

/** A document: as it is typed, or as data. */
export type Wording = { text: string } | { document: PolicyDocument };

export type PolicyWanted = Wording | { id: string; version: number };

export const policiesQuery = queryOptions({
  queryKey: ["policies"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/policies", { signal }))).policies,
});

export const policyVersionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ["policies", id, version],
    queryFn: async ({ signal }) => {
      const params = { path: { id, version } };
      return inFull(await need(api.GET("/api/v1/policies/{id}/versions/{version}", { params, signal })));
    },
  });

export const optionsQuery = queryOptions({
  queryKey: ["policy options"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/policies/options", { signal }))).options,
  staleTime: Infinity,
});

/** Every attribute that a rule can name. */
export const policyAttributesQuery = queryOptions({
  queryKey: ["policy attributes"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/policies/attributes", { signal }))).attributes,
  staleTime: Infinity,
});

export interface Target {
  study: string;
  series?: string;
  instance?: string;
}

/** What the policy would make of an instance. */
export const previewQuery = (policy: PolicyWanted, target: Target) =>
  queryOptions({
    queryKey: ["policy preview", policy, target],
    queryFn: ({ signal }) =>
      need(api.POST("/api/v1/policies/preview", { body: { policy: sent(policy), ...target }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });

export const differencesQuery = (before: PolicyWanted, after: PolicyWanted) =>
  queryOptions({
    queryKey: ["policy differences", before, after],
    queryFn: ({ signal }) =>
      need(
        api.POST("/api/v1/policies/compare", { body: { before: sent(before), after: sent(after) }, signal }),
      ),
    placeholderData: keepPreviousData,
  });

export interface Checked {
  text: string;
  document: PolicyDocument | undefined;
  fault: Fault | undefined;
}

/** Whether it is a policy, and where it is wrong. */
export async function checkPolicy(wording: Wording, signal: AbortSignal): Promise<Checked> {
  const { text, document, fault } = await need(
    api.POST("/api/v1/policies/check", { body: sent(wording), signal }),
  );
  return { text, document: asDocument(document), fault: fault ?? undefined };
}

export async function createPolicy(text: string, note: string): Promise<PolicyInFull> {
  return inFull(await need(api.POST("/api/v1/policies", { body: { text, note } })));
}

export async function nextVersion(
  id: string,
  seen: number,
  text: string,
  note: string,
): Promise<PolicyInFull> {
  const params = { path: { id } };
  return inFull(
    await need(api.POST("/api/v1/policies/{id}/versions", { params, body: { seen, text, note } })),
  );
}

export const approvePolicy = (id: string, version: number): Promise<PolicyVersion> =>
  need(api.POST("/api/v1/policies/{id}/versions/{version}/approve", { params: { path: { id, version } } }));

export const importCtp = (script: string, id: string) =>
  need(api.POST("/api/v1/policies/ctp", { body: { script, id } }));

/** The API's document says no more of a policy than that it is an object. */
function sent(policy: PolicyWanted): Schemas["PolicyWanted"] {
  if (!("document" in policy)) return policy;
  return { document: policy.document as unknown as Record<string, never> };
}

function asDocument(document: unknown): PolicyDocument | undefined {
  return typeof document === "object" && document !== null ? (document as PolicyDocument) : undefined;
}

function inFull(version: Schemas["PolicyVersionInFull"]): PolicyInFull {
  return { ...version, document: version.document as unknown as PolicyDocument };
}
