/** Where the axis of time has its lines, and what stands at them. */
import { writing } from "../../language/language";
import type { Range } from "./lanes";

export interface Tick {
  at: number;
  label: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Unit = "hour" | "day" | "month" | "year";

/** Steps from fine to coarse, with about how long each is. */
const STEPS: { unit: Unit; by: number; about: number }[] = [
  { unit: "hour", by: 1, about: HOUR },
  { unit: "hour", by: 6, about: 6 * HOUR },
  { unit: "day", by: 1, about: DAY },
  { unit: "day", by: 7, about: 7 * DAY },
  { unit: "month", by: 1, about: 30 * DAY },
  { unit: "month", by: 3, about: 91 * DAY },
  { unit: "year", by: 1, about: 365 * DAY },
  { unit: "year", by: 2, about: 730 * DAY },
  { unit: "year", by: 5, about: 1826 * DAY },
  { unit: "year", by: 10, about: 3652 * DAY },
  { unit: "year", by: 25, about: 9131 * DAY },
];

const WIDE = 92;

/** Lines far enough apart for their words. Records tell their own clock; it is shown as it was told. */
export function ticks(range: Range, width: number): Tick[] {
  const wanted = ((range.to - range.from) / Math.max(width, 1)) * WIDE;
  const step = STEPS.find(({ about }) => about >= wanted) ?? STEPS.at(-1);
  if (step === undefined) return [];
  const found: Tick[] = [];
  for (let at = floor(range.from, step.unit, step.by); at <= range.to && found.length < 60;) {
    if (at >= range.from) found.push({ at, label: label(at, step.unit) });
    at = next(at, step.unit, step.by);
  }
  return found;
}

function floor(time: number, unit: Unit, by: number): number {
  const date = new Date(time);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === "year") return Date.UTC(Math.floor(year / by) * by, 0, 1);
  if (unit === "month") return Date.UTC(year, Math.floor(month / by) * by, 1);
  const size = by * (unit === "day" ? DAY : HOUR);
  return Math.floor(time / size) * size;
}

function next(time: number, unit: Unit, by: number): number {
  const date = new Date(time);
  if (unit === "year") return Date.UTC(date.getUTCFullYear() + by, 0, 1);
  if (unit === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1);
  return time + by * (unit === "day" ? DAY : HOUR);
}

const FORMS: Record<Unit, Intl.DateTimeFormatOptions> = {
  year: { year: "numeric" },
  month: { month: "short", year: "numeric" },
  day: { day: "numeric", month: "short", year: "2-digit" },
  hour: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
};

const label = (time: number, unit: Unit): string =>
  new Intl.DateTimeFormat(writing(), { ...FORMS[unit], timeZone: "UTC" }).format(time);
