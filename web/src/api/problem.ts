import { t } from "@lingui/core/macro";
import type { components } from "./schema";

type Body = components["schemas"]["Problem"];

/** A refusal or failure told by the server, in its own plain words. */
export class Problem extends Error {
  readonly status: number;
  readonly detail: string | undefined;

  constructor(status: number, title: string, detail?: string) {
    super(title);
    this.name = "Problem";
    this.status = status;
    this.detail = detail;
  }
}

/** Reads a problem+json body; answers that carry none still get a plain sentence. */
export function problemFrom(status: number, body: unknown): Problem {
  return new Problem(status, plainTitle(status), isBody(body) ? (body.detail ?? undefined) : undefined);
}

function isBody(body: unknown): body is Body {
  return typeof body === "object" && body !== null && "title" in body;
}

function plainTitle(status: number): string {
  if (status === 400) return t`The server did not understand this`;
  if (status === 401) return t`You are signed out`;
  if (status === 403) return t`Your account may not do this`;
  if (status === 404) return t`Not found`;
  if (status === 406 || status === 415) return t`This has no form that can be shown here`;
  if (status === 502) return t`The other side did not do this`;
  if (status === 409) return t`Something changed meanwhile`;
  if (status === 413) return t`The file is too large`;
  if (status === 429) return t`Too many requests; wait a moment and try again`;
  if (status === 507) return t`The archive's disk is full`;
  return t`The server could not do this`;
}

/** What to tell the person, whatever was thrown. */
export function describe(error: unknown): { title: string; detail: string | undefined } {
  if (error instanceof Problem) return { title: error.message, detail: error.detail };
  if (error instanceof TypeError) {
    return {
      title: t`No connection to the server`,
      detail: t`Check the network, and that Isocenter is still running.`,
    };
  }
  return { title: t`Something went wrong`, detail: error instanceof Error ? error.message : undefined };
}
