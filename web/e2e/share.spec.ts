import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { accessible, expect, shot, test, upload, withServer } from "./fixtures";
import { CHEST, folder } from "./hospital";
import { brightShare } from "./viewing";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** A page of somebody else's, on an origin of its own, with our viewer in a frame. */
async function portal(use: (origin: string, show: (link: string) => void) => Promise<void>): Promise<void> {
  let link = "";
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(
      `<title>Portal</title><iframe title="Images" width="1200" height="800" src="${link}"></iframe>`,
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  // Another name for this machine: to browsers it is another site than that of the server.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  try {
    await use(origin, (to) => {
      link = to;
    });
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

async function shareLinks(page: Page): Promise<{ viewer: string; token: string }> {
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("button", { name: "Share…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("For whom or what").fill("Portal");
  await accessible(page);
  await dialog.getByRole("button", { name: "Make links" }).click();
  const viewer = dialog.getByRole("textbox", { name: "Viewer, to open" });
  await expect(viewer).toHaveValue(/\/embed\/viewer\?StudyInstanceUIDs=[0-9.]+#token=iso_/);
  await shot(page, "share");
  await accessible(page);
  const token = await dialog.getByRole("textbox", { name: "Token" }).inputValue();
  return { viewer: await viewer.inputValue(), token };
}

test("an exam is shown in a frame of an allowed page, by its token alone, until that is taken back", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  await portal(async (origin, show) => {
    const settings = {
      ISOCENTER_LINKS__EMBED_ORIGINS: JSON.stringify([origin]),
      ISOCENTER_LINKS__VIEWERS: '{ Slicer = "slicer://viewer/?studyUID={study}&access_token={token}" }',
    };
    await withServer(async (server) => {
      const context = await browser.newContext({ baseURL: server.url, locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(server.link);
      await expect(page.getByRole("heading", { name: "Home", exact: true })).toBeVisible();
      await upload(page, folder().slice(0, 24));
      const { viewer, token } = await shareLinks(page);
      await expect(page.getByRole("dialog")).toContainText(`In a frame on pages of ${origin}.`);
      await expect(page.getByRole("dialog").getByRole("button", { name: "Slicer" })).toBeVisible();
      show(viewer);

      const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } });
      const theirs = await stranger.newPage();
      const bare: string[] = [];
      const refused: string[] = [];
      theirs.on("request", (request) => {
        const url = new URL(request.url());
        expect(request.url().includes(token)).toBe(url.hash.includes(token));
        const asks = /^\/(api|dicom-web)\//.test(url.pathname);
        if (asks && request.headers()["authorization"] !== `Bearer ${token}`) bare.push(url.pathname);
      });
      theirs.on("response", (answer) => {
        if (answer.status() === 401 || answer.status() === 403) refused.push(new URL(answer.url()).pathname);
      });
      await theirs.goto(origin);
      const frame = theirs.frameLocator("iframe[title=Images]");
      const canvas = frame.locator("canvas.cornerstone-canvas").first();
      await expect(canvas).toBeVisible({ timeout: 60_000 });
      await expect.poll(() => canvas.evaluate(brightShare), { timeout: 60_000 }).toBeGreaterThan(0.01);
      await expect(frame.getByText("nothing drawn here is kept")).toBeVisible();
      await expect(frame.getByRole("link", { name: "Back to the exam's page" })).toHaveCount(0);
      await shot(theirs, "share-framed");
      expect(bare).toEqual([]);
      expect(refused).toEqual([]);
      const inside = theirs.frames().find((one) => one.url().startsWith(server.url));
      expect(inside?.url()).not.toContain(token);
      await theirs.reload();
      await expect(canvas).toBeVisible({ timeout: 60_000 });

      // It is listed among the tokens of who shared it, and taken back there.
      await page.goto("/accounts");
      const row = page.getByRole("row", { name: /Portal/ });
      await expect(row.getByRole("link", { name: "Reads one exam, and nothing else" })).toBeVisible();
      await accessible(page);
      await row.getByRole("button", { name: "Revoke Portal" }).click();
      await expect(row).toHaveCount(0);
      await theirs.goto(origin);
      await expect(frame.getByRole("alert")).toContainText("This link has ended or was taken back");
      await stranger.close();
      await context.close();
    }, settings);
  });
});

test("nobody may frame the viewer where settings name no page, and without its token it shows nothing", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  const { viewer } = await shareLinks(page);
  await expect(page.getByRole("dialog")).toContainText("No page elsewhere may show it in a frame");
  await portal(async (origin, show) => {
    show(viewer);
    const blocked = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
    await page.goto(origin);
    await blocked;
  });
  // A person's session is not used there, whoever is signed in.
  await page.goto(`${new URL(viewer).origin}/embed/viewer?StudyInstanceUIDs=${CHEST.uid}.9`);
  await expect(page.getByRole("alert")).toContainText("This link is not whole");
});
