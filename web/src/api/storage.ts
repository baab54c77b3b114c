import { queryOptions } from "@tanstack/react-query";
import { api, getCsrfToken, need, type Schemas } from "./client";
import { problemFrom } from "./problem";

export type Storage = Schemas["Storage"];

export const storageQuery = queryOptions({
  queryKey: ["storage"],
  queryFn: ({ signal }) => need(api.GET("/api/v1/storage", { signal })),
  refetchInterval: 15_000,
});

/** How far a reading of the whole archive is. */
export interface Reading {
  entries: number;
  bytes: number;
  total: number;
  damaged: number;
}

interface Line {
  progress?: Reading;
  done?: unknown;
  failed?: string;
}

/**
 * Reads every byte of the archive and compares; tells how far it is.
 *
 * @throws {Problem} when the server refused.
 * @throws {Error} when it could not be read to the end.
 */
export async function verifyArchive(told: (reading: Reading) => void): Promise<void> {
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": getCsrfToken() ?? "" };
  const request = { method: "POST", headers, body: "{}", credentials: "same-origin" } as const;
  const response = await fetch("/api/v1/archive/verify", request);
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => undefined));
  let last: Line = {};
  for await (const line of lines(response)) {
    last = JSON.parse(line) as Line;
    if (last.progress !== undefined) told(last.progress);
  }
  if (last.failed !== undefined) throw new Error(last.failed);
  if (last.done === undefined) throw new Error("The server ended before the last byte was read");
}

async function* lines(response: Response): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    const whole = (rest + part.value).split("\n");
    rest = whole.pop() ?? "";
    yield* whole;
  }
  if (rest !== "") yield rest;
}
