import { readFile, stat } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEART } from "./hospital";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

const dialog = (page: Page) => page.getByRole("dialog");

/** The newest download, once it is ready. */
async function ready(page: Page) {
  const row = page.getByRole("table").getByRole("row").nth(1);
  await expect(row.getByText("Ready")).toBeVisible();
  return row;
}

async function fetched(page: Page, row: ReturnType<Page["getByRole"]>): Promise<string> {
  const waiting = page.waitForEvent("download");
  await row.getByRole("link", { name: "Fetch" }).click();
  return (await waiting).path();
}

test("an exam is prepared in the background, kept over a reload, fetched and removed", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("button", { name: "Download…" }).click();
  await accessible(page);
  await shot(page, "download-dialog");
  await dialog(page).getByRole("button", { name: "Prepare the package" }).click();
  await page.getByRole("button", { name: "Downloads" }).click();
  await ready(page);
  await page.reload();
  const row = await ready(page);
  await expect(row).toContainText("DICOM files");
  await expect(row).toContainText("kept until");
  await shot(page, "downloads");
  await accessible(page);
  expect((await readFile(await fetched(page, row))).subarray(0, 2).toString()).toBe("PK");
  await row.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No downloads")).toBeVisible();
  await accessible(page);
});

test("one series becomes volumes, or a table of the columns asked for", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("button", { name: "Download…" }).click();
  await dialog(page).getByLabel("What").selectOption({ index: 1 });
  await dialog(page).getByLabel("NIfTI volumes").check();
  await dialog(page).getByRole("button", { name: "Prepare the package" }).click();
  await expect(page.getByText("The package is being made")).toBeVisible();
  await page.getByRole("button", { name: "Download…" }).click();
  await dialog(page).getByLabel("Table of attributes").check();
  await dialog(page).getByLabel("Columns").fill("Modality, InstanceNumber");
  await accessible(page);
  await dialog(page).getByRole("button", { name: "Prepare the package" }).click();
  await page.getByRole("link", { name: "Downloads", exact: true }).click();
  const table = await readFile(await fetched(page, await ready(page)), "utf8");
  expect(table.split("\r\n")[0]).toBe("\uFEFFModality,InstanceNumber");
  expect(table).toContain("CT,1");
  const volumes = page.getByRole("row", { name: /NIfTI volumes/ });
  await expect(volumes.getByText("Ready")).toBeVisible();
  expect((await stat(await fetched(page, volumes))).size).toBeGreaterThan(10_000);
});

test("exams ticked in the list make one package", async ({ page }) => {
  await page.goto("/exams");
  for (const { uid } of [CHEST, HEART]) {
    await page
      .locator("[data-exam-row]")
      .filter({ has: page.locator(`a[href="/exams/${uid}"]`) })
      .getByRole("checkbox")
      .check();
  }
  await page.getByRole("button", { name: "Download…" }).click();
  await expect(dialog(page).getByRole("heading")).toHaveText("Download 2 exams");
  await dialog(page).getByRole("button", { name: "Prepare the package" }).click();
  await page.getByRole("button", { name: "Downloads" }).click();
  await expect(await ready(page)).toContainText("2 exams and series");
});

test("what can't be made says why, and can be asked for again", async ({ page }) => {
  const session = (await (await page.request.get("/api/v1/session")).json()) as { csrfToken: string };
  await page.request.post("/api/v1/downloads", {
    headers: { "X-CSRF-Token": session.csrfToken },
    data: { form: "dicom", parts: [{ studyInstanceUid: "1.2.3.999" }] },
  });
  await page.goto("/downloads");
  const row = page.getByRole("table").getByRole("row").nth(1);
  await expect(row.getByText("Nothing of it is held any more.")).toBeVisible();
  await shot(page, "downloads-failed");
  await accessible(page);
  const rows = await page.getByRole("table").getByRole("row").count();
  await row.getByRole("button", { name: "Make again" }).click();
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(rows + 1);
});
