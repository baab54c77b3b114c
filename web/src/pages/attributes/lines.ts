import type { Attribute } from "../../api/exams";
import { tagText } from "../exam/tree";
import type { Pair } from "./pairs";

/** One line of the tree. */
export interface Line {
  key: string;
  /** From 1, as ARIA counts. */
  level: number;
  pair: Pair;
  /** For the heading of an item inside a sequence: its number, from 1. */
  item: number | undefined;
  /** `undefined` where there is nothing to open. */
  open: boolean | undefined;
}

export interface Show {
  words: string;
  onlyDifferences: boolean;
  /** Lines that stand otherwise than they would by themselves. */
  toggled: ReadonlySet<string>;
}

/** The lines to show. What was looked for, and what differs, is opened by itself. */
export function linesOf(pairs: Pair[], show: Show): Line[] {
  const words = show.words.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = show.onlyDifferences ? differing(pairs) : pairs;
  return lines(words.length === 0 ? kept : matching(kept, words), show, 1, words.length > 0);
}

function lines(pairs: Pair[], show: Show, level: number, found: boolean): Line[] {
  return pairs.flatMap((pair) => {
    const head = { key: pair.key, level, pair, item: undefined };
    if (pair.items.every((item) => item.length === 0)) return [{ ...head, open: undefined }];
    const open = (found || show.onlyDifferences) !== show.toggled.has(pair.key);
    if (!open) return [{ ...head, open }];
    return [
      { ...head, open },
      ...pair.items.flatMap((item, at) => itemLines(pair, item, at, show, level, found)),
    ];
  });
}

function itemLines(pair: Pair, item: Pair[], at: number, show: Show, level: number, found: boolean): Line[] {
  if (item.length === 0) return [];
  const heading = { key: `${pair.key}[${at + 1}]`, level: level + 1, pair, item: at + 1, open: undefined };
  return [heading, ...lines(item, show, level + 2, found)];
}

/** Only what differs. Of a sequence that one side lacks, everything. */
function differing(pairs: Pair[]): Pair[] {
  return pairs
    .filter(({ state }) => state !== "same")
    .map((pair) => (pair.state === "differs" ? { ...pair, items: pair.items.map(differing) } : pair));
}

/** What has every word, with the sequences around it. */
function matching(pairs: Pair[], words: string[]): Pair[] {
  return pairs.flatMap((pair) => {
    const items = pair.items.map((item) => matching(item, words));
    if (items.some((item) => item.length > 0)) return [{ ...pair, items }];
    return matches(pair, words) ? [{ ...pair, items: pair.items }] : [];
  });
}

function matches({ left, right }: Pair, words: string[]): boolean {
  const text = [left, right]
    .flatMap((one) => (one === undefined ? [] : textOf(one)))
    .join(" ")
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

const textOf = ({ tag, keyword, name, creator, vr, value }: Attribute): (string | null | undefined)[] => [
  tag,
  tagText(tag),
  keyword,
  name,
  creator,
  vr,
  ...(value ?? []),
];

/** Where a key leads in a tree (ARIA Authoring Practices, tree view): another line, or a toggle of this one. */
export function step(
  lines: Line[],
  at: number,
  key: string,
): { to: number } | { toggle: string } | undefined {
  const line = lines[at];
  if (line === undefined) return undefined;
  const last = lines.length - 1;
  const moves: Record<string, number> = {
    ArrowDown: Math.min(last, at + 1),
    ArrowUp: Math.max(0, at - 1),
    PageDown: Math.min(last, at + PAGE),
    PageUp: Math.max(0, at - PAGE),
    Home: 0,
    End: last,
  };
  const to = moves[key];
  if (to !== undefined) return { to };
  if (key === "ArrowRight") return line.open === false ? { toggle: line.key } : into(lines, at);
  if (key === "ArrowLeft") return line.open === true ? { toggle: line.key } : { to: parent(lines, at) };
  if ((key === "Enter" || key === " ") && line.open !== undefined) return { toggle: line.key };
  return undefined;
}

/** Lines that Page Up and Page Down pass. */
const PAGE = 15;

function into(lines: Line[], at: number): { to: number } | undefined {
  const inside = (lines[at + 1]?.level ?? 0) > (lines[at]?.level ?? 0);
  return inside ? { to: at + 1 } : undefined;
}

function parent(lines: Line[], at: number): number {
  const level = lines[at]?.level ?? 1;
  const above = lines.slice(0, at).findLastIndex((line) => line.level < level);
  return above === -1 ? at : above;
}
