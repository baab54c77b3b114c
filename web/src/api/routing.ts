import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Rule = Schemas["Rule"];
export type KeptRule = Schemas["KeptRule"];
export type Tried = Schemas["Tried"];

/** Every exam. */
export const ANY: Schemas["Conditions"] = {
  doors: [],
  senders: [],
  modalities: [],
  bodyParts: [],
  words: "",
  keys: {},
  newerThanDays: null,
};

export const routingQuery = queryOptions({
  queryKey: ["routing"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/routing", { signal })),
  select: ({ rules }) => rules,
  refetchInterval: 5_000,
});

/** Folders that rules may name beside peers. */
export const routingFoldersQuery = queryOptions({
  ...routingQuery,
  select: ({ folders }: Schemas["RuleList"]) => folders,
});

export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ["routing", id, "versions"],
    queryFn: async ({ signal }) =>
      (await need(api.GET("/api/v1/routing/{id}/versions", { params: { path: { id } }, signal }))).rules,
  });

/** Keeps a new rule, or makes the next version of one. */
export function keepRule(rule: Rule, before: KeptRule | undefined, isOn: boolean): Promise<KeptRule> {
  if (before === undefined) return need(api.POST("/api/v1/routing", { body: rule }));
  const params = { path: { id: before.id } };
  return need(api.PUT("/api/v1/routing/{id}", { params, body: { version: before.version, isOn, rule } }));
}

export async function removeRule(id: number): Promise<void> {
  await need(api.DELETE("/api/v1/routing/{id}", { params: { path: { id } } }));
}

/** What the conditions would have found; nothing is sent. */
export const tryRule = ({ conditions }: Rule, days: number): Promise<Tried> =>
  need(api.POST("/api/v1/routing/try", { body: { conditions: conditions ?? ANY, days } }));
