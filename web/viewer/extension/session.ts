// The session of our own pages holds here too. When it ends, one signs in and comes back to the same images.
import { api, getCsrfToken, need, setCsrfToken, type Schemas } from "../../src/api/client";
import { isForGuests, linkEnded } from "./guest";

/** The exams that the address names. */
export function studiesShown(): string[] {
  const named = new URLSearchParams(window.location.search).getAll("StudyInstanceUIDs");
  return named.flatMap((one) => one.split(",")).filter((uid) => /^[0-9.]{1,64}$/.test(uid));
}

let leaving = false;

export function toSignIn(): void {
  if (isForGuests) {
    linkEnded();
    return;
  }
  if (leaving) return;
  leaving = true;
  const here = `${window.location.pathname}${window.location.search}`;
  window.location.assign(`/sign-in?back=${encodeURIComponent(here)}`);
}

/** Whose session this is, and what they may. Nothing is changed without its token, which is kept from here on. */
export async function session(): Promise<Schemas["Session"]> {
  const found = await need(api.GET("/api/v1/session"));
  setCsrfToken(found.csrfToken);
  return found;
}

/** Sends a change of what somebody has drawn; without a body it is taken away. */
export async function sendChange(path: string, body: object | null, version: number): Promise<Response> {
  if (getCsrfToken() === undefined) await session();
  const first = await request(path, body, version);
  if (first.status !== 403) return first;
  // Somebody may have signed in anew in another window, which gives the session another token.
  await session();
  return request(path, body, version);
}

/** What a browser still sends while the page closes, in bytes. */
const LAST_WORDS = 60_000;

function request(path: string, body: object | null, version: number): Promise<Response> {
  const text = JSON.stringify(body);
  return fetch(path, {
    method: body === null ? "DELETE" : "PUT",
    credentials: "same-origin",
    keepalive: text.length < LAST_WORDS,
    headers: {
      "Content-Type": "application/json",
      "X-CSRF-Token": getCsrfToken() ?? "",
      ...(version > 0 && { "If-Match": `"${version}"` }),
    },
    ...(body !== null && { body: text }),
  });
}

/** A refusal in the server's words. */
export const whyRefused = (body: unknown): string =>
  (body as Schemas["Problem"] | undefined)?.detail ?? "It was refused.";
