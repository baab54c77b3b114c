// Between millimetres in the frame of reference and places on an image.
import type { Plane, Vec3 } from "./types";

export function vec3(numbers: ArrayLike<number>): Vec3 {
  return [exact(numbers[0] ?? 0), exact(numbers[1] ?? 0), exact(numbers[2] ?? 0)];
}

/** As many digits as every reader of JSON gives back unchanged; of millimetres that is far below an atom. */
export function exact(number: number): number {
  return Number(number.toPrecision(12));
}

const minus = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Column and row, counted so that the centre of the first pixel is 0.5, 0.5 (PS3.3 §C.18.6.1.1). */
export function onImage(plane: Plane, point: Vec3): [number, number] {
  const from = minus(point, plane.origin);
  return [dot(from, plane.along) / plane.columnSpacing + 0.5, dot(from, plane.down) / plane.rowSpacing + 0.5];
}

/** The other way round. */
export function inSpace(plane: Plane, [column, row]: [number, number]): Vec3 {
  const right = (column - 0.5) * plane.columnSpacing;
  const below = (row - 0.5) * plane.rowSpacing;
  const at = (axis: 0 | 1 | 2) => plane.origin[axis] + plane.along[axis] * right + plane.down[axis] * below;
  return [at(0), at(1), at(2)];
}

/** The plane's normal, in mm-free units. */
export function normalOf({ along, down }: Plane): Vec3 {
  return [
    along[1] * down[2] - along[2] * down[1],
    along[2] * down[0] - along[0] * down[2],
    along[0] * down[1] - along[1] * down[0],
  ];
}

/** What is known of an image's place; an image without one lies at the origin, as the viewer draws it. */
export function planeFrom(module: Record<string, unknown>): Plane {
  const numbers = (name: string, otherwise: Vec3): Vec3 => {
    const value = module[name];
    return isNumbers(value) && value.length >= 3 ? vec3(value) : otherwise;
  };
  const spacing = (name: string) => {
    const value = Number(module[name]);
    return value > 0 ? value : 1;
  };
  return {
    origin: numbers("imagePositionPatient", [0, 0, 0]),
    along: numbers("rowCosines", [1, 0, 0]),
    down: numbers("columnCosines", [0, 1, 0]),
    columnSpacing: spacing("columnPixelSpacing"),
    rowSpacing: spacing("rowPixelSpacing"),
  };
}

function isNumbers(value: unknown): value is ArrayLike<number> {
  return typeof value === "object" && value !== null && "length" in value;
}
