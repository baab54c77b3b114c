import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";
import type { Subject } from "./send";

export type QuarantineItem = Schemas["QuarantineItem"];
export type Conflict = Schemas["ConflictItem"];
export type DeletedExam = Schemas["Deleted"];
export type Attachment = Schemas["Attachment"];
export type AccountRow = Schemas["AccountRow"];
export type Token = Schemas["Token"];

const first = null as string | null;

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ pageParam, signal }) =>
    need(api.GET("/api/v1/quarantine", { params: { query: cursor(pageParam) }, signal })),
  initialPageParam: first,
  getNextPageParam: (page) => page.nextCursor,
});

export const conflictsQuery = infiniteQueryOptions({
  queryKey: ["conflicts"],
  queryFn: ({ pageParam, signal }) => {
    const query = pageParam === null ? {} : { cursor: pageParam };
    return need(api.GET("/api/v1/conflicts", { params: { query }, signal }));
  },
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.nextCursor,
});

export const deletedQuery = queryOptions({
  queryKey: ["deleted"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/deleted", { signal })),
});

const cursor = (at: string | null): { cursor?: string } => (at === null ? {} : { cursor: at });

export async function retryQuarantined(id: string) {
  return need(api.POST("/api/v1/quarantine/{id}/retry", { params: { path: { id } } }));
}

export async function discardQuarantined(id: string): Promise<void> {
  await need(api.POST("/api/v1/quarantine/{id}/discard", { params: { path: { id } } }));
}

export const quarantinedContentUrl = (id: string): string =>
  `/api/v1/quarantine/${encodeURIComponent(id)}/content`;

export const attachmentsQuery = (subject: Subject, id: string) =>
  queryOptions({
    queryKey: ["attachments", subject, id],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/attachments", { params: { query: { subject, id } }, signal })),
  });

export const attachmentContentUrl = (id: string): string =>
  `/api/v1/attachments/${encodeURIComponent(id)}/content`;

export const accountsQuery = queryOptions({
  queryKey: ["accounts"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/accounts", { signal })),
});

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/tokens", { signal })),
});
