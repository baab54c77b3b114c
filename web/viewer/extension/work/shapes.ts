// What was drawn, in the words of a report (TID 1500): shapes on an image or in space, and what they came to.
import { exact, vec3 } from "./plane";
import type { Annotation, Shape, Value, Vec3 } from "./types";
import { ucum } from "./units";

/** Where a point lies: column and row on the image, or x, y and z in mm. */
export type Project = (point: Vec3) => number[];

/** More points than this are thinned out: a report takes 20,000 numbers in 3 dimensions. */
const MOST_POINTS = 4000;

/** Tools whose work is kept. */
export const KEPT = new Set([
  "Length",
  "Bidirectional",
  "Angle",
  "CobbAngle",
  "EllipticalROI",
  "CircleROI",
  "RectangleROI",
  "PlanarFreehandROI",
  "SplineROI",
  "LivewireContour",
  "ArrowAnnotate",
  "Probe",
]);

/** @returns nothing while there is not enough of it to be kept. */
export function shapesOf(annotation: Annotation, project: Project): Shape[] | undefined {
  const points = cornersOf(annotation);
  const flat = (some: Vec3[]) => some.flatMap(project);
  const inSpace = project([0, 0, 0]).length === 3;
  switch (annotation.metadata.toolName) {
    case "Length":
    case "ArrowAnnotate":
      return points.length < 2 ? undefined : [line(flat(points.slice(0, 2)))];
    case "Bidirectional":
      return points.length < 4 ? undefined : [line(flat(points.slice(0, 2))), line(flat(points.slice(2, 4)))];
    case "Angle":
      return points.length < 3 ? undefined : [line(flat(points.slice(0, 3)))];
    case "CobbAngle":
      return points.length < 4 ? undefined : [line(flat(points.slice(0, 4)))];
    case "Probe":
      return points.length < 1 ? undefined : [{ graphic: "point", points: flat(points.slice(0, 1)) }];
    case "EllipticalROI":
      return points.length < 4 ? undefined : [{ graphic: "ellipse", points: flat(axes(points)) }];
    case "CircleROI":
      return points.length < 2 ? undefined : [circle(points, project, inSpace)];
    case "RectangleROI":
      return points.length < 4 ? undefined : [closed(rectangle(points), project, inSpace)];
    default:
      return outline(annotation, project, inSpace);
  }
}

const line = (points: number[]): Shape => ({ graphic: "polyline", points });

/** In space a closed line is a polygon; on an image a polyline that ends where it began (PS3.3 §C.18.6.1.2). */
function closed(points: Vec3[], project: Project, inSpace: boolean): Shape {
  const [first] = points;
  const round = first === undefined ? points : [...points, first];
  return { graphic: inSpace ? "polygon" : "polyline", points: round.flatMap(project) };
}

export function cornersOf({ data }: Annotation): Vec3[] {
  return (data.handles?.points ?? []).map(vec3);
}

/** The viewer gives top left, top right, bottom left, bottom right. */
function rectangle([a, b, c, d]: Vec3[]): Vec3[] {
  return [a, b, d, c].filter((point) => point !== undefined);
}

const distance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The ends of the major axis, then of the minor one. */
function axes(points: Vec3[]): Vec3[] {
  const [a = [0, 0, 0], b = a, c = a, d = a] = points;
  return distance(a, b) >= distance(c, d) ? [a, b, c, d] : [c, d, a, b];
}

/** A circle in space is said as an ellipse, whose axes are given by the view it was drawn in. */
function circle(points: Vec3[], project: Project, inSpace: boolean): Shape {
  const [centre = [0, 0, 0], end = centre] = points;
  if (!inSpace) return { graphic: "circle", points: [centre, end].flatMap(project) };
  const across = points.slice(1).find((one) => Math.abs(cosine(one, end, centre)) < 0.01) ?? end;
  const opposite = (point: Vec3): Vec3 => [
    2 * centre[0] - point[0],
    2 * centre[1] - point[1],
    2 * centre[2] - point[2],
  ];
  return {
    graphic: "ellipse",
    points: [end, opposite(end), across, opposite(across)].flatMap(project),
  };
}

function cosine(a: Vec3, b: Vec3, centre: Vec3): number {
  const [u, v] = [a, b].map((one) => [one[0] - centre[0], one[1] - centre[1], one[2] - centre[2]] as Vec3);
  if (u === undefined || v === undefined) return 1;
  const size = Math.hypot(...u) * Math.hypot(...v);
  return size === 0 ? 1 : (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / size;
}

export function outlineOf({ data }: Annotation): { points: Vec3[]; closed: boolean } | undefined {
  const { contour } = data;
  if (contour?.polyline === undefined || contour.polyline.length < 2) return undefined;
  return { points: thinned([...contour.polyline].map(vec3)), closed: contour.closed === true };
}

function thinned(points: Vec3[]): Vec3[] {
  const step = Math.ceil(points.length / MOST_POINTS);
  return step <= 1 ? points : points.filter((_, at) => at % step === 0);
}

function outline(annotation: Annotation, project: Project, inSpace: boolean): Shape[] | undefined {
  const drawn = outlineOf(annotation);
  if (drawn === undefined || drawn.points.length < (drawn.closed ? 3 : 2)) return undefined;
  return [drawn.closed ? closed(drawn.points, project, inSpace) : line(drawn.points.flatMap(project))];
}

type Stats = Record<string, unknown>;

/** What it came to, of everything that lies under it: CT and PET both where one lies over the other. */
export function valuesOf({ metadata, data }: Annotation): Value[] {
  const all = Object.values(data.cachedStats ?? {}).flatMap((stats) => read(metadata.toolName, stats));
  const seen = new Set<string>();
  return all.filter(({ quantity, derivation, unit }) => {
    const what = [quantity, derivation, unit].join();
    if (seen.has(what)) return false;
    seen.add(what);
    return true;
  });
}

function read(tool: string, stats: Stats): Value[] {
  switch (tool) {
    case "Length":
      return one("length", stats["length"], ucum(stats["unit"]));
    case "Bidirectional":
      return [
        ...one("long-axis", stats["length"], ucum(stats["unit"]), 0),
        ...one("short-axis", stats["width"], ucum(stats["unit"]), 1),
      ];
    case "Angle":
      return one("angle", stats["angle"], "deg");
    case "CobbAngle":
      return one("cobb-angle", stats["angle"], "deg");
    case "Probe":
      return one("pixel-value", stats["value"], ucum(stats["modalityUnit"]));
    case "ArrowAnnotate":
      return [];
    default:
      return region(stats);
  }
}

function region(stats: Stats): Value[] {
  const pixels = ucum(stats["modalityUnit"]);
  const of = (derivation: Value["derivation"], value: unknown): Value[] =>
    one("pixel-value", value, pixels).map((found) => ({ ...found, ...(derivation && { derivation }) }));
  return [
    ...one("area", stats["area"], ucum(stats["areaUnit"])),
    ...one("radius", stats["radius"], ucum(stats["radiusUnit"])),
    ...one("perimeter", stats["perimeter"], ucum(stats["unit"] ?? stats["radiusUnit"])),
    ...one("length", stats["length"], ucum(stats["unit"])),
    ...of("mean", stats["mean"]),
    ...of("standard-deviation", stats["stdDev"]),
    ...of("minimum", stats["min"]),
    ...of("maximum", stats["max"]),
  ];
}

function one(quantity: Value["quantity"], value: unknown, unit: string, shape?: number): Value[] {
  // A probe on a colour image gives three numbers, which are no measurement.
  if (typeof value !== "number" || !Number.isFinite(value)) return [];
  return [{ quantity, value: exact(value), unit, ...(shape === undefined ? {} : { shape }) }];
}
