import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { BINARY, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";
import { hasShared, KINDS, NO_SHARED, SHARED, studyOf } from "./kinds";

/** What a page complains about: errors in its console, and what its content policy kept out. */
async function complaints(page: Page): Promise<string[]> {
  const heard: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => heard.push(error.message));
  await page.exposeFunction("heardViolation", (what: string) => heard.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { heardViolation } = window as unknown as { heardViolation: (what: string) => void };
      heardViolation(`content policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return heard;
}

/** Opens the exam from its page and waits until an image is drawn. */
async function openInViewer(page: Page, study: string): Promise<void> {
  await page.goto(`/exams/${study}`);
  await page.getByRole("link", { name: "Open in viewer" }).click();
  const canvas = page.locator("canvas.cornerstone-canvas").first();
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => canvas.evaluate(brightShare), { timeout: 60_000 }).toBeGreaterThan(0.01);
}

test("an exam opens in the viewer and its image is drawn", async ({ page, filled, server }) => {
  expect(filled).toBe(true);
  const elsewhere: string[] = [];
  const here = new URL(server.url).host;
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== here) elsewhere.push(host);
  });
  await openInViewer(page, CHEST.uid);
  await shot(page, "viewer");
  expect(elsewhere).toEqual([]);
});

test.describe("real images open in the viewer", () => {
  test.skip(!hasShared, NO_SHARED);

  for (const { name, paths } of KINDS) {
    test(name, async ({ page, server, signedIn }) => {
      expect(signedIn.cookies.length).toBeGreaterThan(0);
      const files = paths.map((path) => join(SHARED, path));
      execFileSync(BINARY, ["import", ...files, "--data", server.data], { stdio: "pipe" });
      const heard = await complaints(page);
      await openInViewer(page, studyOf(paths[0] ?? ""));
      await page.waitForLoadState("networkidle");
      await shot(page, `viewer-${name.toLowerCase().replaceAll(/\W+/g, "-")}`);
      expect(heard).toEqual([]);
    });
  }
});

test("a segmentation is drawn over its images", async ({ page, server, signedIn }) => {
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const paths = KINDS.find(({ name }) => name === "CT with a segmentation")?.paths ?? [];
  const files = paths.map((path) => join(SHARED, path));
  execFileSync(BINARY, ["import", ...files, "--data", server.data], { stdio: "pipe" });
  const heard = await complaints(page);
  await openInViewer(page, studyOf(paths[0] ?? ""));
  const canvas = page.locator("canvas.cornerstone-canvas").first();
  expect(await canvas.evaluate(colouredShare)).toBeLessThan(0.001);
  await page.getByText("Liver Segmentation").dblclick();
  const yes = page.getByRole("button", { name: "Yes" });
  await expect(yes).toBeVisible();
  await yes.click();
  await expect.poll(() => canvas.evaluate(colouredShare), { timeout: 30_000 }).toBeGreaterThan(0.01);
  await shot(page, "viewer-segmentation");
  expect(heard).toEqual([]);
});

/** How much of the canvas is in colour. */
function colouredShare(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let coloured = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24) coloured += 1;
  }
  return (coloured * 4) / Math.max(1, data.length);
}

/** How much of the canvas is brighter than near-black. */
function brightShare(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let bright = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 40) bright += 1;
  return (bright * 4) / Math.max(1, data.length);
}
