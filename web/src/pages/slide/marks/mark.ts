/** What is drawn on a slide, in pixels of its finest level, and as the measurement that keeps it. */

import type { Schemas } from "../../../api/client";
import type { Slide } from "../slides";

export const KINDS = ["point", "line", "rectangle", "polygon"] as const;
export type Kind = (typeof KINDS)[number];

/** Column and row from the corner of the first pixel. */
export type Spot = readonly [x: number, y: number];

export interface Mark {
  uid: string;
  kind: Kind;
  /** Of a rectangle two opposite corners; a polygon is closed from the last to the first. */
  spots: Spot[];
  label: string;
  author: string;
  own: boolean;
}

type Measurement = Schemas["Measurement"];
type WorkItem = Schemas["WorkItem"];
type SlidePlace = NonNullable<Slide["place"]>;
type Vector = readonly number[];

/** Tells the viewer of images that these are not its own. */
const TOOL = "slide-";

/** A UID made of random bits (PS3.5 §B.2). */
export function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `2.25.${bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)}`;
}

/** Where the corners of a mark's outline are. */
export function outline({ kind, spots }: Pick<Mark, "kind" | "spots">): Spot[] {
  const [a, b] = spots;
  if (kind !== "rectangle" || a === undefined || b === undefined) return spots;
  return [a, [b[0], a[1]], b, [a[0], b[1]]];
}

/** Millimetres of a line, square millimetres of what encloses something. */
export function measure(
  mark: Pick<Mark, "kind" | "spots">,
  slide: Slide,
): { length: number } | { area: number } | undefined {
  const [across, down] = slide.micrometresPerPixel ?? [];
  if (across === undefined || down === undefined || mark.kind === "point") return undefined;
  const corners = outline(mark).map(([x, y]): Spot => [(x * across) / 1000, (y * down) / 1000]);
  const [a, b] = corners;
  if (a === undefined || b === undefined) return undefined;
  if (mark.kind === "line") return { length: Math.hypot(b[0] - a[0], b[1] - a[1]) };
  const twice = corners.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = corners[(at + 1) % corners.length] ?? a;
    return sum + x * nextY - nextX * y;
  }, 0);
  return { area: Math.abs(twice) / 2 };
}

/** In mm of the slide's frame of reference, as other programs for slides have it (SCOORD3D). */
export function toMeasurement(mark: Mark, slide: Slide, place: SlidePlace): Measurement {
  const corners = outline(mark);
  const closed = mark.kind === "rectangle" || mark.kind === "polygon";
  const points = closed ? [...corners, ...corners.slice(0, 1)] : corners;
  const measured = measure(mark, slide);
  const values =
    measured === undefined
      ? []
      : "length" in measured
        ? [{ quantity: "length", value: measured.length, unit: "mm" }]
        : [{ quantity: "area", value: measured.area, unit: "mm2" }];
  return {
    trackingUid: mark.uid,
    tool: TOOL + mark.kind,
    label: mark.label,
    frameOfReferenceUid: place.frameOfReferenceUid,
    shapes: [
      {
        graphic: mark.kind === "point" ? "point" : closed ? "polygon" : "polyline",
        points: points.flatMap((spot) => toSpace(spot, place)),
      },
    ],
    values,
  };
}

/** Nothing where it lies on another slide, or was not drawn on one. */
export function fromWork({ measurement, author, own }: WorkItem, place: SlidePlace): Mark | undefined {
  const kind = KINDS.find((one) => measurement.tool === TOOL + one);
  const points = measurement.shapes?.[0]?.points;
  if (kind === undefined || points === undefined) return undefined;
  if (measurement.frameOfReferenceUid !== place.frameOfReferenceUid) return undefined;
  const spots: Spot[] = [];
  for (let at = 0; at + 2 < points.length; at += 3) spots.push(fromSpace(points.slice(at, at + 3), place));
  const corners = kind === "polygon" ? spots.slice(0, -1) : spots;
  const drawn = kind === "rectangle" ? corners.filter((_, at) => at === 0 || at === 2) : corners;
  return { uid: measurement.trackingUid, kind, spots: drawn, label: measurement.label ?? "", author, own };
}

function toSpace([x, y]: Spot, { origin, right, down }: SlidePlace): number[] {
  return [0, 1, 2].map((at) => (origin[at] ?? 0) + x * (right[at] ?? 0) + y * (down[at] ?? 0));
}

/** Rows and columns of a slide are at right angles. */
function fromSpace(point: Vector, { origin, right, down }: SlidePlace): Spot {
  const from = point.map((value, at) => value - (origin[at] ?? 0));
  return [dot(from, right) / dot(right, right), dot(from, down) / dot(down, down)];
}

const dot = (a: Vector, b: Vector): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
