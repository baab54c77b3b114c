import { describe, expect, it } from "vitest";
import type { Instance, Series } from "../../api/exams";
import { ahead, firstSeries, framesOf } from "./frames";

const instance = (number: number | null, frames = 1, renderable = true): Instance => ({
  sopInstanceUid: `1.${number ?? 0}`,
  instanceNumber: number,
  frames,
  rows: 512,
  columns: 512,
  sopClassUid: "1.2",
  renderable,
});

const series = (uid: string, instances: Instance[]): Series => ({
  seriesInstanceUid: uid,
  modality: "CT",
  seriesNumber: 1,
  seriesDescription: "",
  bodyPart: "",
  instanceCount: instances.length,
  instances,
});

describe("the frames of a series", () => {
  it("are in the order of instance numbers, unnumbered ones last", () => {
    const frames = framesOf(series("1", [instance(3), instance(null), instance(1)]));
    expect(frames.map(({ instance: { instanceNumber } }) => instanceNumber)).toEqual([1, 3, null]);
  });

  it("count every frame of a cine from 1", () => {
    expect(framesOf(series("1", [instance(1, 3)])).map(({ frame }) => frame)).toEqual([1, 2, 3]);
  });

  it("leave out reports and other objects without pixels", () => {
    expect(framesOf(series("1", [instance(1, 1, false)]))).toEqual([]);
  });
});

it("opens the series with the most pictures", () => {
  const scout = series("scout", [instance(1)]);
  const body = series("body", [instance(1), instance(2)]);
  expect(firstSeries([scout, body])?.seriesInstanceUid).toBe("body");
});

describe("fetching ahead", () => {
  it("looks further in the direction of travel", () => {
    expect(ahead(10, 1, 100).slice(0, 4)).toEqual([11, 12, 13, 9]);
    expect(ahead(10, -1, 100).slice(0, 4)).toEqual([9, 8, 7, 11]);
  });

  it("stays inside the series", () => {
    expect(ahead(0, -1, 3)).toEqual([1, 2]);
  });
});
