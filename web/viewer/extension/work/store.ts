// What is known of the work on the exams that are open, for the panel and the line in the header.
import type { Standing } from "./keeper";
import type { Schemas } from "../../../src/api/client";
import type { Item, Report } from "./types";

export interface Row {
  study: string;
  item: Item;
  standing: Standing;
}

/** What is known of segmentations. */
export interface Marked {
  unsent: number;
  offline: boolean;
  /** Why one can't be kept. */
  trouble: string | undefined;
  /** Whether any of one's own is kept. */
  kept: boolean;
  others: (Schemas["SegmentationItem"] & { study: string })[];
}

export interface Known {
  marks: Marked;
  /** One for each measurement, own ones first. */
  rows: Row[];
  reports: (Report & { study: string })[];
  /** Changes that aren't kept yet. */
  unsent: number;
  offline: boolean;
  mayMeasure: boolean;
  /** Exams whose work could not be asked for. */
  failed: string[];
  /** Before anything is known. */
  asking: boolean;
}

let known: Known = {
  marks: { unsent: 0, offline: false, trouble: undefined, kept: false, others: [] },
  rows: [],
  reports: [],
  unsent: 0,
  offline: false,
  mayMeasure: true,
  failed: [],
  asking: true,
};
const listeners = new Set<() => void>();

export const current = (): Known => known;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function publish(change: Partial<Known>): void {
  known = { ...known, ...change };
  for (const listener of listeners) listener();
}
