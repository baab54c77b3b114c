/** What the viewer draws is what the server renders: somebody else's window, interpolation and colours against ours. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { BINARY, expect, shot, test } from "./fixtures";
import { hasShared, KINDS, NO_SHARED, SHARED, studyOf } from "./kinds";
import { view } from "./viewing";

const COMPARED = ["CT series", "MR series", "US, colour", "mammogram in JPEG 2000", "CT in HTJ2K"];

interface Compared {
  places: number;
  /** Of the differences at all places, in grey levels of 255. */
  median: number;
  most: number;
  /** Between the darkest and the brightest place: two black pictures prove nothing. */
  contrast: number;
}

/** Looks at the same places of the image on both: where neighbours are alike, so that interpolation plays no part. */
function compare(page: Page): Promise<Compared> {
  return page.evaluate(async () => {
    interface Shown {
      canvas: HTMLCanvasElement;
      getCurrentImageId: () => string;
      getProperties: () => { voiRange?: { lower: number; upper: number } };
      getImageData: () => {
        dimensions: [number, number, number];
        imageData: { indexToWorld: (at: [number, number, number]) => [number, number, number] };
      };
      worldToCanvas: (world: [number, number, number]) => [number, number];
    }
    const { viewportGridService, cornerstoneViewportService } = (
      window as unknown as {
        services: {
          viewportGridService: { getActiveViewportId: () => string };
          cornerstoneViewportService: { getCornerstoneViewport: (id: string) => Shown };
        };
      }
    ).services;
    const shown = cornerstoneViewportService.getCornerstoneViewport(
      viewportGridService.getActiveViewportId(),
    );
    const path = /\/dicom-web\/.*$/.exec(shown.getCurrentImageId())?.[0] ?? "";
    const { lower, upper } = shown.getProperties().voiRange ?? { lower: 0, upper: 255 };
    const colour = !Number.isFinite(lower) || (lower === 0 && upper === 255);
    const window_ = colour ? "" : `?window=${(lower + upper + 1) / 2},${upper - lower + 1},linear`;
    const answer = await fetch(`${path}/rendered${window_}`, { headers: { Accept: "image/png" } });
    const picture = await createImageBitmap(await answer.blob());
    const sheet = new OffscreenCanvas(picture.width, picture.height);
    const pen = sheet.getContext("2d");
    pen?.drawImage(picture, 0, 0);
    const ours = pen?.getImageData(0, 0, picture.width, picture.height).data ?? new Uint8ClampedArray();
    const { canvas } = shown;
    const theirs = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const at = (x: number, y: number, part: number) => ours[(y * picture.width + x) * 4 + part] ?? 0;
    const [columns, rows] = shown.getImageData().dimensions;
    const differences: number[] = [];
    let [darkest, brightest] = [255, 0];
    const step = Math.max(1, Math.floor(Math.min(columns, rows) / 64));
    for (let y = 2; y < rows - 2; y += step)
      for (let x = 2; x < columns - 2; x += step) {
        const here = at(x, y, 1);
        const around = [at(x - 1, y, 1), at(x + 1, y, 1), at(x, y - 1, 1), at(x, y + 1, 1)];
        if (around.some((value) => Math.abs(value - here) > 6)) continue;
        const [left, top] = shown.worldToCanvas(shown.getImageData().imageData.indexToWorld([x, y, 0]));
        const [px, py] = [Math.round(left - 0.5), Math.round(top - 0.5)];
        if (px < 1 || py < 1 || px >= canvas.width - 1 || py >= canvas.height - 1) continue;
        for (const part of [0, 1, 2]) {
          const one = theirs[(py * canvas.width + px) * 4 + part] ?? 0;
          differences.push(Math.abs(one - at(x, y, part)));
          [darkest, brightest] = [Math.min(darkest, one), Math.max(brightest, one)];
        }
      }
    differences.sort((a, b) => a - b);
    return {
      places: differences.length / 3,
      median: differences[Math.floor(differences.length / 2)] ?? 255,
      most: differences[Math.floor(differences.length * 0.98)] ?? 255,
      contrast: brightest - darkest,
    };
  });
}

test.describe("the viewer's pixels are the server's", () => {
  test.skip(!hasShared, NO_SHARED);

  for (const { name, paths } of KINDS.filter((kind) => COMPARED.includes(kind.name))) {
    test(name, async ({ page, server, signedIn }) => {
      expect(signedIn.cookies.length).toBeGreaterThan(0);
      const files = paths.map((path) => join(SHARED, path));
      execFileSync(BINARY, ["import", ...files, "--data", server.data], { stdio: "pipe" });
      await view(page, studyOf(paths[0] ?? ""));
      await page.waitForLoadState("networkidle");
      const compared = await compare(page);
      await shot(page, `pixels-${name.toLowerCase().replaceAll(/\W+/g, "-")}`);
      expect(compared.places).toBeGreaterThan(200);
      expect(compared.contrast).toBeGreaterThan(60);
      expect(compared.median).toBeLessThanOrEqual(2);
      expect(compared.most).toBeLessThanOrEqual(12);
    });
  }
});
