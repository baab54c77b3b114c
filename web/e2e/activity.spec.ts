import { readFile } from "node:fs/promises";
import { accessible, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";

test.beforeEach(async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.request.get(`/api/v1/exams/${CHEST.uid}`);
});

test("the log is filtered by person, action, object and time, and paged", async ({ page }) => {
  await page.goto("/activity");
  const rows = page.locator("tbody tr");
  await expect(rows.first()).toBeVisible();
  await page.getByLabel("Object").fill(CHEST.uid);
  await page.getByLabel("Action", { exact: true }).fill("read");
  await expect(rows.first()).toContainText(`exam:${CHEST.uid}`);
  await expect(page.locator("tbody").getByText("done").first()).toBeVisible();
  await expect(rows.filter({ hasNotText: "read" })).toHaveCount(0);
  await shot(page, "activity-filtered");
  // The filter comes back with its address.
  await page.reload();
  await expect(page.getByLabel("Object")).toHaveValue(CHEST.uid);
  await expect(rows.first()).toContainText(`exam:${CHEST.uid}`);
  await page.getByLabel("Person or program").fill("nobody at all");
  await expect(page.getByRole("heading", { name: "Nothing fits" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(rows.first()).toBeVisible();
  await page.getByLabel("From").fill("2199-01-01T00:00");
  await expect(page.getByRole("heading", { name: "Nothing fits" })).toBeVisible();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByLabel("Outcome").selectOption("refused");
  await expect(page).toHaveURL(/outcome=refused/);
});

test("a long log is read page by page without a gap", async ({ page }) => {
  for (let n = 0; n < 120; n += 1) await page.request.get(`/api/v1/exams/${CHEST.uid}`);
  await page.goto(`/activity?object=${CHEST.uid}&action=read`);
  const rows = page.locator("tbody tr");
  await expect(rows).toHaveCount(100);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(110);
  const titles = await page
    .locator("[title^='Row ']")
    .evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).title.slice(4))));
  expect(titles).toEqual(titles.toSorted((a, b) => b - a));
  expect(new Set(titles).size).toBe(titles.length);
});

test("the chain is checked, and an entry opens its exam", async ({ page }) => {
  await page.goto(`/activity?object=${CHEST.uid}`);
  await page.getByRole("button", { name: "Check the chain" }).click();
  await expect(page.getByText("Whole", { exact: true })).toBeVisible();
  await shot(page, "activity-checked");
  await page
    .getByRole("link", { name: `exam:${CHEST.uid}` })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Example, Anna" })).toBeVisible();
});

test("the log is taken along as a table and row by row", async ({ page }) => {
  await page.goto("/activity?action=read");
  await expect(page.locator("tbody tr").first()).toBeVisible();
  for (const [name, begins] of [
    ["CSV", "number,time,who"],
    ["NDJSON", '{"'],
  ] as const) {
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name, exact: true }).click();
    const text = await readFile(await (await waiting).path(), "utf8");
    expect(text.startsWith(begins)).toBe(true);
    expect(text.trim().split("\n").length).toBeGreaterThan(1);
    // Names, numbers and dates of patients are nowhere in the log.
    expect(text).not.toMatch(/Example|PAT-7001|ACC7001/);
  }
});
