import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { accessible, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});
test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const copied = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

const greyAt = (page: Page, x: number, y: number) =>
  page.locator(".picture canvas").evaluate(
    (element, at) => {
      const canvas = element as HTMLCanvasElement;
      const [px, py] = [Math.round(canvas.width * at.x), Math.round(canvas.height * at.y)];
      return canvas.getContext("2d")?.getImageData(px, py, 1, 1).data[0] ?? -1;
    },
    { x, y },
  );

async function inLungWindow(page: Page): Promise<void> {
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("combobox", { name: "Window" }).selectOption({ label: "Lung (-600 / 1500)" });
  await page.getByRole("slider", { name: "Image in series" }).fill("4");
  await expect(page.getByRole("img", { name: "Image 5 of 24" })).toBeVisible();
}

test("a link to a picture shows the same picture, to whoever signs in first", async ({
  browser,
  page,
  server,
}) => {
  await inLungWindow(page);
  await page.getByRole("button", { name: "Copy a link to this picture" }).click();
  await expect(page.getByText("Link copied")).toBeVisible();
  const link = await copied(page);
  expect(link).toBe(
    `${server.url}/exams/${CHEST.uid}?series=${CHEST.uid}.1&instance=${CHEST.uid}.1.5&window=-600,1500`,
  );
  await page.getByRole("button", { name: "Copy a link to series 2" }).click();
  await expect.poll(() => copied(page)).toContain(`?series=${CHEST.uid}.2`);
  await accessible(page);

  const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await stranger.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(theirs.url()).toBe(link);
  await stranger.addCookies(await page.context().cookies());
  await theirs.goto(link);
  await expect(theirs.getByRole("img", { name: "Image 5 of 24" })).toBeVisible();
  await expect(theirs.getByText("C -600 W 1500")).toBeVisible();
  await expect.poll(() => greyAt(theirs, 0.28, 0.48)).toBeGreaterThan(60);
  await stranger.close();
});

test("the picture on screen is saved as PNG and JPEG, and copied", async ({ page }) => {
  await inLungWindow(page);
  const saved = async (kind: string) => {
    await page.getByRole("button", { name: "Save this picture" }).click();
    const waiting = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: kind }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  };
  await page.getByRole("button", { name: "Save this picture" }).click();
  await shot(page, "save-picture");
  await accessible(page);
  await page.keyboard.press("Escape");
  const png = await saved("PNG");
  expect(png.name).toBe("CT-series-1-image-5.png");
  expect(png.content.subarray(1, 4).toString()).toBe("PNG");
  // Columns and rows of the image itself, whatever the screen shows.
  expect([png.content.readUInt32BE(16), png.content.readUInt32BE(20)]).toEqual([192, 192]);
  const jpeg = await saved("JPEG");
  expect(jpeg.name).toBe("CT-series-1-image-5.jpg");
  expect(jpeg.content.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));

  await page.getByRole("button", { name: "Save this picture" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Copy" }).click();
  await expect(page.getByText("Picture copied")).toBeVisible();
  const grey = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bitmap = await createImageBitmap((await item?.getType("image/png")) ?? new Blob());
    const context = new OffscreenCanvas(192, 192).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return context?.getImageData(54, 92, 1, 1).data[0];
  });
  // The lung, which its window makes grey and the stored one black.
  expect(grey).toBeGreaterThan(60);
});
