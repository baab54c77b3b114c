import { t } from "@lingui/core/macro";
import type { Entry } from "../../api/records";
import { writing } from "../../language/language";

const SECOND = 1_000;
const DAY = 86_400_000;

/** Records tell their own clock, which is kept in UTC: it is shown as it was told, without a zone. */
function words(value: number, timed: boolean): string {
  const form: Intl.DateTimeFormatOptions = timed
    ? { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }
    : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(writing(), { ...form, timeZone: "UTC", hourCycle: "h23" }).format(value);
}

/** When something was, or from when to when. A whole day, month or year is told as its first day. */
export function whenWords({ begins, ends, kind }: Pick<Entry, "begins" | "ends" | "kind">): string {
  const from = Date.parse(begins ?? "");
  if (Number.isNaN(from)) return t`no time given`;
  const to = Date.parse(ends ?? "");
  const timed = from % DAY !== 0;
  if (Number.isNaN(to)) return kind === "Condition" ? t`since ${words(from, timed)}` : words(from, timed);
  const long = to - from > DAY || (timed && to - from > 60 * SECOND);
  if (!long) return words(from, timed);
  return t`${words(from, timed)} to ${words(to - (to % DAY === 0 ? SECOND : 0), timed)}`;
}
