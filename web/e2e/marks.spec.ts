/** Segmentations are kept as they are painted. */
import type { Page } from "@playwright/test";
import { throughCrash } from "./crash";
import { expect, shot, test } from "./fixtures";
import { CHEST, HEAD } from "./hospital";
import { asRole } from "./people";
import { allKept, drag, pictureDrawn, view } from "./viewing";

test.describe.configure({ timeout: 180_000 });

interface Listed {
  series: string;
  instance: string;
  version: number;
  own: boolean;
  author: string;
}

async function listed(page: Page, study: string): Promise<Listed[]> {
  const answer = await page.request.get(`/api/v1/exams/${study}/segmentations`);
  return ((await answer.json()) as { segmentations: Listed[] }).segmentations;
}

/** How many pixels each segment has on each image, as the viewer has them in memory. */
function painted(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    interface Tools {
      segmentation: {
        state: {
          getSegmentations: () => { representationData: { Labelmap?: { imageIds?: string[] } } }[];
        };
      };
    }
    interface Core {
      cache: {
        getImage: (id: string) => { voxelManager: { getScalarData: () => ArrayLike<number> } } | undefined;
      };
    }
    const { cornerstone, cornerstoneTools } = window as unknown as {
      cornerstone: Core;
      cornerstoneTools: Tools;
    };
    const ids = cornerstoneTools.segmentation.state
      .getSegmentations()
      .flatMap(({ representationData }) => representationData.Labelmap?.imageIds ?? []);
    const pixels = ids.map((id) =>
      Array.from(cornerstone.cache.getImage(id)?.voxelManager.getScalarData() ?? []),
    );
    return pixels.map((all) => all.filter((label) => label > 0).length).filter((count) => count > 0);
  });
}

test("a brush's strokes are a DICOM segmentation at once, and come back after a reload", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  await view(page, CHEST.uid);
  await drag(page, "Shift+B", [-30, 0, 120], [30, 0, 120]);
  await expect.poll(async () => (await listed(page, CHEST.uid))[0]?.version, { timeout: 30_000 }).toBe(1);
  await allKept(page);
  await page.keyboard.press("ArrowDown");
  await drag(page, undefined, [-30, 20, 115], [30, 20, 115]);
  await expect.poll(async () => (await listed(page, CHEST.uid))[0]?.version, { timeout: 30_000 }).toBe(2);
  await allKept(page);
  const before = await painted(page);
  expect(before).toHaveLength(2);
  await shot(page, "marks-brush");

  const [{ series, instance } = { series: "", instance: "" }] = await listed(page, CHEST.uid);
  const path = `/dicom-web/studies/${CHEST.uid}/series/${series}/instances/${instance}`;
  const [metadata] = (await (await page.request.get(`${path}/metadata`)).json()) as Record<
    string,
    { Value: unknown[] } | undefined
  >[];
  expect(metadata?.["00080060"]?.Value).toEqual(["SEG"]);
  expect(metadata?.["00280008"]?.Value).toEqual([2]);

  await page.reload();
  await pictureDrawn(page);
  await expect.poll(() => painted(page), { timeout: 30_000 }).toEqual(before);
  await allKept(page);
  expect((await listed(page, CHEST.uid))[0]?.version).toBe(2);
  // The eraser takes pixels away, which is kept, too.
  await drag(page, "Shift+E", [-30, 0, 120], [30, 0, 120]);
  await expect.poll(async () => (await listed(page, CHEST.uid))[0]?.version, { timeout: 30_000 }).toBe(3);
  await shot(page, "marks-again");
});

test("somebody else's segmentation is shown when asked for, and changing it makes one's own", async ({
  browser,
  page,
  server,
  filled,
}) => {
  expect(filled).toBe(true);
  await view(page, HEAD.uid);
  await drag(page, "Shift+B", [-30, 0, 50], [30, 0, 50]);
  await expect.poll(async () => (await listed(page, HEAD.uid)).length, { timeout: 30_000 }).toBe(1);
  await asRole({ browser, page, server }, "broker", async (theirs, name) => {
    await view(theirs, HEAD.uid);
    await theirs.locator('[data-cy="work-btn"]').click();
    await theirs.getByRole("region", { name: "Segmentations of others" }).getByRole("button").click();
    await expect.poll(() => painted(theirs)).toHaveLength(1);
    await drag(theirs, "Shift+B", [-30, 30, 50], [30, 30, 50]);
    await expect.poll(async () => (await listed(theirs, HEAD.uid)).length, { timeout: 30_000 }).toBe(2);
    const all = await listed(theirs, HEAD.uid);
    expect(all.filter(({ own }) => own).map(({ author, version }) => [author, version])).toEqual([[name, 1]]);
    expect(all.filter(({ own }) => !own).map(({ version }) => version)).toEqual([1]);
    await shot(theirs, "marks-of-others");
  });
});

test("what is painted while the server is dead is kept when it lives again, though the tab has crashed", async ({
  browser,
}) => {
  let before: number[] = [];
  await throughCrash(browser, {
    before: async (page) => {
      await drag(page, "Shift+B", [-30, 0, 120], [30, 0, 120]);
      await expect.poll(async () => (await listed(page, CHEST.uid))[0]?.version, { timeout: 30_000 }).toBe(1);
      await allKept(page);
    },
    dead: async (page) => {
      await page.keyboard.press("ArrowDown");
      await drag(page, undefined, [-30, 20, 115], [30, 20, 115]);
      await expect(page.locator(".iso-status")).toContainText("kept in this browser");
      before = await painted(page);
      expect(before).toHaveLength(2);
    },
    after: async (page) => {
      await expect.poll(() => painted(page), { timeout: 30_000 }).toEqual(before);
      await allKept(page);
      expect((await listed(page, CHEST.uid)).map(({ version }) => version)).toEqual([2]);
    },
  });
});
