import { expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";

test("an exam opens in the viewer and its image is drawn", async ({ page, filled, server }) => {
  expect(filled).toBe(true);
  const elsewhere: string[] = [];
  const here = new URL(server.url).host;
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== here) elsewhere.push(host);
  });
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("link", { name: "Open in viewer" }).click();
  const canvas = page.locator("canvas.cornerstone-canvas").first();
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => canvas.evaluate(brightShare), { timeout: 60_000 }).toBeGreaterThan(0.1);
  await shot(page, "viewer");
  expect(elsewhere).toEqual([]);
});

/** How much of the canvas is brighter than near-black. */
function brightShare(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let bright = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 40) bright += 1;
  return (bright * 4) / Math.max(1, data.length);
}
