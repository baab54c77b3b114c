import { expect, test } from "vitest";
import type { Slide } from "../slides";
import { fromWork, measure, toMeasurement, type Mark } from "./mark";

const place = {
  frameOfReferenceUid: "1.2.3",
  origin: [20, 40, 0],
  right: [0, -0.0005, 0],
  down: [-0.001, 0, 0],
};
const slide: Slide = {
  levels: [{ columns: 1000, rows: 800, tileColumns: 256, tileRows: 256, made: false }],
  micrometresPerPixel: [0.5, 1],
  planes: 1,
  paths: [{ id: "1", name: "1" }],
  glass: [],
  place,
};
const mark = (kind: Mark["kind"], spots: Mark["spots"]): Mark => ({
  uid: "2.25.1",
  kind,
  spots,
  label: "",
  author: "ann",
  own: true,
});

test("lengths and areas are measured along columns and rows of their own size", () => {
  expect(measure(mark("line", [[0, 0], [600, 400]]), slide)).toEqual({ length: 0.5 }); // prettier-ignore
  expect(measure(mark("rectangle", [[0, 0], [200, 100]]), slide)).toEqual({ area: expect.closeTo(0.01) as number }); // prettier-ignore
  expect(measure(mark("polygon", [[0, 0], [200, 0], [0, 100]]), slide)).toEqual({ area: expect.closeTo(0.005) as number }); // prettier-ignore
  expect(measure(mark("point", [[1, 2]]), slide)).toBeUndefined();
});

test("what is kept in space comes back where it was drawn", () => {
  const drawn = [
    mark("point", [[10, 20]]),
    mark("line", [[0, 0], [600, 400]]), // prettier-ignore
    mark("rectangle", [[5, 6], [200, 100]]), // prettier-ignore
    mark("polygon", [[0, 0], [200, 0], [50, 300]]), // prettier-ignore
  ];
  for (const one of drawn) {
    const measurement = toMeasurement(one, slide, place);
    const item = {
      measurement,
      author: "ann",
      own: true,
      version: 1,
      madeAt: "",
      changedAt: "",
      removed: false,
    };
    const back = fromWork(item, place);
    expect(back?.kind).toBe(one.kind);
    expect(back?.spots.flat()).toEqual(one.spots.flat().map((value) => expect.closeTo(value, 6) as number));
    expect(fromWork(item, { ...place, frameOfReferenceUid: "1.2.4" })).toBeUndefined();
  }
});
