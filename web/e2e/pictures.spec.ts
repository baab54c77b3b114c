import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report, tiny } from "./dicom";
import { accessible, BINARY, expect, shot, test, withServer } from "./fixtures";
import { hasShared, NO_SHARED, SHARED } from "./kinds";

const EXAM = { uid: "2.25.7030", id: "PAT-7030", accession: "ACC7030", description: "Report only" };
const REPORTED = { ...EXAM, patient: "Words^Willa" };
const SEEN = { ...EXAM, uid: "2.25.7031", id: "PAT-7031", patient: "Seen^Sam" };

/** What `isocenter import` ends with when a file was set aside. */
const NEEDS_A_LOOK = 3;

/** Objects of every sort: reports, segmentations, maps, waveforms, slides. */
const REAL = ["dicom/highdicom", "dicom/dcmqi/sr-example", "dicom/pydicom", "dicom/authored"];

test("what is no picture shows a sign, and asks the server for none", async ({ browser }) => {
  const root = await mkdtemp(join(tmpdir(), "isocenter-pictures-"));
  await writeFile(join(root, "report"), report(REPORTED));
  await writeFile(join(root, "picture"), tiny(SEEN, 1));
  await look(browser, [root], 2);
  await rm(root, { recursive: true });
});

test("lists and exams of real objects ask for no picture in vain", async ({ browser }) => {
  test.skip(!hasShared, NO_SHARED);
  test.setTimeout(240_000);
  await look(
    browser,
    REAL.map((path) => join(SHARED, path)),
    20,
  );
});

/** Opens the list and up to twelve exams, and hears whether anything was refused or failed. */
async function look(browser: import("@playwright/test").Browser, paths: string[], least: number) {
  await withServer(async (server) => {
    try {
      execFileSync(BINARY, ["import", ...paths, "--data", server.data], { stdio: "pipe" });
    } catch (error) {
      // The sample data has damaged files too: those are in quarantine now, and the rest is in.
      if ((error as { status: number }).status !== NEEDS_A_LOOK) throw error;
    }
    const storageState = { cookies: [], origins: [] };
    const viewport = { width: 1440, height: 2600 };
    const context = await browser.newContext({ baseURL: server.url, storageState, viewport });
    const page = await context.newPage();
    const heard: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") heard.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => heard.push(error.message));
    await page.goto(server.link);
    await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
    await page.goto("/exams");
    const links = page.locator("[data-exam-row] a");
    await expect.poll(() => links.count()).toBeGreaterThanOrEqual(least);
    await page.waitForLoadState("networkidle");
    await shot(page, `pictures-${least}`);
    await accessible(page);
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    for (const address of addresses.slice(0, 12)) {
      await page.goto(address);
      await expect(page.getByRole("navigation", { name: "Series" })).toBeVisible();
      await page.waitForLoadState("networkidle");
    }
    await shot(page, `pictures-exam-${least}`);
    expect(heard).toEqual([]);
    await context.close();
  });
}
