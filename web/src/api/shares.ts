import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Shared = Schemas["Shared"];

/** What an administrator has set up for showing exams elsewhere. */
export const viewersQuery = queryOptions({
  queryKey: ["viewers"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/viewers", { signal })),
  staleTime: 60_000,
});

/** A token that reads this exam, and the addresses it opens. */
export const shareExam = (study: string, name: string, minutes: number) =>
  need(api.POST("/api/v1/exams/{study}/tokens", { params: { path: { study } }, body: { name, minutes } }));

/** What stands in another viewer's address for a token; whoever writes the settings decides whether it is there. */
export const NEEDS_TOKEN = "{token}";

/** The address that opens an exam in another viewer. */
export function filled(address: string, values: { study: string; dicomweb: string; token: string }): string {
  return address.replaceAll(/\{(study|dicomweb|token)\}/g, (_, name: keyof typeof values) =>
    encodeURIComponent(values[name]),
  );
}
