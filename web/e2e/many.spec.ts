import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { tiny } from "./dicom";
import { BINARY, expect, shot, test, withServer } from "./fixtures";

const EXAMS = 3000;
const A_DAY = 10;

/** The day of the exams of a row, the newest first. */
function dayOf(row: number): string {
  const day = new Date(Date.UTC(2026, 0, 1) - Math.floor(row / A_DAY) * 86_400_000);
  return day.toISOString().slice(0, 10).replaceAll("-", "");
}

async function folderOfExams(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "isocenter-many-"));
  for (let row = 0; row < EXAMS; row += 1) {
    const exam = { uid: `2.25.8${row}`, id: `P${row}`, accession: `A${row}`, description: "Deep list" };
    await writeFile(join(root, `IM${row}`), tiny({ ...exam, patient: `Deep^D${row}`, date: dayOf(row) }, 1));
  }
  return root;
}

interface Row {
  index: number;
  text: string;
}

const rows = (page: Page): Promise<Row[]> =>
  page
    .locator("[data-exam-row]")
    .evaluateAll((all) =>
      all.map((row) => ({ index: Number(row.getAttribute("aria-rowindex")) - 2, text: row.textContent })),
    );

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Every row in view shows an exam of the day that belongs there. */
async function inPlace(page: Page): Promise<Row[]> {
  await expect(page.locator(".exams-scroll .ghost")).toHaveCount(0);
  const shown = await rows(page);
  for (const { index, text } of shown) {
    const day = dayOf(index);
    const words = `${Number(day.slice(6))} ${MONTHS[Number(day.slice(4, 6)) - 1] ?? ""} ${day.slice(0, 4)}`;
    expect(text, `row ${index}`).toContain(words);
  }
  return shown;
}

test("a long list is dragged to any place, by mouse and by keyboard", async ({ browser }) => {
  test.setTimeout(180_000);
  const root = await folderOfExams();
  await withServer(async (server) => {
    execFileSync(BINARY, ["import", root, "--data", server.data], { stdio: "pipe" });
    const context = await browser.newContext({
      baseURL: server.url,
      storageState: { cookies: [], origins: [] },
    });
    const page = await context.newPage();
    await page.goto(server.link);
    await page.getByRole("link", { name: "Exams", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Exams", exact: true })).toBeVisible();
    await expect(page.getByText("3,000 exams")).toBeVisible();
    expect((await inPlace(page))[0]?.index).toBe(0);

    const list = page.getByRole("region", { name: "Exam list" });
    await list.focus();
    await expect(list).toBeFocused();
    await page.keyboard.press("End");
    await expect.poll(async () => (await rows(page)).at(-1)?.index).toBe(EXAMS - 1);
    await inPlace(page);
    await shot(page, "exams-end");
    await expect(page.locator("[data-exam-row]").last()).toBeInViewport();

    for (const part of [0.5, 0.13, 0.77]) {
      await list.evaluate((element, at) => (element.scrollTop = element.scrollHeight * at), part);
      const middle = Math.round(EXAMS * part);
      await expect.poll(async () => (await rows(page)).some(({ index }) => index === middle)).toBe(true);
      await inPlace(page);
    }
    // From link to link, and by one key to both ends.
    await page.keyboard.press("Home");
    await expect.poll(async () => (await rows(page))[0]?.index).toBe(0);
    await page.locator("[data-exam-row] a").first().focus();
    await page.keyboard.press("End");
    await expect.poll(async () => (await rows(page)).at(-1)?.index).toBe(EXAMS - 1);
    await inPlace(page);

    // A range of ticks reaches over rows that were never in view.
    await list.evaluate((element) => (element.scrollTop = 0));
    await inPlace(page);
    await page.locator("[data-exam-row] input").first().click();
    await list.evaluate((element) => (element.scrollTop = 52 * 240));
    await inPlace(page);
    const box = page.locator("[aria-rowindex='252'] input");
    await box.click({ modifiers: ["Shift"] });
    await expect(page.getByRole("group", { name: "Chosen exams" })).toContainText("251 exams chosen");
    // A search is a list of its own.
    await page.getByRole("searchbox", { name: "Search exams" }).fill("D2999");
    await expect(page.getByText("1 exam found")).toBeVisible();
    await expect(page.getByRole("link", { name: "Deep, D2999" })).toBeVisible();
    await context.close();
  });
  await rm(root, { recursive: true });
});
