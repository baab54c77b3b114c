import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Health = Schemas["Health"];
export type Check = Schemas["Check"];

/** How everything that can go wrong by itself stands. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/health", { signal })),
  refetchInterval: 15_000,
});
