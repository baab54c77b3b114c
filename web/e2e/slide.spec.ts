import { join } from "node:path";
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { slideLevel, type Exam } from "./dicom";
import { accessible, BINARY, expect, shot, test, upload } from "./fixtures";
import { hasShared, NO_SHARED, SHARED } from "./kinds";

const TISSUE: Exam = {
  uid: "2.25.7021",
  patient: "Probe^Dora",
  id: "PAT-7021",
  accession: "ACC7021",
  description: "Biopsy, stained",
};
const [COLUMNS, ROWS, TILE] = [1000, 700, 256];
const SERIES = `${TISSUE.uid}.1`;
const PLACE = { zoom: 2, x: 0.5, y: 0.35 };

const area = (page: Page) => page.locator(".slide-area");

/** Colours on the screen at points given in pixels from the middle of the view. */
const onScreen = (page: Page, points: [number, number][]) =>
  page
    .locator(".slide-area .openseadragon-canvas canvas")
    .first()
    .evaluate((element, points) => {
      const canvas = element as HTMLCanvasElement;
      const context = canvas.getContext("2d");
      return points.map(([x, y]) => {
        const at = [Math.round(canvas.width / 2 + x), Math.round(canvas.height / 2 + y)] as const;
        return [...(context?.getImageData(...at, 1, 1).data ?? [])].slice(0, 3);
      });
    }, points);

/** The same from the frames that the server renders, for points given in pixels of the finest level. */
const rendered = (page: Page, points: [number, number][]) =>
  page.evaluate(
    async ({ base, points, tile, across }) => {
      const colours: number[][] = [];
      for (const [x, y] of points) {
        const frame = Math.floor(y / tile) * across + Math.floor(x / tile) + 1;
        const answer = await fetch(`${base}/frames/${frame}/rendered`, { headers: { Accept: "image/png" } });
        const bitmap = await createImageBitmap(await answer.blob());
        const canvas = new OffscreenCanvas(tile, tile);
        const context = canvas.getContext("2d");
        context?.drawImage(bitmap, 0, 0);
        colours.push([...(context?.getImageData(x % tile, y % tile, 1, 1).data ?? [])].slice(0, 3));
      }
      return colours;
    },
    {
      base: `/dicom-web/studies/${TISSUE.uid}/series/${SERIES}/instances/${SERIES}.1`,
      points,
      tile: TILE,
      across: Math.ceil(COLUMNS / TILE),
    },
  );

const furthest = (a: number[][], b: number[][]) =>
  Math.max(
    ...a.flatMap((one, at) => one.map((value, channel) => Math.abs(value - (b[at]?.[channel] ?? 999)))),
  );

test("a slide is drawn from its tiles, to scale, and its address keeps the place", async ({
  page,
  server,
}) => {
  expect(server.url).not.toBe("");
  await upload(page, [
    { path: "slide/fine.dcm", content: slideLevel(TISSUE, 1, COLUMNS, ROWS, TILE) },
    { path: "slide/coarse.dcm", content: slideLevel(TISSUE, 2, COLUMNS / 4, ROWS / 4, TILE) },
  ]);
  await expect
    .poll(async () => (await page.request.get(`/api/v1/exams/${TISSUE.uid}`)).status(), { timeout: 30_000 })
    .toBe(200);
  await page.goto(`/exams/${TISSUE.uid}`);
  await expect(area(page)).toBeVisible();
  await shot(page, "exam-slide");
  await accessible(page);
  await page.getByRole("link", { name: "Open slide" }).click();
  await expect(page.getByRole("heading", { name: "Slide" })).toBeVisible();

  await page.goto(`/exams/${TISSUE.uid}/series/${SERIES}/slide?zoom=${PLACE.zoom}&x=${PLACE.x}&y=${PLACE.y}`);
  // At this zoom one pixel of the screen is so many of the slide's.
  const width = (await area(page).boundingBox())?.width ?? 0;
  const step = COLUMNS / (PLACE.zoom * width);
  const middle = [PLACE.x * COLUMNS, PLACE.y * COLUMNS] as const;
  // Inside one square of the pattern each, in tiles beside each other.
  const steps: [number, number][] = [
    [-90, -60],
    [-40, 70],
    [60, -50],
    [90, 80],
  ];
  const places = steps.map(([x, y]): [number, number] => [
    Math.floor(middle[0] + x * step),
    Math.floor(middle[1] + y * step),
  ]);
  const expected = await rendered(page, places);
  await expect.poll(async () => furthest(await onScreen(page, steps), expected)).toBeLessThan(12);

  // 2 µm a pixel of the slide, so the bar's length in µm follows from its length on the screen.
  const mark = (await page.locator(".slide-bar-mark").boundingBox())?.width ?? 0;
  const said = Number.parseFloat(
    (await page.locator(".slide-scale").innerText()).replaceAll(/[^\d.]*(\d+) µm.*/gs, "$1"),
  );
  expect(Math.abs(said - mark * step * 2)).toBeLessThan(said * 0.05);
  await shot(page, "slide");
  await accessible(page);

  await area(page).focus();
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/zoom=3&/);
  await page.keyboard.press("ArrowRight");
  await expect(page).not.toHaveURL(/x=0\.5&/);
  const there = page.url();
  await page.reload();
  await expect(area(page)).toBeVisible();
  await page.waitForTimeout(800);
  expect(page.url()).toBe(there);
});

test("a scanner's slide opens", async ({ page, server }) => {
  test.skip(!hasShared, NO_SHARED);
  const files = ["boxes_0.dcm", "boxes_1.dcm"].map((name) => join(SHARED, "wsi/openslide", name));
  execFileSync(BINARY, ["import", ...files, "--data", server.data], { stdio: "pipe" });
  const study = "1.3.6.1.4.1.5962.99.1.1747645553.419656796.1689669825649.5.0";
  await page.goto(`/exams/${study}`);
  await expect(area(page)).toBeVisible();
  await expect
    .poll(async () => (await onScreen(page, [[0, 0]])).flat().some((value) => value > 0))
    .toBe(true);
  await shot(page, "exam-slide-scanner");
});

test("an SVS file attached to an exam is a slide", async ({ page, server }) => {
  test.skip(!hasShared, NO_SHARED);
  expect(server.url).not.toBe("");
  await upload(page, [{ path: "s/fine.dcm", content: slideLevel(TISSUE, 1, COLUMNS, ROWS, TILE) }]);
  await page.goto(`/exams/${TISSUE.uid}`);
  await page.getByRole("tab", { name: "Attachments" }).click();
  const file = join(SHARED, "wsi/authored/pyramid_with_label.svs");
  const [picker] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Add files" }).click(),
  ]);
  await picker.setFiles(file);
  await page.getByRole("link", { name: "Open pyramid_with_label.svs as a slide" }).click();
  await expect(page.getByRole("img", { name: "The label on the glass" })).toBeVisible();
  await expect(page.getByRole("img", { name: "The whole glass" })).toBeVisible();
  await expect
    .poll(async () => (await onScreen(page, [[0, 0]])).flat().some((value) => value > 0))
    .toBe(true);
  // 0.5 µm a pixel, and the whole width of 1,024 pixels across the view at zoom 1.
  const width = (await area(page).boundingBox())?.width ?? 0;
  await page.goto(`${new URL(page.url()).pathname}?zoom=1&x=0.5&y=0.5`);
  await expect(page.locator(".slide-scale")).toContainText("µm");
  const mark = (await page.locator(".slide-bar-mark").boundingBox())?.width ?? 0;
  const said = Number.parseFloat(
    (await page.locator(".slide-scale").innerText()).replaceAll(/[^\d.]*(\d+) µm.*/gs, "$1"),
  );
  expect(Math.abs(said - (mark / width) * 1024 * 0.5)).toBeLessThan(said * 0.05);
  await shot(page, "slide-svs");
  await accessible(page);
});

test("what is drawn on a slide is measured, kept, found again and taken back", async ({ page, server }) => {
  expect(server.url).not.toBe("");
  const slide = `/exams/${TISSUE.uid}/series/${SERIES}/slide?zoom=1&x=0.5&y=0.35`;
  await upload(page, [{ path: "s/fine.dcm", content: slideLevel(TISSUE, 1, COLUMNS, ROWS, TILE) }]);
  await page.goto(slide);
  await expect(area(page)).toBeVisible();
  await expect(page).toHaveURL(/zoom=1/);
  const box = await area(page).boundingBox();
  expect(box).not.toBeNull();
  const [left, top, width, height] = [box?.x ?? 0, box?.y ?? 0, box?.width ?? 1, box?.height ?? 1];
  const at = (x: number, y: number) => [left + width / 2 + x, top + height / 2 + y] as const;
  const kept = () => expect(page.locator(".slide-kept")).toHaveText("Saved");

  // A line of 200 pixels of the screen; the slide has 2 µm a pixel.
  await page.getByRole("button", { name: "Line" }).click();
  await page.mouse.move(...at(-100, 0));
  await page.mouse.down();
  await page.mouse.move(...at(0, 20), { steps: 4 });
  await page.mouse.move(...at(100, 0), { steps: 4 });
  await page.mouse.up();
  await kept();
  const list = page.getByRole("region", { name: "Annotations" });
  const mm = Number.parseFloat(/([\d.]+) (µm|mm)/.exec(await list.innerText())?.[1] ?? "0");
  const micrometres = (await list.innerText()).includes("mm") ? mm * 1000 : mm;
  const expected = (200 * COLUMNS * 2) / width;
  expect(Math.abs(micrometres - expected)).toBeLessThan(expected * 0.02);

  // A polygon by clicks, closed by Enter; a rectangle by keys alone.
  await area(page).focus();
  await page.keyboard.press("g");
  for (const corner of [at(-150, -80), at(-60, -95), at(-75, -30)]) {
    await page.mouse.click(...corner);
    // Two clicks at once would be a double click, which ends a polygon.
    await expect(page.locator(".slide-mark-draft")).toBeVisible();
    await page.waitForTimeout(400);
  }
  await page.keyboard.press("Enter");
  await kept();
  await page.keyboard.press("b");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.waitForTimeout(700);
  await page.keyboard.press("Space");
  await kept();
  await page.keyboard.press("Escape");
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await list.getByRole("textbox").first().fill("margin");
  await list.getByRole("textbox").first().blur();
  await kept();
  await shot(page, "slide-annotations");
  await accessible(page);

  await page.goto(slide);
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await expect(list.getByRole("textbox").first()).toHaveValue("margin");
  await expect(page.locator(".slide-mark polygon")).toHaveCount(2);
  const ends = await page.locator(".slide-mark polyline").getAttribute("points");
  const drawn = (ends ?? "").split(/[ ,]/).map(Number);
  const [x1 = 0, , x2 = 0] = drawn;
  expect(Math.abs(x2 - x1 - 200)).toBeLessThan(2);

  await list.getByRole("button", { name: "Remove" }).first().click();
  await expect(list.getByRole("listitem")).toHaveCount(2);
  await kept();
  await area(page).focus();
  await page.keyboard.press("Control+z");
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await kept();
  await page.reload();
  await expect(list.getByRole("listitem")).toHaveCount(3);
});
