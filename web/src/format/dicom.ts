/** Person names, dates, times and ages as DICOM writes them, made readable. */

import { t } from "@lingui/core/macro";
import { format } from "../language/writing";

/** `DOE^JANE^^Dr` → `DOE, Jane`-like display without guessing: "Doe, Jane" stays as typed (PS3.5 §6.2.1). */
export function personName(value: string | null | undefined): string {
  const groups = (value ?? "").split("=").filter((group) => group.replaceAll("^", "").trim() !== "");
  return groups.map(oneName).join(" · ");
}

function oneName(group: string): string {
  const [family = "", given = "", middle = "", prefix = "", suffix = ""] = group
    .split("^")
    .map((part) => part.trim());
  const first = [prefix, given, middle].filter((part) => part !== "").join(" ");
  const name = [family, first].filter((part) => part !== "").join(", ");
  return suffix === "" ? name : `${name}, ${suffix}`;
}

/** `20261121` or `2026-11-21` → `21 Nov 2026`; anything else comes back as it is. */
export function dicomDate(value: string | null | undefined): string {
  const [, year, month, day] = /^(\d{4})[-.]?(\d{2})[-.]?(\d{2})$/.exec(value ?? "") ?? [];
  const date = new Date(`${year ?? ""}-${month ?? ""}-${day ?? ""}T00:00Z`);
  return Number.isNaN(date.getTime()) ? (value ?? "") : format("day").format(date);
}

/** `142501.5` or `14:25:01` → `14:25`. The scanner's own clock; DICOM gives it no zone by default. */
export function dicomTime(value: string | null | undefined): string {
  const match = /^(\d{2}):?(\d{2})/.exec(value ?? "");
  return match === null ? "" : `${match[1] ?? ""}:${match[2] ?? ""}`;
}

/** Whole years from birth to the exam; `undefined` when either date is unknown. */
export function ageAt(birth: string | null | undefined, exam: string | null | undefined): number | undefined {
  const born = digits(birth);
  const then = digits(exam);
  if (born === undefined || then === undefined || then < born) return undefined;
  const age = Math.floor((then - born) / 10_000);
  // Birth dates like 1789-01-01 stand for "unknown".
  return age > 130 ? undefined : age;
}

function digits(value: string | null | undefined): number | undefined {
  const plain = (value ?? "").replaceAll(/[-.]/g, "");
  return /^\d{8}$/.test(plain) ? Number(plain) : undefined;
}

export function sexWord(value: string | null | undefined): string {
  if (value === "F") return t`female`;
  if (value === "M") return t`male`;
  if (value === "O") return t`other`;
  return "";
}
