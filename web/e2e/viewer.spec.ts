import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { accessible, BINARY, expect, shot, test } from "./fixtures";
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

/** Which way the viewer has shown things lately, from its own state. */
interface Shown {
  grid: [number, number];
  tool: string | undefined;
  window: { lower: number; upper: number } | undefined;
  inverted: boolean | undefined;
  index: number;
  images: number;
}

/** What is asked of the viewer's services here. */
interface Services {
  viewportGridService: {
    getState: () => { layout: { numRows: number; numCols: number }; activeViewportId: string };
  };
  cornerstoneViewportService: {
    getCornerstoneViewport: (id: string) => {
      getProperties: () => { voiRange?: { lower: number; upper: number }; invert?: boolean };
      getCurrentImageIdIndex: () => number;
      getImageIds: () => string[];
    };
  };
  toolGroupService: {
    getToolGroup: (id: string) => { getActivePrimaryMouseButtonTool: () => string | undefined };
  };
}

function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const { viewportGridService, cornerstoneViewportService, toolGroupService } = (
      window as unknown as { services: Services }
    ).services;
    const { layout, activeViewportId } = viewportGridService.getState();
    const viewport = cornerstoneViewportService.getCornerstoneViewport(activeViewportId);
    const group = toolGroupService.getToolGroup("default");
    const { voiRange, invert } = viewport.getProperties();
    return {
      grid: [layout.numCols, layout.numRows] as [number, number],
      tool: group.getActivePrimaryMouseButtonTool(),
      window: voiRange,
      inverted: invert,
      index: viewport.getCurrentImageIdIndex(),
      images: viewport.getImageIds().length,
    };
  });
}

function importShared(data: string, ...paths: string[]): void {
  execFileSync(BINARY, ["import", ...paths.map((path) => join(SHARED, path)), "--data", data], {
    stdio: "pipe",
  });
}

test("tools have keys, and a page of keys says which", async ({ page, server, signedIn }) => {
  test.setTimeout(240_000);
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  importShared(server.data, "series/crlm-ct-1004");
  const heard = await complaints(page);
  await openInViewer(page, studyOf("series/crlm-ct-1004"));

  // A window by number: lung is 1500 wide around -600 HU.
  await page.keyboard.press("2");
  await expect.poll(async () => (await shown(page)).window?.lower).toBeCloseTo(-1350, -1);
  await expect(page.getByText("W 1500 L -600 HU")).toBeVisible();
  await page.keyboard.press("i");
  await expect.poll(async () => (await shown(page)).inverted).toBe(true);
  await page.keyboard.press("i");

  // Through the stack, and a key image to come back to.
  await page.keyboard.press("End");
  await expect.poll(async () => (await shown(page)).index).toBe(40);
  await page.keyboard.press("k");
  await page.keyboard.press("Home");
  await expect.poll(async () => (await shown(page)).index).toBe(0);
  await page.keyboard.press("Shift+K");
  await expect.poll(async () => (await shown(page)).index).toBe(40);
  await expect(page.getByText("Image 41 of 41")).toBeVisible();

  for (const [key, tool] of Object.entries({
    d: "Length",
    z: "Zoom",
    p: "Pan",
    e: "EllipticalROI",
    w: "WindowLevel",
  })) {
    await page.keyboard.press(key);
    await expect.poll(async () => (await shown(page)).tool).toBe(tool);
  }
  await page.keyboard.press("t");
  await expect(page.getByText("Image 41 of 41")).toBeHidden();
  await page.keyboard.press("t");

  await page.keyboard.press("?");
  await expect(page.getByRole("heading", { name: "All keys" })).toBeVisible();
  await shot(page, "viewer-keys");
  await page.getByRole("button", { name: "Three planes (MPR)" }).click();
  await expect.poll(async () => (await shown(page)).grid, { timeout: 30_000 }).toEqual([3, 1]);
  await page.keyboard.press("x");
  await shot(page, "viewer-mpr");
  await page.keyboard.press("m");
  await expect.poll(async () => (await shown(page)).grid).toEqual([1, 1]);
  expect(heard).toEqual([]);
});

test("PET lies over its CT", async ({ page, server, signedIn }) => {
  test.setTimeout(240_000);
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  importShared(server.data, "series/sts-002");
  await openInViewer(page, studyOf("series/sts-002/CT/image"));
  await expect.poll(async () => (await shown(page)).grid).toEqual([2, 2]);
  const fused = page.locator("canvas.cornerstone-canvas").nth(1);
  await expect.poll(() => fused.evaluate(colouredShare), { timeout: 60_000 }).toBeGreaterThan(0.05);
  await shot(page, "viewer-fusion");
});

test("a prior exam opens beside the one on screen, and stays after a reload", async ({
  page,
  server,
  signedIn,
}) => {
  test.setTimeout(240_000);
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  importShared(server.data, "deid/synthetic-phi/dicom");
  await openInViewer(page, studyOf("deid/synthetic-phi/dicom/P1_CT_NG240377_1.dcm"));
  const prior = page.getByRole("button", { name: "6 months before" });
  await expect(prior).toBeVisible();
  await prior.click();
  await expect(page.getByText("On screen")).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await shown(page)).grid).toEqual([2, 1]);
  await expect(page.getByText("18 Jan 2024 09:15")).toBeVisible();
  await shot(page, "viewer-prior");
  await page.reload();
  await expect(page.getByText("18 Jan 2024 09:15")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("22 Jul 2024 10:10")).toBeVisible();
});

test("a session that ends is signed in again, and the images come back", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.context().clearCookies();
  await page.goto(`/viewer/viewer?StudyInstanceUIDs=${CHEST.uid}`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 30_000 });
  expect(new URL(page.url()).searchParams.get("back")).toContain(CHEST.uid);
});

test("reports, letters, PDFs and traces are read on pages of their own", async ({
  page,
  server,
  signedIn,
}) => {
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const paths = ["ct_dose_sr.dcm", "encapsulated_pdf.dcm", "encapsulated_cda.dcm"].map(
    (name) => `dicom/authored/${name}`,
  );
  importShared(server.data, ...paths, "dicom/pydicom/waveform_ecg.dcm");
  const read = async (path: string) => {
    await page.goto(`/exams/${studyOf(path)}`);
    await page.getByRole("link", { name: "Read it" }).click();
  };
  await read("dicom/authored/ct_dose_sr.dcm");
  await expect(page.getByText("231.7 mGy.cm").first()).toBeVisible();
  await accessible(page);
  await shot(page, "document-report");

  await read("dicom/authored/encapsulated_cda.dcm");
  await expect(page.getByRole("heading", { name: "Imaging report" })).toBeVisible();

  await read("dicom/authored/encapsulated_pdf.dcm");
  const frame = page.locator("iframe.document-pdf");
  const answer = await page.request.get((await frame.getAttribute("src")) ?? "");
  expect(answer.headers()["content-type"]).toBe("application/pdf");
  expect((await answer.body()).subarray(0, 5).toString()).toBe("%PDF-");

  await read("dicom/pydicom/waveform_ecg.dcm");
  await expect(page.getByText("QT Interval 368 ms")).toBeVisible();
  const lead = page.getByRole("img", { name: /^Lead I \(Einthoven\)/ }).first();
  // 10 s at 25 mm a second.
  expect(await lead.getAttribute("width")).toBe("250mm");
  await accessible(page);
  await shot(page, "document-ecg");
});
