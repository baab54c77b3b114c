/** People of each role, each with a browser of their own. */
import { expect, type Browser, type Page } from "@playwright/test";
import type { Server } from "./fixtures";

export type Role = "admin" | "broker" | "researcher" | "auditor";

let made = 0;

/** What an administrator's page asks of the API, outside the pages. */
export async function api(
  page: Page,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  data: object = {},
): Promise<Record<string, unknown>> {
  const session = (await (await page.request.get("/api/v1/session")).json()) as { csrfToken: string };
  const headers = { "X-CSRF-Token": session.csrfToken };
  const answer = await page.request.fetch(path, { method, headers, data });
  expect(answer.ok(), `${method} ${path}: ${answer.status()}`).toBe(true);
  return answer.status() === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
}

/** A new account of this role, signed in by its link. `page` is an administrator's. */
export async function asRole(
  { browser, page, server }: { browser: Browser; page: Page; server: Server },
  role: Role,
  use: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  made += 1;
  const name = `${role}-${made}-${Date.now() % 100_000}`;
  await api(page, "POST", "/api/v1/accounts", { name, roles: [role] });
  const { url } = await api(page, "POST", `/api/v1/accounts/${name}/link`);
  const context = await browser.newContext({
    baseURL: server.url,
    storageState: { cookies: [], origins: [] },
  });
  const theirs = await context.newPage();
  await theirs.goto(String(url));
  await expect(theirs.getByRole("navigation", { name: "Pages" })).toBeVisible();
  await use(theirs, name);
  await context.close();
}
