/** How long before (or after) the exam on screen another one was made, in words. */
export function between(other: string | null | undefined, exam: string | null | undefined): string {
  if (!other || !exam) return "";
  const days = Math.round((Date.parse(exam) - Date.parse(other)) / 86_400_000);
  if (Number.isNaN(days)) return "";
  if (days === 0) return "same day";
  const size = Math.abs(days);
  const long =
    size < 60
      ? count(size, "day")
      : size < 730
        ? count(Math.round(size / 30.44), "month")
        : count(Math.round(size / 365.25), "year");
  return `${long} ${days > 0 ? "before" : "after"}`;
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
