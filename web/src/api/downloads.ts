import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Download = Schemas["Download"];
export type DownloadWish = Schemas["Wanted"];
export type Form = Schemas["Form"];
export type Part = Schemas["Part"];

const UNDER_WAY = ["waiting", "running"];

export const isBeingMade = ({ state }: Download): boolean => UNDER_WAY.includes(state);

/** Looked at often while something is made, now and then otherwise: another page may have asked for one. */
export const downloadsQuery = queryOptions({
  queryKey: ["downloads"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/downloads", { signal }))).downloads,
  refetchInterval: ({ state }) => (state.data?.some(isBeingMade) === true ? 1_000 : 15_000),
});

const one = (id: number) => ({ params: { path: { id } } });

export const beginDownload = (wanted: DownloadWish) => need(api.POST("/api/v1/downloads", { body: wanted }));

/** The same once more, from what is held now. */
export const repeatDownload = (id: number) => need(api.POST("/api/v1/downloads/{id}/again", one(id)));

/** Cancels one that is being made; forgets one that has ended, with its file. */
export async function endDownload(id: number): Promise<void> {
  await need(api.DELETE("/api/v1/downloads/{id}", one(id)));
}

export const downloadContentUrl = (id: number): string => `/api/v1/downloads/${id}/content`;
