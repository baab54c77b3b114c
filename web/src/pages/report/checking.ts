/** What a person decides of what a report was read to say, before it is kept. */
import type { CheckedFinding, Check, CheckRow, Verdict } from "../../api/checks";
import type { Finding, Reading, Span } from "./reading";

/** A finding on its way: nobody may have decided yet. */
export interface Draft extends Omit<CheckedFinding, "verdict"> {
  verdict: Verdict | "open";
}

/** From what was kept for this version, else from what was read. */
export function draftsOf(reading: Reading, version: number, checks: CheckRow[]): Draft[] {
  const kept = checks.find((one) => one.version === version);
  if (kept !== undefined) return kept.findings.map((one) => ({ ...one }));
  return reading.findings.map(opened);
}

const opened = (finding: Finding): Draft => ({
  verdict: "open",
  finding: finding.finding,
  start: finding.span.start,
  end: finding.span.end,
  assertion: finding.assertion,
  temporality: finding.temporality,
  laterality: finding.laterality,
});

/** Another word for one of them: corrected, unless it was added. */
export const changed = (draft: Draft, change: Partial<Draft>): Draft => ({
  ...draft,
  ...change,
  verdict: draft.verdict === "added" ? "added" : "corrected",
});

export const isOpen = ({ verdict }: Draft): boolean => verdict === "open";

/** The rest is right. */
export const confirmed = (drafts: Draft[]): Draft[] =>
  drafts.map((draft) => (isOpen(draft) ? { ...draft, verdict: "confirmed" } : draft));

export function checkOf(drafts: Draft[], reading: Reading, version: number): Check {
  const decided = drafts.flatMap(({ verdict, ...rest }) =>
    verdict === "open" ? [] : [{ ...rest, verdict }],
  );
  return { version, engine: reading.engine, lexicon: reading.lexicon, findings: decided };
}

/** "Pleural effusion" → `pleural_effusion`; nothing if no letter is left. */
export function keyOf(name: string): string | undefined {
  const key = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  return key === "" || key.length > 64 ? undefined : key;
}

/** Where words stand in a text first, in bytes; letters may be small or capital. */
export function spanOf(text: string, words: string): Span | undefined {
  const wanted = words.trim().toLowerCase();
  const at = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted);
  return at < 0 ? undefined : bytesOf(text, at, at + wanted.length);
}

/** From places in a string to bytes of UTF-8. */
export function bytesOf(text: string, from: number, to: number): Span {
  const bytes = (part: string) => new TextEncoder().encode(part).length;
  const start = bytes(text.slice(0, from));
  return { start, end: start + bytes(text.slice(from, to)) };
}
