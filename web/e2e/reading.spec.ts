import type { Page } from "@playwright/test";
import { accessible, expect, shot, test } from "./fixtures";
import { MESSAGES } from "./messages";
import { asRole } from "./people";

test.describe.configure({ mode: "serial" });

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

async function bring(page: Page): Promise<void> {
  await page.goto("/records");
  await page.locator("[data-pick=messages]").setInputFiles({
    name: "reported.hl7",
    mimeType: "application/octet-stream",
    buffer: MESSAGES.reported,
  });
  await expect(page.getByText("1 file is through")).toBeVisible();
}

const finding = (page: Page, name: string) =>
  page.getByRole("list", { name: "Findings" }).getByRole("listitem", { name, exact: true });

test("a report is checked: confirmed, put right, struck, and what was missed is added", async ({ page }) => {
  await bring(page);
  await expect(async () => {
    await page.goto("/reports/check");
    await expect(page.getByRole("link", { name: "CT CHEST W CONTRAST" }).first()).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();
  await accessible(page);
  await shot(page, "reading-to-check");
  await page.getByRole("link", { name: "CT CHEST W CONTRAST" }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "Check a report" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep the check" })).toBeDisabled();
  await finding(page, "Pneumonia").getByRole("combobox", { name: "There?" }).selectOption("absent");
  await expect(finding(page, "Pneumonia").getByText("corrected", { exact: true })).toBeVisible();
  await finding(page, "Pneumothorax").getByRole("button", { name: "Strike" }).click();
  await expect(finding(page, "Pneumothorax").getByText("struck", { exact: true })).toBeVisible();
  const missed = page.getByRole("form", { name: "Add what was missed" });
  await missed.getByRole("textbox", { name: /Words of the text/ }).fill("nowhere in it");
  await expect(missed.getByRole("alert")).toBeVisible();
  await missed.getByRole("textbox", { name: /Words of the text/ }).fill("left lower lobe");
  await missed.getByRole("combobox", { name: "Finding" }).fill("Hiatal hernia");
  await missed.getByRole("button", { name: "Add" }).click();
  await expect(finding(page, "Hiatal hernia").getByText("added", { exact: true })).toBeVisible();
  await accessible(page);
  await shot(page, "reading-check");
  await page.getByRole("button", { name: "The others are right" }).click();
  await expect(page.getByText("Everything is decided.")).toBeVisible();
  await page.getByRole("button", { name: "Keep the check" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Reports to check" })).toBeVisible();
});

test("what was checked measures the reading, and stays when it is looked at again", async ({ page }) => {
  await page.goto("/reports/check");
  const table = page.getByRole("region", { name: "By finding" });
  const row = (name: string) => table.getByRole("row").filter({ hasText: name });
  await expect(row("Hiatal hernia").getByRole("cell").nth(2)).toHaveText("1");
  await expect(row("Pneumothorax").getByRole("cell").nth(1)).toHaveText("1");
  await expect(page.getByRole("region", { name: "By site" })).toContainText("HILLSIDE");
  await accessible(page);
  await shot(page, "reading-quality");
  await page.goto("/reports");
  await page.getByRole("searchbox", { name: "Search reports" }).fill("pneumothorax:absent");
  await page.getByRole("searchbox", { name: "Search reports" }).press("Enter");
  await page.locator(".found-reports a").first().click();
  await page.getByRole("link", { name: "Check what was read" }).click();
  await expect(page.getByText(/^Checked by /)).toBeVisible();
  await expect(finding(page, "Pneumothorax").getByText("struck", { exact: true })).toBeVisible();
  await expect(finding(page, "Hiatal hernia").getByText("added", { exact: true })).toBeVisible();
});

test("who may not read reports may not check them", async ({ browser, page, server }) => {
  await page.goto("/");
  for (const role of ["researcher", "auditor"] as const) {
    await asRole({ browser, page, server }, role, async (theirs) => {
      await theirs.goto("/reports/check");
      await expect(theirs.getByText("Your account may not see this page")).toBeVisible();
      const answer = await theirs.request.get("/api/v1/records/readings/to-check");
      expect(answer.status()).toBe(403);
    });
  }
});
