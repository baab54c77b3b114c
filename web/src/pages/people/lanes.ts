/** Entries of a record by what they are, and how they are laid out on the axis of time. */
import { t } from "@lingui/core/macro";
import type { Entry } from "../../api/records";

export const LANES = [
  "encounters",
  "orders",
  "exams",
  "reports",
  "observations",
  "medications",
  "conditions",
  "procedures",
  "other",
] as const;

export type Lane = (typeof LANES)[number];

const LABELS: Record<Lane, () => string> = {
  encounters: () => t`Encounters`,
  orders: () => t`Orders`,
  exams: () => t`Exams`,
  reports: () => t`Reports`,
  observations: () => t`Observations`,
  medications: () => t`Medication`,
  conditions: () => t`Conditions`,
  procedures: () => t`Procedures`,
  other: () => t`Other`,
};

export const laneLabel = (lane: Lane): string => LABELS[lane]();

const KINDS: Record<string, Lane> = {
  Encounter: "encounters",
  Appointment: "encounters",
  ServiceRequest: "orders",
  Exam: "exams",
  ImagingStudy: "exams",
  DiagnosticReport: "reports",
  DocumentReference: "reports",
  Observation: "observations",
  Condition: "conditions",
  AllergyIntolerance: "conditions",
  Procedure: "procedures",
  Immunization: "medications",
};

export const laneOf = ({ kind }: Pick<Entry, "kind">): Lane =>
  KINDS[kind] ?? (kind.startsWith("Medication") ? "medications" : "other");

/** What names an entry on a page. */
export const keyOf = (entry: Pick<Entry, "record" | "study">): string =>
  entry.study ? `exam-${entry.study}` : `record-${entry.record ?? 0}`;

const DAY = 86_400_000;

export interface Placed {
  entry: Entry;
  key: string;
  lane: Lane;
  from: number;
  /** The same as `from` of what happens at a moment or on a day. */
  to: number;
  /** Nothing says that it has ended. */
  open: boolean;
}

/** Entries with a time, on the axis. What goes on is drawn until `now`. */
export function placed(entries: Entry[], now: number): Placed[] {
  return entries.flatMap((entry): Placed[] => {
    const from = Date.parse(entry.begins ?? "");
    if (Number.isNaN(from)) return [];
    const end = Date.parse(entry.ends ?? "");
    const lane = laneOf(entry);
    const goesOn = Number.isNaN(end) && (lane === "conditions" || lane === "encounters");
    const to = goesOn ? Math.max(now, from) : Number.isNaN(end) ? from : end;
    // A whole day is how a day without a time is told, not how long it took.
    const long = to - from > DAY || (lane === "encounters" && to - from > 60_000);
    return [{ entry, key: keyOf(entry), lane, from, to: long ? to : from, open: goesOn }];
  });
}

export interface Range {
  from: number;
  to: number;
}

/** Everything, with some air on both sides. */
export function whole(all: Placed[], now: number): Range {
  if (all.length === 0) return { from: now - 30 * DAY, to: now };
  const from = all.reduce((least, one) => Math.min(least, one.from), Infinity);
  const to = all.reduce((most, one) => Math.max(most, one.open ? one.from : one.to), -Infinity);
  const air = Math.max((to - from) * 0.04, DAY);
  return { from: from - air, to: to + air * 4 };
}

const SHORTEST = 3_600_000;
const LONGEST = 130 * 365 * DAY;

/** Nearer or further, with what is at `at` (0 to 1) staying where it is. */
export function zoomed({ from, to }: Range, by: number, at = 0.5): Range {
  const span = to - from;
  const next = Math.min(LONGEST, Math.max(SHORTEST, span * by));
  const still = from + span * at;
  return { from: still - next * at, to: still + next * (1 - at) };
}

/** Where the zoom holds still: at the chosen entry while it is seen, else in the middle. */
export function stillAt({ from, to }: Range, chosen: Placed | undefined): number {
  const at = chosen === undefined ? 0.5 : (chosen.from - from) / (to - from);
  return at >= 0 && at <= 1 ? at : 0.5;
}

/** To the side by a part of what is seen. */
export function panned({ from, to }: Range, part: number): Range {
  const step = (to - from) * part;
  return { from: from + step, to: to + step };
}

/** What is drawn at one place: an entry, or several that lie too near to be told apart. */
export interface Drawn {
  key: string;
  members: Placed[];
  lane: Lane;
  row: number;
  x: number;
  width: number;
  /** Room for words at its right. */
  room: number;
}

const APART = 13;
const BAR = 8;
const ROWS = 5;

/** Lays out one lane: bars and dots in rows, so that none covers another; near dots become one. */
export function laidOut(all: Placed[], range: Range, width: number): Drawn[] {
  const scale = width / (range.to - range.from);
  const x = (time: number) => (time - range.from) * scale;
  const seen = all
    .filter(({ from, to }) => to >= range.from && from <= range.to)
    .toSorted((a, b) => a.from - b.from || a.key.localeCompare(b.key));
  const drawn: Drawn[] = [];
  const ends: number[] = [];
  let last: Drawn | undefined;
  for (const one of seen) {
    const left = Math.max(-2, x(one.from));
    const long = x(one.to) - left;
    const bar = one.to > one.from && long > BAR;
    if (!bar && last !== undefined && left - last.x < APART && last.width === 0) {
      last.members.push(one);
      continue;
    }
    const free = ends.findIndex((end) => end + 3 < left);
    const row = free >= 0 ? free : Math.min(ends.length, ROWS - 1);
    const right = bar ? Math.min(width + 2, left + long) : left + APART;
    const item: Drawn = {
      key: one.key,
      members: [one],
      lane: one.lane,
      row,
      x: left,
      width: bar ? right - left : 0,
      room: 0,
    };
    ends[row] = Math.max(ends[row] ?? 0, right);
    drawn.push(item);
    if (!bar) last = item;
  }
  return roomy(drawn, width);
}

function roomy(drawn: Drawn[], width: number): Drawn[] {
  return drawn.map((one) => {
    const begin = one.width > 60 ? one.x : one.x + Math.max(one.width, APART / 2);
    const next = drawn
      .filter((other) => other !== one && other.row === one.row && other.x > one.x)
      .reduce((least, other) => Math.min(least, other.x), width);
    const room = one.width > 60 ? one.width : next - begin - 8;
    return { ...one, room };
  });
}
