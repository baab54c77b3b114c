/** Instants, sizes, counts and durations in plain words. */

const minutes = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
} as const;
const instant = new Intl.DateTimeFormat("en-GB", minutes);

/** A moment on the reader's own clock, with its zone: `21 Nov 2026, 20:00 UTC`. */
export const moment = (value: string): string => {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : instant.format(date);
};

const exact = new Intl.DateTimeFormat("en-GB", { ...minutes, second: "2-digit" });

/** The same to the second, for logs. */
export const exactMoment = (value: string): string => {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : exact.format(date);
};

const whole = new Intl.NumberFormat("en");
export const count = (value: number): string => whole.format(value);

/** `1 file`, `2 files`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Powers of 1000, as discs and networks count. */
export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** step;
  return `${scaled.toFixed(step === 0 || scaled >= 100 ? 0 : 1)} ${UNITS[step] ?? "B"}`;
}

/** Time left, rounded so that it doesn't flicker. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds";
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return `${hours} h ${Math.ceil((seconds % 3600) / 60)} min`;
}
