import { expect, shot, test } from "./fixtures";
import { CHEST, HEAD } from "./hospital";

test.beforeEach(async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto("/");
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
