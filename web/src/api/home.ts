import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type HomeBody = Schemas["Home"];
export type Need = Schemas["Need"];

/** Looked at again every few seconds while something is arriving or nothing is there yet, less often otherwise. */
export const homeQuery = (hours: number) =>
  queryOptions({
    queryKey: ["home", hours],
    queryFn: ({ signal }) => need(api.GET("/api/v1/home", { params: { query: { hours } }, signal })),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && (data.arriving.length > 0 || data.newest.length === 0) ? 5_000 : 20_000,
  });
