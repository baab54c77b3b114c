import { queryOptions } from "@tanstack/react-query";
import { daysAgo } from "../pages/exams/search";
import { api, need, type Schemas } from "./client";

export type Found = Schemas["Found"];

/** Everything that what was typed may mean. The words travel in the request's body, never in a URL. */
export const findQuery = (q: string) =>
  queryOptions({
    queryKey: ["find", q],
    queryFn: ({ signal }) =>
      need(api.POST("/api/v1/search", { body: { q, today: daysAgo(0, new Date()) }, signal })),
    staleTime: 5_000,
    gcTime: 60_000,
  });
