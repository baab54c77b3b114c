/** What differs between two definitions. */
import type { Condition, Definition } from "../../api/cohorts";
import { fromDefinition } from "./draft";
import { draftLines } from "./words";

export interface Changed {
  change: "same" | "added" | "removed";
  text: string;
}

/** The criteria of both, one below the other, with what came and what went. */
export function differences(before: Definition, after: Definition): Changed[] {
  const [old, now] = [draftLines(fromDefinition(before)), draftLines(fromDefinition(after))];
  const found: Changed[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < now.length) {
    const [a, b] = [old[at], now[to]];
    if (a !== undefined && a === b) {
      found.push({ change: "same", text: a });
      at += 1;
      to += 1;
    } else if (
      a !== undefined &&
      (b === undefined || longest(old, now, at + 1, to) >= longest(old, now, at, to + 1))
    ) {
      found.push({ change: "removed", text: a });
      at += 1;
    } else {
      found.push({ change: "added", text: b ?? "" });
      to += 1;
    }
  }
  return found;
}

/** How many lines both still have in common, in order. Definitions are short: at most 64 criteria. */
function longest(old: string[], now: string[], at: number, to: number): number {
  const below = new Array<number>(now.length - to + 1).fill(0);
  for (let i = old.length - 1; i >= at; i -= 1) {
    let corner = 0;
    for (let j = now.length - 1; j >= to; j -= 1) {
      const old_ = below[j - to] ?? 0;
      below[j - to] = old[i] === now[j] ? corner + 1 : Math.max(old_, below[j - to + 1] ?? 0);
      corner = old_;
    }
  }
  return below[0] ?? 0;
}

/** Questions that tell who came, who went and who stayed. */
export function comparison(
  before: Definition,
  after: Definition,
): Record<"came" | "went" | "stayed", Definition> {
  const both = (one: Condition, other: Condition): Definition => ({
    language: after.language,
    patients: { all: [one, other] },
  });
  return {
    came: both(after.patients, { not: before.patients }),
    went: both(before.patients, { not: after.patients }),
    stayed: both(before.patients, after.patients),
  };
}
