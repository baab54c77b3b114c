/** Criteria around a criterion as windows on a line of days. */
import type { Row } from "./draft";

/** When something may be, in days from the first; an end that is not there is open. */
export interface Window {
  row: Row;
  from: number | undefined;
  to: number | undefined;
  absent: boolean;
  /** Under which other window it stands; none: under the first. */
  depth: number;
}

/** Windows of a row's neighbours, each below the other; none where nothing of time is asked. */
export function windowsOf(
  row: Row,
  from: number | undefined = 0,
  to: number | undefined = 0,
  depth = 0,
): Window[] {
  return row.beside.flatMap(({ near, absent, has }): Window[] => {
    // Of the same exam: on the same day as what it stands beside.
    if (near === "sameExam") return windowsOf(has, from, to, depth);
    const days = near === "anyTime" ? {} : near.days;
    const window = { row: has, from: plus(from, days.from), to: plus(to, days.to), absent, depth };
    return [window, ...windowsOf(has, window.from, window.to, depth + 1)];
  });
}

const plus = (day: number | undefined, days: number | undefined): number | undefined =>
  day === undefined || days === undefined ? undefined : day + days;

export interface Scale {
  from: number;
  to: number;
  /** From days to a place between 0 and 1. */
  place: (day: number) => number;
}

/** A line that all closed ends fit on, with room at open ones. */
export function scaleOf(windows: Window[]): Scale {
  const ends = windows.flatMap(({ from, to }) => [from, to]).filter((day) => day !== undefined);
  const least = Math.min(0, ...ends);
  const most = Math.max(0, ...ends);
  const room = Math.max(most - least, 7) * 0.15;
  const from = least - (windows.some((one) => one.from === undefined) ? room : room / 3);
  const to = most + (windows.some((one) => one.to === undefined) ? room : room / 3);
  const wide = Math.max(to - from, 1);
  return { from, to, place: (day) => (day - from) / wide };
}

/** Days at which the line has a word: the first and every closed end, those too near to another left out. */
export function marksOf(windows: Window[], scale: Scale, apart: number): number[] {
  const ends = windows.flatMap(({ from, to }) => [from, to]).filter((day) => day !== undefined);
  const days = [...new Set(ends)].toSorted((a, b) => a - b);
  const kept = [0];
  for (const day of days) {
    if (kept.every((other) => Math.abs(scale.place(day) - scale.place(other)) >= apart)) kept.push(day);
  }
  return kept.toSorted((a, b) => a - b);
}
