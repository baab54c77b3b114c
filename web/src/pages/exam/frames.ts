import type { Instance, Series } from "../../api/exams";

/** One picture of a series: an instance, and a frame of it counted from 1. */
export interface Frame {
  instance: Instance;
  frame: number;
}

/** All pictures of a series in reading order. Objects without pixels (reports, plans) have none. */
export function framesOf(series: Series | undefined): Frame[] {
  const instances = (series?.instances ?? []).filter((instance) => instance.renderable);
  return inOrder(instances).flatMap((instance) =>
    Array.from({ length: Math.max(1, instance.frames) }, (_, index) => ({ instance, frame: index + 1 })),
  );
}

function inOrder(instances: Instance[]): Instance[] {
  return instances.toSorted((a, b) => (a.instanceNumber ?? Infinity) - (b.instanceNumber ?? Infinity) || 0);
}

/** The series to show first: the one with the most pictures, so that a scout isn't what one sees. */
export function firstSeries(all: Series[]): Series | undefined {
  const pictures = (series: Series) => series.instances.filter((instance) => instance.renderable).length;
  return all.toSorted((a, b) => pictures(b) - pictures(a))[0];
}

/** Frames worth having before they are asked for: more ahead than behind, nearest first. */
export function ahead(index: number, direction: 1 | -1, length: number): number[] {
  const wanted = [1, 2, 3, -1, 4, 5, 6, -2, 7, 8];
  return wanted.map((step) => index + step * direction).filter((at) => at >= 0 && at < length);
}
