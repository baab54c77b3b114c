/** How the reader's language writes days, moments and numbers. Months by name, hours to 24, zones always. */
import { writing } from "./language";

const minutes = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
} as const;

const FORMATS = {
  /** A day of a calendar, without a zone: to be given as midnight UTC. */
  day: { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" },
  minute: minutes,
  second: { ...minutes, second: "2-digit" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const made = new Map<string, Intl.DateTimeFormat>();

/** They are slow to make and kept. */
export function format(name: keyof typeof FORMATS): Intl.DateTimeFormat {
  const key = `${writing()} ${name}`;
  const kept = made.get(key) ?? new Intl.DateTimeFormat(writing(), FORMATS[name]);
  made.set(key, kept);
  return kept;
}
