/** Nothing that is drawn is lost. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { throughCrash } from "./crash";
import { ctSlice } from "./dicom";
import { accessible, BINARY, expect, shot, test, upload } from "./fixtures";
import { CHEST, HEAD, HEART } from "./hospital";
import { hasShared, NO_SHARED, SHARED, studyOf } from "./kinds";
import { api, asRole } from "./people";
import { allKept, brightShare, click, drag, drawnTools, kept, pictureDrawn, view } from "./viewing";

test.describe.configure({ timeout: 180_000 });

/** A further exam, for the one who works in two windows. */
const TWICE = { ...CHEST, uid: "2.25.7010" };

/** Opens the list beside the images. */
async function measurementsPanel(page: Page): Promise<Locator> {
  await page.locator('[data-cy="work-btn"]').click();
  const panel = page.locator(".iso-work");
  await expect(panel).toBeVisible();
  return panel;
}

test("every tool's work is kept with its values, and drawn again after a reload", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  await view(page, CHEST.uid);
  // Other journeys may have drawn on it.
  const earlier = new Set((await kept(page, CHEST.uid)).map(({ measurement }) => measurement.trackingUid));
  const own = async () =>
    (await kept(page, CHEST.uid)).filter(({ measurement }) => !earlier.has(measurement.trackingUid));
  // The stack begins at the head: its first image lies at 120 mm. The body is 172 pixels of 1.5 mm across.
  await drag(page, "d", [-129, 0, 120], [129, 0, 120]);
  await drag(page, "b", [-60, 40, 120], [20, 40, 120]);
  await drag(page, "e", [-6, -30, 120], [6, -12, 120]);
  await drag(page, "Shift+C", [80, 40, 120], [88, 40, 120]);
  await drag(page, "q", [-110, 50, 120], [-90, 70, 120]);
  await drag(page, "j", [95, 20, 120], [110, 20, 120], [110, 35, 120], [95, 35, 120], [95, 20, 120]);
  await drag(page, "n", [-30, 70, 120], [0, 70, 120]);
  await click(page, undefined, [0, 90, 120]);
  await click(page, "u", [0, 60, 120]);
  const valued = async () => (await own()).filter(({ measurement }) => measurement.values.length > 0).length;
  await expect.poll(valued, { timeout: 30_000 }).toBe(8);
  await allKept(page);

  const before = await kept(page, CHEST.uid);
  const all = new Map((await own()).map(({ measurement }) => [measurement.tool, measurement]));
  const value = (tool: string, what: string) =>
    all.get(tool)?.values.find(({ quantity, derivation }) => (derivation ?? quantity) === what);
  expect(value("Length", "length")?.unit).toBe("mm");
  expect(value("Length", "length")?.value).toBeCloseTo(258, 0);
  // Column 10.5 is the centre of the eleventh pixel, which lies at -129 mm.
  const [column = 0, row = 0] = all.get("Length")?.shapes[0]?.points ?? [];
  expect(column).toBeCloseTo(10.5, 0);
  expect(row).toBeCloseTo(96.5, 0);
  expect(value("Bidirectional", "long-axis")?.value).toBeCloseTo(80, 0);
  expect(value("EllipticalROI", "area")?.value).toBeGreaterThan(0);
  expect(value("EllipticalROI", "mean")?.unit).toBe("[hnsf'U]");
  expect(value("CircleROI", "radius")?.value).toBeCloseTo(8, 0);
  expect(value("CircleROI", "area")?.unit).toBe("mm2");
  expect(value("RectangleROI", "area")?.value).toBeGreaterThan(0);
  expect(value("PlanarFreehandROI", "area")?.value).toBeGreaterThan(150);
  expect(value("Angle", "angle")?.value).toBeCloseTo(90, -1);
  expect(value("Probe", "pixel-value")).toMatchObject({ value: 700, unit: "[hnsf'U]" });

  await measurementsPanel(page);
  await shot(page, "work-tools");
  await page.reload();
  await pictureDrawn(page);
  await expect(page.locator(".svg-layer").getByText(/258(\.\d+)? mm/)).toBeVisible({ timeout: 30_000 });
  const tools = before.map(({ measurement }) => measurement.tool).toSorted();
  await expect.poll(() => drawnTools(page)).toEqual(tools);
  // Drawing it again is no change.
  await allKept(page);
  expect(await kept(page, CHEST.uid)).toEqual(before);
});

test("a change is a version; undo, removal and an earlier version are changes too", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  await view(page, HEAD.uid);
  await drag(page, "d", [-30, 0, 50], [30, 0, 50]);
  await allKept(page);
  const only = async () => (await kept(page, HEAD.uid))[0];
  await expect.poll(async () => (await only())?.version).toBe(1);
  // The handle at its end is moved.
  await page.keyboard.press("w");
  await drag(page, undefined, [30, 0, 50], [60, 0, 50]);
  await expect.poll(async () => (await only())?.version).toBe(2);
  expect((await only())?.measurement.values[0]?.value).toBeCloseTo(90, 0);

  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await only())?.measurement.values[0]?.value).toBeCloseTo(60, 0);
  await page.keyboard.press("Control+y");
  await expect.poll(async () => (await only())?.measurement.values[0]?.value).toBeCloseTo(90, 0);

  const panel = await measurementsPanel(page);
  await panel.getByRole("button", { name: "Name Length" }).click();
  await panel.getByLabel("Name of the measurement").fill("Falx");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await only())?.measurement.label).toBe("Falx");

  await panel.getByRole("button", { name: "Remove Falx" }).click();
  await expect.poll(async () => (await only())?.removed).toBe(true);
  await expect(panel.getByText("Falx")).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await only())?.removed).toBe(false);

  await panel.getByRole("button", { name: "Earlier Falx" }).click();
  await shot(page, "work-versions");
  await panel
    .getByRole("listitem")
    .filter({ hasText: /^1\./ })
    .getByRole("button", { name: "Bring back" })
    .click();
  await expect.poll(async () => (await only())?.measurement.values[0]?.value).toBeCloseTo(60, 0);
  await expect(page.locator(".svg-layer").getByText(/^60(\.\d+)? mm/)).toBeVisible();
  await allKept(page);
});

test("two people on one exam see each other's work and change only their own", async ({
  browser,
  page,
  server,
  filled,
}) => {
  expect(filled).toBe(true);
  await view(page, HEART.uid);
  await drag(page, "d", [40, 60, 0], [120, 60, 0]);
  await allKept(page);
  await asRole({ browser, page, server }, "broker", async (theirs, name) => {
    await view(theirs, HEART.uid);
    await expect.poll(() => drawnTools(theirs)).toEqual(["Length"]);
    // It doesn't move under another's hand.
    await drag(theirs, "w", [120, 60, 0], [140, 80, 0]);
    await drag(theirs, "b", [40, 120, 0], [120, 120, 0]);
    await allKept(theirs);
    const panel = await measurementsPanel(theirs);
    await expect(panel.getByRole("region", { name: "Yours" }).getByRole("listitem")).toHaveCount(1);
    await shot(theirs, "work-two-people");
    const all = await kept(page, HEART.uid);
    expect(
      all.map(({ measurement, author, version }) => [measurement.tool, author === name, version]),
    ).toEqual(
      expect.arrayContaining([
        ["Length", false, 1],
        ["Bidirectional", true, 1],
      ]),
    );
  });
  // Who looks again sees what came meanwhile.
  await page.reload();
  await pictureDrawn(page);
  await expect.poll(() => drawnTools(page)).toEqual(["Bidirectional", "Length"]);
});

test("of two windows of one person the later is told of the earlier, and chooses", async ({ context }) => {
  const one = await context.newPage();
  await upload(one, [{ path: "twice/IM1.dcm", content: ctSlice(TWICE, 1, 24, 24) }]);
  await view(one, TWICE.uid);
  await drag(one, "d", [-60, 20, 120], [0, 20, 120]);
  await allKept(one);
  const two = await context.newPage();
  await view(two, TWICE.uid);
  await expect.poll(() => drawnTools(two)).toEqual(["Length"]);
  await allKept(two);
  await drag(one, "w", [0, 20, 120], [30, 20, 120]);
  await expect.poll(async () => (await kept(one, TWICE.uid))[0]?.version).toBe(2);
  // In the background a window learns nothing; it is looked at with what it had.
  await drag(two, "w", [0, 20, 120], [60, 20, 120]);
  const panel = await measurementsPanel(two);
  await expect(panel.getByText("You changed it in another window, too.")).toBeVisible();
  expect((await kept(one, TWICE.uid))[0]?.measurement.values[0]?.value).toBeCloseTo(90, 0);
  await panel.getByRole("button", { name: "Keep what is shown here" }).click();
  await allKept(two);
  await expect
    .poll(async () => (await kept(one, TWICE.uid))[0]?.measurement.values[0]?.value)
    .toBeCloseTo(120, 0);
  await one.close();
  await two.close();
});

test("what is drawn while the server is dead is kept when it lives again, though the tab has crashed", async ({
  browser,
}) => {
  await throughCrash(browser, {
    before: async (page) => {
      await drag(page, "d", [-60, 20, 120], [0, 20, 120]);
      await allKept(page);
    },
    dead: async (page) => {
      await drag(page, "d", [-60, 40, 120], [30, 40, 120]);
      await expect(page.locator(".iso-status")).toContainText("kept in this browser");
      await shot(page, "work-offline");
    },
    after: async (page) => {
      await expect.poll(() => drawnTools(page)).toEqual(["Length", "Length"]);
      await allKept(page);
      const lengths = (await kept(page, CHEST.uid)).map(
        ({ measurement }) => measurement.values[0]?.value ?? 0,
      );
      expect(lengths.map(Math.round).toSorted()).toEqual([60, 90]);
    },
  });
});

test("what other programs measured is shown and stays theirs", async ({ page, server, signedIn }) => {
  test.skip(!hasShared, NO_SHARED);
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const image = "dicom/pydicom/CT_small.dcm";
  const reports = ["sr_document.dcm", "sr_document_with_multiple_groups.dcm"].map(
    (name) => `dicom/highdicom/${name}`,
  );
  const files = [image, ...reports].map((path) => join(SHARED, path));
  execFileSync(BINARY, ["import", ...files, "--data", server.data], { stdio: "pipe" });
  await view(page, studyOf(image));
  await expect.poll(() => drawnTools(page)).toEqual(["CircleROI", "CircleROI", "PlanarFreehandROI", "Probe"]);
  const panel = await measurementsPanel(page);
  await expect(panel.getByText(/Planar ROI Measurements/)).toBeVisible();
  await expect(panel.getByText("Area of defined region 1.7 cm²")).toBeVisible();
  await expect(panel.getByText("Diameter 10 mm")).toBeVisible();
  await expect(panel.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await shot(page, "work-of-others");
  expect(await kept(page, studyOf(image))).toEqual([]);
});

test("what a script measured through the API is drawn, and drawing it is no change", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  const uid = "2.25.123456789";
  const image = { series: `${HEAD.uid}.1`, sop: `${HEAD.uid}.1.3` };
  const line = { graphic: "polyline", points: [20.5, 30.5, 80.5, 110.5] };
  const data = { trackingUid: uid, tool: "Length", label: "by script", image, shapes: [line] };
  const values = [{ quantity: "length", value: 150, unit: "mm" }];
  await api(page, "PUT", `/api/v1/exams/${HEAD.uid}/work/${uid}`, { ...data, values });
  await view(page, HEAD.uid);
  await expect.poll(async () => (await drawnTools(page)).includes("Length")).toBe(true);
  const panel = await measurementsPanel(page);
  await panel.getByRole("button", { name: /^by script/ }).click();
  await expect(page.locator(".svg-layer").getByText(/150 mm/)).toBeVisible();
  await allKept(page);
  const kept_ = (await kept(page, HEAD.uid)).find(({ measurement }) => measurement.trackingUid === uid);
  expect(kept_?.version).toBe(1);
});

test("the exam's page lists what was measured", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await view(page, CHEST.uid);
  await drag(page, "d", [-129, 20, 120], [129, 20, 120]);
  await allKept(page);
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("tab", { name: "Measurements" }).click();
  const list = page.getByRole("tabpanel");
  await expect(list.getByRole("link", { name: "Length" }).first()).toBeVisible();
  await expect(list.getByText(/258 mm/).first()).toBeVisible();
  await accessible(page);
  await shot(page, "work-on-the-exam");
});

test("on a plane through the images a length is kept in space", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await view(page, CHEST.uid);
  const before = (await kept(page, CHEST.uid)).length;
  await page.keyboard.press("m");
  const sagittal = page.locator("canvas.cornerstone-canvas").nth(1);
  await expect(page.locator("canvas.cornerstone-canvas")).toHaveCount(3, { timeout: 30_000 });
  await expect.poll(() => sagittal.evaluate(brightShare), { timeout: 60_000 }).toBeGreaterThan(0.05);
  const box = await sagittal.boundingBox();
  if (box === null) throw new Error("the plane has no place on the page");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await page.keyboard.press("d");
  await page.mouse.move(x - 40, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 10, { steps: 4 });
  await page.mouse.move(x + 40, y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await kept(page, CHEST.uid)).length, { timeout: 30_000 }).toBe(before + 1);
  const inSpace = (await kept(page, CHEST.uid)).find(({ measurement }) => !measurement.image)?.measurement;
  expect(inSpace?.shapes.map(({ graphic, points }) => [graphic, points.length])).toEqual([["polyline", 6]]);
  expect(inSpace?.values[0]?.value).toBeGreaterThan(10);
  await allKept(page);
  await shot(page, "work-in-space");
});

test("what is drawn before the server has answered once is kept as soon as it does", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  const work = `**/api/v1/exams/${HEART.uid}/work`;
  await page.route(work, (route) => route.abort());
  await view(page, HEART.uid);
  const before = (await kept(page, HEART.uid)).length;
  await drag(page, "d", [40, 40, 0], [110, 40, 0]);
  await expect(page.locator(".iso-status")).toContainText("what is drawn waits in this window");
  await page.unroute(work);
  await expect.poll(async () => (await kept(page, HEART.uid)).length, { timeout: 30_000 }).toBe(before + 1);
  await allKept(page);
});
