import createClient, { type Middleware } from "openapi-fetch";
import { problemFrom } from "./problem";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

let csrfToken: string | undefined;
let onSignedOut: () => void = () => undefined;
let waiting: (() => void)[] = [];

/** Every state-changing call repeats this token, which only our own pages can read. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token;
  if (token === undefined) return;
  for (const go of waiting) go();
  waiting = [];
}

export function getCsrfToken(): string | undefined {
  return csrfToken;
}

/** Called when any answer says that the session has ended. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** To be called when an answer says that the session has ended. */
export function signedOut(): void {
  csrfToken = undefined;
  onSignedOut();
}

/** Resolves once somebody is signed in. */
export function signedIn(): Promise<void> {
  return csrfToken === undefined ? new Promise((go) => waiting.push(go)) : Promise.resolve();
}

const protect: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== undefined && request.method !== "GET") request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== "/api/v1/session") signedOut();
  },
};

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(protect);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The body of a successful answer.
 *
 * @throws {Problem} when the server refused or failed.
 */
export async function need<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemFrom(response.status, error);
  return data as T;
}
