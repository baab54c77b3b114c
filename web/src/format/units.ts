/** Instants, sizes, counts and durations in plain words. */

import { plural, t } from "@lingui/core/macro";
import { writing } from "../language/language";
import { format } from "../language/writing";

/** A moment on the reader's own clock, with its zone: `21 Nov 2026, 20:00 UTC`. */
export const moment = (value: string): string => instant(value, "minute");

/** The same to the second, for logs. */
export const exactMoment = (value: string): string => instant(value, "second");

function instant(value: string, to: "minute" | "second"): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : format(to).format(date);
}

export const count = (value: number): string => value.toLocaleString(writing());

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
  if (seconds < 5) return t`a few seconds`;
  if (seconds < 60) return `${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  const hours = Math.floor(seconds / 3600);
  return t`${hours} h ${Math.ceil((seconds % 3600) / 60)} min`;
}

/** A time of some days, in the unit people think of it in. */
export function days(value: number): string {
  if (value < 60) return plural(value, { one: "# day", other: "# days" });
  if (value < 730) return plural(Math.round(value / 30.44), { one: "# month", other: "# months" });
  return plural(Math.round(value / 365.25), { one: "# year", other: "# years" });
}
