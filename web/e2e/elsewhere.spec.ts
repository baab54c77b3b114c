import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { withArchive } from "./archive";
import { accessible, BINARY, expect, shot, test as hospital, withServer, type Server } from "./fixtures";
import { api, asRole } from "./people";

/** A server of its own, with one exam here and one that only the archive beside it has. */
const test = hospital.extend<object, { server: Server }>({
  // eslint-disable-next-line no-empty-pattern
  server: [async ({}, use) => withServer(use), { scope: "worker", timeout: 60_000 }],
});

test.describe.configure({ timeout: 300_000 });

async function enter(page: Page, port: string): Promise<void> {
  const entry = {
    name: "archive",
    aeTitle: "ISOCENTER",
    host: "127.0.0.1",
    port: Number(port),
    mayStore: true,
  };
  await api(page, "POST", "/api/v1/peers", entry);
}

/** Writes what the archive's owner allows. */
async function allow(page: Page, hours: string): Promise<void> {
  await page.goto("/peers");
  await page
    .getByRole("row", { name: /archive/ })
    .getByRole("button", { name: "Terms" })
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/Exams it holds are asked for from/).fill("2024-04-30");
  await dialog.getByLabel("Questions a minute at most").fill("10000");
  await dialog.getByLabel(/Hours/).fill(hours);
  await accessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
}

/** Hours of which none is now, by the clock of this machine. */
function closedHours(): string {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toTimeString().slice(0, 5);
  return `${at(2)}-${at(3)}`;
}

async function factsFollow(page: Page): Promise<void> {
  const told = async () => {
    const answer = await page.request.get("/api/v1/peers/archive/terms");
    const { exams, toldTo } = (await answer.json()) as { exams: number; toldTo: string | null };
    const behind = (await (await page.request.get("/api/v1/cohort-language")).json()) as { behind: boolean };
    return exams === 1 && (toldTo ?? "") >= new Date().toISOString().slice(0, 10) && !behind.behind;
  };
  await expect.poll(told, { timeout: 150_000 }).toBe(true);
}

async function ask(page: Page, frozen: string, title: string): Promise<string> {
  const recipients = [{ name: "Rita Research", email: "rita@uni.example", institution: "University" }];
  const wish = { frozen, project: "lung", title, purpose: "To learn.", recipients, terms: true };
  const asked = { ...wish, expires: "2099-12-31", ethics: "", forms: ["dicom"] };
  return String((await api(page, "POST", "/api/v1/releases", asked))["id"]);
}

async function approve(page: Page, id: string): Promise<void> {
  await api(page, "POST", `/api/v1/releases/${id}/decisions`, {
    approve: true,
    reason: "The vote covers it.",
  });
  await page.goto(`/requests/${id}`);
}

test("exams that are still in a PACS are fetched in its hours, or the package is made without", async ({
  browser,
  page,
  server,
}) => {
  execFileSync(BINARY, ["demo", "--patient", "DEMO-0010", "--data", server.data]);
  await withArchive(server, async (archive) => {
    await page.goto("/");
    await enter(page, archive.dimsePort);
    await allow(page, "");
    await factsFollow(page);
    await page
      .getByRole("row", { name: /archive/ })
      .getByRole("button", { name: "Terms" })
      .click();
    await expect(page.getByRole("dialog")).toContainText(/Exams told of up to .*: 1; not here: 1\./);
    await shot(page, "peer-terms");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await allow(page, closedHours());
    await api(page, "POST", "/api/v1/projects", { id: "lung", title: "Lung", policy: "public-sharing" });
    await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
      await api(page, "PUT", `/api/v1/projects/lung/members/${name}`, { role: "member" });
      await theirs.goto("/");
      const definition = { language: 1, patients: { has: { of: "exam" } } };
      const kept = { name: "Everybody", about: "", shared: false, definition };
      const { id } = await api(theirs, "POST", "/api/v1/cohorts", kept);
      const frozen = String((await api(theirs, "POST", `/api/v1/cohorts/${String(id)}/frozen`))["id"]);

      const first = await ask(theirs, frozen, "Without");
      await approve(page, first);
      const fetching = page.getByRole("region", { name: "Exams that were still in a PACS" });
      await expect(fetching).toContainText("0 of 1 are here.");
      await expect(fetching.getByRole("row", { name: /archive/ })).toContainText(
        "its owner's hours have not begun",
      );
      await shot(page, "request-fetching");
      await accessible(page);
      await fetching.getByRole("button", { name: "Make it without them…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Make it without them" }).click();
      await expect(page.getByRole("region", { name: "Package" })).toBeVisible({ timeout: 120_000 });
      await expect(page.getByRole("region", { name: "What is missing, and why" })).toContainText(
        "still in a PACS: the package is made without it",
      );
      await shot(page, "request-without");

      const second = await ask(theirs, frozen, "With");
      await approve(page, second);
      await expect(fetching).toContainText("0 of 1 are here.");
      await allow(page, "");
      await page.goto(`/requests/${second}`);
      await expect(page.getByRole("region", { name: "Package" })).toBeVisible({ timeout: 120_000 });
      await expect(fetching).toContainText("1 of 1 are here.");
      await expect(page.getByText("still in a PACS:")).toHaveCount(0);
    });
  });
});
