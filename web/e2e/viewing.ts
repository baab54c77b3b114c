/** What journeys in the viewer share: opening an exam, pointing at places of an image, what was kept. */
import { expect, type Page } from "@playwright/test";

type Point = [number, number, number];

interface Viewport {
  element: HTMLElement;
  worldToCanvas: (point: Point) => [number, number];
  setImageIdIndex: (index: number) => Promise<string>;
  getCurrentImageIdIndex: () => number;
  render: () => void;
}

interface Services {
  viewportGridService: { getActiveViewportId: () => string };
  cornerstoneViewportService: { getCornerstoneViewport: (id: string) => Viewport };
}

/** How much of a canvas is brighter than near-black. */
export function brightShare(element: Element): number {
  const canvas = element as HTMLCanvasElement;
  const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let bright = 0;
  for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 40) bright += 1;
  return (bright * 4) / Math.max(1, data.length);
}

/** Waits until an image is drawn. */
export async function pictureDrawn(page: Page): Promise<void> {
  const canvas = page.locator("canvas.cornerstone-canvas").first();
  await expect(canvas).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => canvas.evaluate(brightShare), { timeout: 60_000 }).toBeGreaterThan(0.01);
}

export async function view(page: Page, study: string): Promise<void> {
  await page.goto(`/viewer/viewer?StudyInstanceUIDs=${study}`);
  await pictureDrawn(page);
}

/** Where a point of the frame of reference, in mm, stands on the page, once the image no longer moves on it. */
function onPage(page: Page, point: Point): Promise<{ x: number; y: number }> {
  return page.evaluate(async (world) => {
    const { viewportGridService, cornerstoneViewportService } = (window as unknown as { services: Services })
      .services;
    const place = () => {
      const viewport = cornerstoneViewportService.getCornerstoneViewport(
        viewportGridService.getActiveViewportId(),
      );
      const [x, y] = viewport.worldToCanvas(world);
      const box = viewport.element.getBoundingClientRect();
      return { x: box.x + x, y: box.y + y };
    };
    let now = place();
    for (let still = 0; still < 3;) {
      await new Promise(requestAnimationFrame);
      const next = place();
      still = next.x === now.x && next.y === now.y ? still + 1 : 0;
      now = next;
    }
    return now;
  }, point);
}

/**
 * Does something with the mouse, and waits until the viewer has taken it. It holds a press back for 400 ms,
 * in case it is the first of a double click, and until then loses every further one.
 */
async function taken(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const { viewportGridService, cornerstoneViewportService } = (window as unknown as { services: Services })
      .services;
    const { element } = cornerstoneViewportService.getCornerstoneViewport(
      viewportGridService.getActiveViewportId(),
    );
    const ends = ["CORNERSTONE_TOOLS_MOUSE_UP", "CORNERSTONE_TOOLS_MOUSE_CLICK"];
    const end = new Promise((done) => {
      for (const name of ends) element.addEventListener(name, done, { once: true });
    });
    Object.assign(window, { taken: end.then(() => true) });
  });
  await act();
  await page.evaluate(() => (window as unknown as { taken: Promise<true> }).taken);
}

export async function toImage(page: Page, index: number): Promise<void> {
  await page.evaluate(async (at) => {
    const { viewportGridService, cornerstoneViewportService } = (window as unknown as { services: Services })
      .services;
    await cornerstoneViewportService
      .getCornerstoneViewport(viewportGridService.getActiveViewportId())
      .setImageIdIndex(at);
  }, index);
}

/** Presses a tool's key and drags through these points, in mm. */
export async function drag(page: Page, key: string | undefined, ...points: Point[]): Promise<void> {
  if (key !== undefined) await page.keyboard.press(key);
  const [first, ...more] = points;
  if (first === undefined) return;
  const start = await onPage(page, first);
  await page.mouse.move(start.x, start.y);
  await taken(page, async () => {
    await page.mouse.down();
    for (const point of more) {
      const { x, y } = await onPage(page, point);
      await page.mouse.move(x, y, { steps: 5 });
    }
    await page.mouse.up();
  });
}

/** Presses a tool's key and clicks on these points, in mm. */
export async function click(page: Page, key: string | undefined, ...points: Point[]): Promise<void> {
  if (key !== undefined) await page.keyboard.press(key);
  for (const point of points) {
    const { x, y } = await onPage(page, point);
    await page.mouse.move(x, y, { steps: 3 });
    await taken(page, async () => {
      await page.mouse.down();
      await page.mouse.up();
    });
  }
}

export interface Kept {
  own: boolean;
  author: string;
  version: number;
  removed: boolean;
  measurement: {
    trackingUid: string;
    tool: string;
    label: string;
    image?: { series: string; sop: string; frame?: number };
    shapes: { graphic: string; points: number[] }[];
    values: { quantity: string; derivation?: string; value: number; unit: string }[];
  };
}

/** What the server has. */
export async function kept(page: Page, study: string): Promise<Kept[]> {
  const answer = await page.request.get(`/api/v1/exams/${study}/work`);
  return ((await answer.json()) as { measurements: Kept[] }).measurements;
}

export async function allKept(page: Page): Promise<void> {
  await expect(page.locator(".iso-status")).toHaveText("All kept", { timeout: 30_000 });
}

/** Which tools' work is on the images that are open. */
export function drawnTools(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { cornerstoneTools } = window as unknown as {
      cornerstoneTools: {
        annotation: { state: { getAllAnnotations: () => { metadata: { toolName: string } }[] } };
      };
    };
    const all = cornerstoneTools.annotation.state
      .getAllAnnotations()
      .map(({ metadata }) => metadata.toolName);
    return all.filter((tool) => !/Crosshairs|ReferenceLines|Overlay|Orientation/.test(tool)).toSorted();
  });
}
