/** What people come to do, with a stopwatch and a counter of what it asks of their hands. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { withArchive } from "./archive";
import { timed, watchHands } from "./counting";
import { expect, shot, test, upload, withServer } from "./fixtures";
import { damaged, folder } from "./hospital";
import { api } from "./people";

// Not the time is asserted but what is asked of the hands, so a slow machine may take its time.
test.describe.configure({ timeout: 300_000 });

test("first visit: own folder, to an image on screen: one drag and two clicks", async ({ browser }) => {
  await withServer(async (server) => {
    const page = await browser.newPage({ baseURL: server.url, storageState: { cookies: [], origins: [] } });
    const hands = await watchHands(page);
    const own = await ownFolder();
    await timed(
      "first visit, own folder, image on screen (the command before it: make run)",
      hands,
      async () => {
        // The first click is on the link in the terminal.
        hands.clicks += 1;
        await page.goto(server.link);
        await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
        await dropFolder(page, own);
        await page.getByRole("link", { name: "Example, Anna" }).first().click();
        await pictureStands(page);
      },
    );
    expect(hands).toEqual({ clicks: 2, drags: 1, keys: 0 });
    await shot(page, "journey-first-visit");
    await page.close();
    await rm(own, { recursive: true });
  });
});

test("an exam is found and a lesion measured in at most six clicks", async ({ page, filled }) => {
  expect(filled).toBe(true);
  const hands = await watchHands(page);
  await timed("find an exam, measure a lesion", hands, async () => {
    await page.goto("/");
    await page.getByRole("button", { name: "Find anything" }).click();
    await page.getByRole("combobox", { name: "Find anything" }).pressSequentially("Example");
    const exams = page.getByRole("listbox").getByRole("group", { name: "Exams" });
    await exams.getByRole("option", { name: /Example, Anna/ }).click();
    await page.getByRole("link", { name: "Open in viewer" }).click();
    const canvas = page.locator("canvas.cornerstone-canvas").first();
    await expect(canvas).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/Chest/i).first()).toBeVisible({ timeout: 60_000 });
    await page
      .locator('[data-cy="Length"], [data-cy="MeasurementTools-split-button-primary"]')
      .first()
      .click();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error("the image has no place on the page");
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x - 60, y);
    await page.mouse.down();
    await page.mouse.move(x, y, { steps: 4 });
    await page.mouse.move(x + 60, y + 20, { steps: 4 });
    await page.mouse.up();
    await expect(page.locator(".svg-layer").getByText(/\d mm/).first()).toBeVisible({ timeout: 30_000 });
  });
  expect(hands.clicks + hands.drags).toBeLessThanOrEqual(6);
  await shot(page, "journey-measured");
});

test("a prior is fetched from another archive in at most four clicks", async ({ page, server }) => {
  await withArchive(server, async (archive) => {
    const peer = {
      name: "archive",
      aeTitle: "ISOCENTER",
      host: "127.0.0.1",
      port: Number(archive.dimsePort),
    };
    await api(page, "POST", "/api/v1/peers", { ...peer, mayStore: true });
    const hands = await watchHands(page);
    await timed("fetch a prior from a remote PACS", hands, async () => {
      await page.goto("/");
      await page.getByRole("link", { name: "Peers", exact: true }).click();
      await page
        .getByRole("row", { name: /archive/ })
        .getByRole("button", { name: "Search" })
        .click();
      await page.getByLabel("Name begins with").pressSequentially("Smith");
      await page.getByRole("button", { name: "Search", exact: true }).last().click();
      await page
        .getByRole("row", { name: /Smith, Alex/ })
        .getByRole("button", { name: "Fetch" })
        .click();
      const transfers = page.getByRole("region", { name: "Transfers" });
      await expect(transfers.getByRole("row", { name: /From archive/ }).first()).toContainText("Done");
    });
    expect(hands.clicks + hands.keys).toBeLessThanOrEqual(4);
    await api(page, "DELETE", "/api/v1/peers/archive");
  });
});

test("why a file is in quarantine is seen, and it is tried again, in at most three clicks", async ({
  page,
}) => {
  await upload(page, [damaged()]);
  const hands = await watchHands(page);
  await timed("see why a file was quarantined, retry it", hands, async () => {
    await page.goto("/");
    await page
      .getByRole("link", { name: /^Quarantine/ })
      .first()
      .click();
    const row = page.getByRole("row", { name: /damaged\.dcm/ }).first();
    await expect(row).toContainText(/[A-Z]\w+ \w+/);
    await row.getByRole("button", { name: "Retry" }).click();
    await expect(page.getByText(/Still can't be taken/)).toBeVisible();
  });
  expect(hands.clicks + hands.keys).toBeLessThanOrEqual(3);
});

/** A folder on this computer, as somebody has it. */
async function ownFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "own-images-"));
  for (const { path, content } of folder()) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Drags a folder from the desktop onto the page, by the browser's own events. */
async function dropFolder(page: Page, path: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await devtools.send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
}

/** The exam page's picture is drawn, not black. */
async function pictureStands(page: Page): Promise<void> {
  const canvas = page.locator(".picture canvas");
  await expect(canvas).toBeVisible();
  const bright = (element: Element) => {
    const { width, height } = element as HTMLCanvasElement;
    const data =
      (element as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
    return [...data].filter((value, at) => at % 4 === 0 && value > 40).length;
  };
  await expect.poll(() => canvas.evaluate(bright)).toBeGreaterThan(1000);
}
