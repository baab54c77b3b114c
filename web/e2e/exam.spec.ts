import { stat } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEART } from "./hospital";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

/** The grey value at a point of the picture, given in parts of its size. */
const greyAt = (page: Page, x: number, y: number) =>
  page.locator(".picture canvas").evaluate(
    (element, at) => {
      const canvas = element as HTMLCanvasElement;
      const [px, py] = [Math.round(canvas.width * at.x), Math.round(canvas.height * at.y)];
      return canvas.getContext("2d")?.getImageData(px, py, 1, 1).data[0] ?? -1;
    },
    { x, y },
  );

const picture = (page: Page) => page.getByRole("group", { name: /^Picture/ });

async function open(page: Page, uid: string): Promise<void> {
  await page.goto(`/exams/${uid}`);
  await expect.poll(() => greyAt(page, 0.5, 0.71)).toBeGreaterThan(5);
}

test("the middle image of the longest series is drawn in its own window", async ({ page }) => {
  await open(page, CHEST.uid);
  await expect(page.getByRole("img", { name: "Image 13 of 24" })).toBeVisible();
  // The spine is white and the lung black at C 40 W 400.
  expect(await greyAt(page, 0.5, 0.71)).toBeGreaterThan(245);
  expect(await greyAt(page, 0.28, 0.48)).toBeLessThan(10);
  await shot(page, "exam");
  await accessible(page);
});

test("presets, dragging and inverting change the picture; reset takes it back", async ({ page }) => {
  await open(page, CHEST.uid);
  await page.getByRole("combobox", { name: "Window" }).selectOption({ label: "Lung (-600 / 1500)" });
  await expect.poll(() => greyAt(page, 0.28, 0.48)).toBeGreaterThan(60);
  await shot(page, "exam-lung");
  await picture(page).press("r");
  await expect.poll(() => greyAt(page, 0.28, 0.48)).toBeLessThan(10);
  const box = await picture(page).boundingBox();
  if (box === null) throw new Error("no picture");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 200, y, { steps: 8 });
  await page.mouse.up();
  await expect(page.getByText(/^C 40 W (?!400)\d+/)).toBeVisible();
});

test("wheel, arrows and slider walk through the series", async ({ page }) => {
  await open(page, CHEST.uid);
  await picture(page).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("img", { name: "Image 14 of 24" })).toBeVisible();
  await page.keyboard.press("End");
  await expect(page.getByRole("img", { name: "Image 24 of 24" })).toBeVisible();
  await picture(page).hover();
  await page.mouse.wheel(0, -120);
  await expect(page.getByRole("img", { name: /Image 2[0-3] of 24/ })).toBeVisible();
  await page.getByRole("slider", { name: "Image in series" }).fill("0");
  await expect(page.getByRole("img", { name: "Image 1 of 24" })).toBeVisible();
});

test("a cine of one object plays frame by frame", async ({ page }) => {
  await open(page, HEART.uid);
  const before = await page.getByRole("slider", { name: "Image in series" }).inputValue();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("slider", { name: "Image in series" })).not.toHaveValue(before);
  await page.getByRole("button", { name: "Pause" }).click();
  await shot(page, "exam-cine");
});

test("every attribute can be found by name, tag or value", async ({ page }) => {
  await open(page, CHEST.uid);
  const find = page.getByRole("searchbox", { name: "Find an attribute" });
  for (const words of ["manufacturer", "0008,0070", "phantom works"]) {
    await find.fill(words);
    await expect(page.getByRole("region", { name: "Attributes" })).toContainText("Phantom Works");
  }
  await shot(page, "exam-attributes");
});

test("it tells where the exam came from", async ({ page }) => {
  await open(page, CHEST.uid);
  await page.getByRole("tab", { name: "Where from" }).click();
  await expect(page.getByText("Uploaded in the browser")).toBeVisible();
  await shot(page, "exam-sources");
  await accessible(page);
});

test("the exam can be downloaded at once", async ({ page }) => {
  await open(page, CHEST.uid);
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download…" }).click();
  await page.getByRole("link", { name: "Download at once" }).click();
  const path = await (await waiting).path();
  // Thirty slices of 192 × 192 × 2 bytes.
  expect((await stat(path)).size).toBeGreaterThan(100_000);
});

test("another file can be kept with the exam", async ({ page }) => {
  await open(page, CHEST.uid);
  await page.getByRole("tab", { name: "Attachments" }).click();
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "protocol.txt", mimeType: "text/plain", buffer: Buffer.from("as discussed") });
  const link = page.getByRole("link", { name: "protocol.txt" });
  await expect(link).toBeVisible();
  await shot(page, "exam-attachments");
  const content = await page.request.get((await link.getAttribute("href")) ?? "");
  expect(await content.text()).toBe("as discussed");
});

test("deleting can be undone at once, and later from the list of deleted exams", async ({ page }) => {
  await open(page, CHEST.uid);
  await page.getByRole("button", { name: "Delete exam" }).click();
  await expect(page.getByText("Exam deleted")).toBeVisible();
  await expect(page.getByRole("link", { name: "Example, Anna" })).toBeHidden();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "Example, Anna" })).toBeVisible();
  await page.getByRole("button", { name: "Delete exam" }).click();
  await page.getByRole("link", { name: "Deleted" }).click();
  await shot(page, "deleted");
  await page
    .getByRole("row", { name: /Example, Anna/ })
    .getByRole("button", { name: "Restore" })
    .click();
  await expect(page.getByText("Exam restored")).toBeVisible();
});
