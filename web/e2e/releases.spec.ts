import type { Page } from "@playwright/test";
import { accessible, expect, shot, test as hospital, withServer, type Server } from "./fixtures";
import { CHEST } from "./hospital";
import { api, asRole } from "./people";

/** A server of its own: who withdraws here would be missing in other journeys. */
const test = hospital.extend<object, { server: Server }>({
  // eslint-disable-next-line no-empty-pattern
  server: [async ({}, use) => withServer(use), { scope: "worker", timeout: 60_000 }],
});

test.describe.configure({ mode: "serial", timeout: 240_000 });

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

const TITLE = "Nodules for the lung project";

async function factsFollow(page: Page): Promise<void> {
  const told = async () => {
    const answer = await page.request.get("/api/v1/cohort-language");
    const { facts, behind } = (await answer.json()) as { facts: number; behind: boolean };
    return facts > 0 && !behind;
  };
  await expect.poll(told, { timeout: 90_000 }).toBe(true);
}

/** Every exam: three patients. */
async function cohort(page: Page): Promise<string> {
  const definition = { language: 1, patients: { has: { of: "exam" } } };
  const body = { name: "Everybody", about: "", shared: false, definition };
  const { id } = await api(page, "POST", "/api/v1/cohorts", body);
  return String(id);
}

async function freeze(page: Page, id: string): Promise<void> {
  await page.goto(`/cohorts/${id}`);
  const answer = page.getByRole("region", { name: "Answer" });
  await answer.getByRole("tab", { name: "Frozen" }).click();
  await answer.getByRole("button", { name: "Freeze version 1…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Freeze", exact: true }).click();
  await answer.getByRole("link", { name: /Request the data of/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Request data" })).toBeVisible();
}

async function ask(page: Page): Promise<void> {
  const form = page.getByRole("form", { name: "Request data" });
  await form.getByRole("button", { name: "Send the request" }).click();
  await expect(form.getByRole("alert")).toContainText("Give it a title.");
  await form.getByRole("combobox", { name: "Project" }).selectOption("lung");
  await form.getByRole("textbox", { name: "Title" }).fill(TITLE);
  await form.getByRole("textbox", { name: "What the data is for" }).fill("To learn how nodules grow.");
  const person = form.getByRole("group", { name: "Person 1" });
  await person.getByRole("textbox", { name: "Name" }).fill("Rita Research");
  await person.getByRole("textbox", { name: /E-mail/ }).fill("rita@uni.example");
  await person.getByRole("textbox", { name: "Institution" }).fill("University");
  await form.getByRole("textbox", { name: /Vote of the ethics committee/ }).fill("EK 12/2026");
  await form.getByLabel("The vote as a document").setInputFiles({
    name: "vote.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Approved."),
  });
  await form.getByRole("checkbox", { name: /I accept the project's terms of use/ }).check();
  await shot(page, "request-new");
  await accessible(page);
  await form.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
}

async function narrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1440, height: 860 });
}

test("data are asked for, approved by somebody else, made, and listed with their sums", async ({
  browser,
  page,
  server,
}) => {
  await factsFollow(page);
  const terms = "For the study alone.";
  await api(page, "POST", "/api/v1/projects", { id: "lung", title: "Lung", policy: "public-sharing", terms });
  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await api(page, "PUT", `/api/v1/projects/lung/members/${name}`, { role: "member" });
    await theirs.goto("/");
    await freeze(theirs, await cohort(theirs));
    await ask(theirs);
    await expect(theirs.getByText(`It waits for 1 approval of somebody other than ${name}.`)).toBeVisible();
    await expect(theirs.getByText("Somebody else decides on what you ask for.")).toBeVisible();
    await expect(theirs.getByRole("link", { name: "the document" })).toBeVisible();
    await accessible(theirs);

    await page.goto("/");
    const need = page.getByRole("listitem").filter({ hasText: "1 request for data waits for your decision" });
    await expect(need).toContainText(TITLE);
    await shot(page, "home-request");
    await need.getByRole("link", { name: "Decide" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Requests" })).toBeVisible();
    await shot(page, "requests");
    await accessible(page);
    await page
      .getByRole("region", { name: "Wait for your decision" })
      .getByRole("link", { name: TITLE })
      .click();
    const box = page.getByRole("region", { name: "Your decision" });
    await expect(box.getByRole("button", { name: "Approve" })).toBeDisabled();
    await expect(page.getByRole("list", { name: "Could somebody be recognised?" })).toContainText(
      "Small groups",
    );
    await box.getByRole("textbox", { name: /Reason/ }).fill("The vote covers it.");
    await shot(page, "request-decide");
    await accessible(page);
    await box.getByRole("button", { name: "Approve" }).click();

    const made = theirs.getByRole("region", { name: "Package" });
    await expect(made).toBeVisible({ timeout: 120_000 });
    await expect(theirs.getByText("The vote covers it.")).toBeVisible();
    await made.getByText(/^\d+ files$/).click();
    const files = made.getByRole("region", { name: "Files" });
    await expect(files.getByRole("link", { name: "checksums.sha256" })).toBeVisible();
    await expect(files.getByRole("link", { name: "tables/exam.parquet" })).toBeVisible();
    await expect(files.getByRole("link", { name: /^dicom\/.*\.dcm$/ }).first()).toBeVisible();
    await shot(theirs, "request-ready");
    await accessible(theirs);
    await narrow(theirs);
    const [download] = await Promise.all([
      theirs.waitForEvent("download"),
      files.getByRole("link", { name: "README.md" }).click(),
    ]);
    expect(download.suggestedFilename()).toContain("README.md");
    await theirs.reload();
    await expect(made.getByRole("list", { name: "Who fetched it" })).toContainText(name);
  });
});

test("the register says who used what, also of one person", async ({ page }) => {
  await page.goto("/requests");
  await page.getByRole("main").getByRole("link", { name: "Register of uses" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Register of uses" })).toBeVisible();
  const uses = page.getByRole("region", { name: "Uses" });
  await expect(uses.getByRole("row").filter({ hasText: TITLE })).toContainText("Rita Research");
  await page.goto(`/patients/${CHEST.uid}`);
  await page.getByRole("link", { name: "Uses", exact: true }).click();
  expect(page.url()).not.toContain(CHEST.uid);
  await page.getByRole("button", { name: "Look" }).click();
  await expect(page.getByText("Uses of one person's data.")).toBeVisible();
  await expect(uses.getByRole("link", { name: TITLE })).toBeVisible();
  await shot(page, "register");
  await accessible(page);
});

test("who withdraws is taken out in one act, and what people have to do is marked as done", async ({
  page,
}) => {
  await page.goto(`/patients/${CHEST.uid}`);
  await page.getByRole("button", { name: "Withdraw…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Withdraw", exact: true })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Reason" }).fill("She called and no longer agrees.");
  await accessible(page);
  await dialog.getByRole("button", { name: "Withdraw", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Withdrawal" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("list", { name: "Done" }).getByRole("listitem").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Letters to recipients" })).toContainText(
    "no mail server is set",
  );
  await shot(page, "withdrawal");
  await accessible(page);
  const waiting = page.getByRole("list", { name: "Still to be done" }).getByRole("listitem");
  for (let left = await waiting.count(); left > 0; left -= 1) {
    await waiting.first().getByRole("textbox", { name: "What was done" }).fill("Told by telephone.");
    await waiting.first().getByRole("button", { name: "Done" }).click();
    await expect(waiting).toHaveCount(left - 1);
  }
  await expect(page.getByText("Everything is done.")).toBeVisible();
  await page.goto("/withdrawals");
  await expect(page.getByRole("row").filter({ hasText: "She called" })).toContainText(/(\d+) of \1 done/);
  await accessible(page);
});

test("a package that is called back can't be fetched any more", async ({ page }) => {
  await page.goto("/requests");
  await page.getByRole("link", { name: TITLE }).click();
  await page.getByRole("button", { name: "Call it back…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("A person withdrew.");
  await dialog.getByRole("button", { name: "Call it back" }).click();
  await expect(page.getByText("It was called back: every copy of it must be deleted.")).toBeVisible();
  await expect(page.getByRole("link", { name: /Download all/ })).toHaveCount(0);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const answer = await page.request.get(`/api/v1/releases/${id}/files/README.md`);
  expect(answer.status()).toBe(409);
  await shot(page, "request-recalled");
});
