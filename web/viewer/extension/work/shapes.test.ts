import { expect, it } from "vitest";
import { annotationUid, trackingUid } from "./identity";
import { inSpace, onImage } from "./plane";
import { shapesOf, valuesOf } from "./shapes";
import type { Annotation, Plane, Vec3 } from "./types";
import { written } from "../../../src/format/measured";
import { ucum } from "./units";

/** A coronal image whose columns are 2 mm and whose rows are 3 mm apart. */
const plane: Plane = {
  origin: [10, 50, 100],
  along: [1, 0, 0],
  down: [0, 0, -1],
  columnSpacing: 2,
  rowSpacing: 3,
};

const drawnWith = (toolName: string, points: Vec3[], more: object = {}): Annotation => ({
  annotationUID: "",
  metadata: { toolName },
  data: { handles: { points }, ...more },
});

const flat = (point: Vec3) => onImage(plane, point);

it("the centre of the first pixel is 0.5, 0.5, and columns and rows have their own spacing", () => {
  expect(onImage(plane, [10, 50, 100])).toEqual([0.5, 0.5]);
  expect(onImage(plane, [14, 50, 91])).toEqual([2.5, 3.5]);
  expect(inSpace(plane, [2.5, 3.5])).toEqual([14, 50, 91]);
});

it("two diameters are two lines, each with its own value", () => {
  const stats = { "imageId:x": { length: 12, width: 8, unit: "mm" } };
  const points: Vec3[] = [
    [10, 50, 100],
    [22, 50, 100],
    [16, 50, 104],
    [16, 50, 96],
  ];
  const annotation = drawnWith("Bidirectional", points, { cachedStats: stats });
  expect(shapesOf(annotation, flat)?.map(({ graphic }) => graphic)).toEqual(["polyline", "polyline"]);
  expect(valuesOf(annotation)).toEqual([
    { quantity: "long-axis", value: 12, unit: "mm", shape: 0 },
    { quantity: "short-axis", value: 8, unit: "mm", shape: 1 },
  ]);
});

it("an ellipse begins with the ends of its major axis", () => {
  const points: Vec3[] = [
    [0, 0, 2],
    [0, 0, -2],
    [-5, 0, 0],
    [5, 0, 0],
  ];
  const [shape] = shapesOf(drawnWith("EllipticalROI", points), (point) => point) ?? [];
  expect(shape?.points.slice(0, 6)).toEqual([-5, 0, 0, 5, 0, 0]);
});

it("in space a circle is an ellipse and a rectangle a polygon that ends where it began", () => {
  const round: Vec3[] = [
    [0, 0, 0],
    [0, 0, 3],
    [0, 0, -3],
    [-3, 0, 0],
    [3, 0, 0],
  ];
  const [circle] = shapesOf(drawnWith("CircleROI", round), (point) => point) ?? [];
  expect(circle).toEqual({ graphic: "ellipse", points: [0, 0, 3, 0, 0, -3, -3, 0, 0, 3, 0, 0] });
  const corners: Vec3[] = [
    [0, 0, 0],
    [4, 0, 0],
    [0, 0, 2],
    [4, 0, 2],
  ];
  const [box] = shapesOf(drawnWith("RectangleROI", corners), (point) => point) ?? [];
  expect(box).toEqual({ graphic: "polygon", points: [0, 0, 0, 4, 0, 0, 4, 0, 2, 0, 0, 2, 0, 0, 0] });
});

it("nothing is kept of what is not whole", () => {
  expect(shapesOf(drawnWith("Length", [[0, 0, 0]]), flat)).toBeUndefined();
  expect(shapesOf(drawnWith("PlanarFreehandROI", []), flat)).toBeUndefined();
});

it("of CT under PET both values are kept, each once", () => {
  const ct = { mean: 40, modalityUnit: "HU", area: 9, areaUnit: "mm²" };
  const cachedStats = { a: ct, b: { ...ct, mean: 3.2, modalityUnit: "SUV" } };
  const all = valuesOf(drawnWith("EllipticalROI", [], { cachedStats }));
  expect(all.map(({ quantity, value, unit }) => [quantity, value, unit])).toEqual([
    ["area", 9, "mm2"],
    ["pixel-value", 40, "[hnsf'U]"],
    ["pixel-value", 3.2, "{SUVbw}g/ml"],
  ]);
});

it("units are UCUM's, whatever the viewer says beside them", () => {
  expect(["mm", "mm US Region", "px", "px²", "HU", "furlong", undefined].map(ucum)).toEqual([
    "mm",
    "mm",
    "{pixels}",
    "{pixels}",
    "[hnsf'U]",
    "1",
    "1",
  ]);
  expect([written(12.345, "mm"), written(90, "deg"), written(0.0512, "cm2")]).toEqual([
    "12.3 mm",
    "90°",
    "0.05 cm²",
  ]);
});

it("a measurement has one name in the archive and in every viewer", () => {
  const uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
  expect(annotationUid(trackingUid(uuid) ?? "")).toBe(uuid);
  expect(trackingUid("not a uuid")).toBeUndefined();
});
