import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Check = Schemas["ReportCheck"];
export type CheckRow = Schemas["CheckRow"];
export type CheckedFinding = Schemas["CheckedFinding"];
export type Verdict = Schemas["Verdict"];
export type ToCheck = Schemas["ToCheck"];
export type Quality = Schemas["Quality"];
export type Model = Schemas["ModelFigures"];
export type Figures = Schemas["Figures"];
export type Share = Schemas["Proportion"];

export const toCheckQuery = queryOptions({
  queryKey: ["reports-to-check"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/readings/to-check", { signal })),
});

export const qualityQuery = queryOptions({
  queryKey: ["reading-quality"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/readings/quality", { signal })),
});

export const progressQuery = queryOptions({
  queryKey: ["reading-progress"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/records/readings", { signal })),
  refetchInterval: ({ state: { data } }) => (data?.done === false ? 2_000 : false),
});

export const checksQuery = (record: number) =>
  queryOptions({
    queryKey: ["report-checks", record],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/records/{id}/checks", { params: { path: { id: record } }, signal })),
  });

export async function keepCheck(record: number, check: Check): Promise<void> {
  await need(api.POST("/api/v1/records/{id}/checks", { params: { path: { id: record } }, body: check }));
}

export const checkUrl = (record: number): string => `/reports/${record}/check`;
