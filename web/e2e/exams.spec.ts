import { execFileSync } from "node:child_process";
import { accessible, BINARY, expect, shot, test, withServer } from "./fixtures";
import { CHEST, HEAD } from "./hospital";
import { api } from "./people";

test.beforeEach(async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto("/exams");
  await expect(page.getByRole("link", { name: "Example, Anna" })).toBeVisible();
});

test("exams are found as one types, by name, ID, accession number or description", async ({ page }) => {
  const box = page.getByRole("searchbox", { name: "Search exams" });
  for (const words of ["anna", CHEST.id, CHEST.accession, "chest contrast"]) {
    await box.fill(words);
    await expect(page.getByText("1 exam found")).toBeVisible();
    await expect(page.getByRole("link", { name: "Example, Anna" })).toBeVisible();
  }
  await shot(page, "exams-found");
});

test("no word of a search enters the address, and a visit elsewhere keeps it", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.keyboard.press("/");
  await page.keyboard.type("bruno");
  await expect(page.getByText("1 exam found")).toBeVisible();
  await page.getByRole("link", { name: "Sample, Bruno" }).click();
  await expect(page.getByRole("heading", { name: "Sample, Bruno" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("searchbox", { name: "Search exams" })).toHaveValue("bruno");
  expect(asked.filter((url) => /bruno|sample|7002(?!.*2\.25)/i.test(new URL(url).search))).toEqual([]);
  expect(page.url()).not.toMatch(/bruno/i);
});

test("modality and dates narrow the list", async ({ page }) => {
  await page.getByRole("button", { name: "US", exact: true }).click();
  await expect(page.getByRole("link", { name: "Muster, Clara" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sample, Bruno" })).toBeHidden();
  await page.getByRole("button", { name: "Clear all" }).click();
  await page.getByLabel("Exam date from").fill("2026-03-15");
  await expect(page.getByRole("heading", { name: "No exam matches" })).toBeVisible();
  await shot(page, "exams-none");
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(page.getByRole("link", { name: "Sample, Bruno" })).toBeVisible();
});

test("the whole way from search to exam goes by keyboard", async ({ page }) => {
  await page.keyboard.press("/");
  await page.keyboard.type(HEAD.accession);
  await expect(page.getByText("1 exam found")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Sample, Bruno" })).toBeVisible();
});

test("thumbnails are drawn", async ({ page }) => {
  const picture = page.locator("[data-exam-row]", { hasText: "Example, Anna" }).locator("img");
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(8);
});

test("exams are chosen by keyboard, alone, in a row, and all at once", async ({ page }) => {
  const boxes = page.locator("[data-exam-row] input[type=checkbox]");
  const chosen = page.getByRole("group", { name: "Chosen exams" });
  await boxes.first().focus();
  await page.keyboard.press("Space");
  await expect(chosen).toContainText("1 exam chosen");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(chosen).toContainText("3 exams chosen");
  await shot(page, "exams-chosen");
  await accessible(page);
  await chosen.getByRole("button", { name: "Clear" }).click();
  await expect(chosen).toHaveCount(0);
  // With Shift, everything from the last one ticked to this one.
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ["Shift"] });
  await expect(chosen).toContainText("3 exams chosen");
  const all = page.getByRole("checkbox", { name: /^Choose all \d+ exams/ });
  const count = await page.locator("[data-exam-row]").count();
  await all.check();
  await expect(chosen).toContainText(`${count} exams chosen`);
  await all.click();
  await expect(chosen).toHaveCount(0);
  // A tick does not open the exam.
  await expect(page.getByRole("heading", { name: "Exams", exact: true })).toBeVisible();
});

test("chosen exams are sent to a peer, and one sees how far they are", async ({ page, server }) => {
  await withServer(async (archive) => {
    const rights = ["--may", "store", "--host", "127.0.0.1", "--port", server.dimsePort];
    const entry = ["peer", "add", "warehouse", "--ae-title", "ISOCENTER", ...rights];
    execFileSync(BINARY, [...entry, "--data", archive.data]);
    const peer = { name: "many", aeTitle: "ISOCENTER", host: "127.0.0.1", port: Number(archive.dimsePort) };
    await api(page, "POST", "/api/v1/peers", peer);
    for (const name of ["Example, Anna", "Sample, Bruno"]) {
      await page
        .getByRole("checkbox", { name: `Choose ${name}` })
        .first()
        .check();
    }
    await page.getByRole("button", { name: "Send to peer…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Example, Anna; Sample, Bruno");
    await dialog.getByLabel("To").selectOption("many");
    await shot(page, "exams-send");
    await dialog.getByRole("button", { name: "Send" }).click();
    const bar = page.getByRole("status", { name: "Sending" });
    await expect(bar).toContainText("2 exams sent to many");
    await shot(page, "exams-sent");
    await accessible(page);
    // A look at an exam in between loses nothing.
    await page.getByRole("link", { name: "Example, Anna" }).first().click();
    await page.goBack();
    await expect(bar).toContainText("2 exams sent to many");
    await bar.getByRole("button", { name: "Close" }).click();
    await expect(bar).toHaveCount(0);
    await api(page, "DELETE", "/api/v1/peers/many");
  });
});
