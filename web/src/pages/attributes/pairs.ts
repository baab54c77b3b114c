import type { Attribute } from "../../api/exams";

/** An attribute of two data sets, or of one. */
export interface Pair {
  /** Says the same place in both: tags, items, and for private ones their creator. */
  key: string;
  left: Attribute | undefined;
  right: Attribute | undefined;
  state: State;
  /** What is in the items of a sequence, item by item. */
  items: Pair[][];
}

export type State = "same" | "differs" | "left" | "right";

/** Attributes of one data set. */
export const alone = (attributes: Attribute[]): Pair[] => paired(attributes, undefined);

/** Two data sets beside each other, in the order of tags. */
export const beside = (left: Attribute[], right: Attribute[]): Pair[] => paired(left, right);

type Both = [Attribute | undefined, Attribute | undefined];

/** Without `right` there is nothing to compare with, and all is the same. */
function paired(left: Attribute[], right: Attribute[] | undefined, path = ""): Pair[] {
  const places = new Map<string, Both>();
  for (const one of left) places.set(placeOf(one), [one, undefined]);
  for (const other of right ?? []) places.set(placeOf(other), [places.get(placeOf(other))?.[0], other]);
  return [...places]
    .toSorted(([, a], [, b]) => order(a) - order(b))
    .map(([place, [one, other]]) => pair(`${path}/${place}`, one, other, right !== undefined));
}

function pair(key: string, left: Attribute | undefined, right: Attribute | undefined, two: boolean): Pair {
  const count = Math.max(left?.items?.length ?? 0, right?.items?.length ?? 0);
  const items = Array.from({ length: count }, (_, at) =>
    paired(left?.items?.[at] ?? [], two ? (right?.items?.[at] ?? []) : undefined, `${key}[${at + 1}]`),
  );
  return { key, left, right, items, state: two ? stateOf(left, right) : "same" };
}

function stateOf(left: Attribute | undefined, right: Attribute | undefined): State {
  if (left === undefined) return "right";
  if (right === undefined) return "left";
  return equal(left, right) ? "same" : "differs";
}

/** The block of a private group is where a creator found room; the same element may stand in another one. */
function placeOf({ tag, creator }: Attribute): string {
  return creator ? `${tag.slice(0, 4)}xx${tag.slice(6)}:${creator}` : tag;
}

const order = ([left, right]: Both): number => Number.parseInt(left?.tag ?? right?.tag ?? "0", 16);

function equal(left: Attribute, right: Attribute): boolean {
  const plain = ({ vr, value, length, sha256 }: Attribute) => JSON.stringify([vr, value, length, sha256]);
  if (plain(left) !== plain(right)) return false;
  const [a, b] = [left.items ?? [], right.items ?? []];
  return a.length === b.length && a.every((item, at) => equalSets(item, b[at] ?? []));
}

function equalSets(left: Attribute[], right: Attribute[]): boolean {
  const others = new Map(right.map((one) => [placeOf(one), one]));
  return (
    left.length === right.length &&
    left.every((one) => {
      const other = others.get(placeOf(one));
      return other !== undefined && equal(one, other);
    })
  );
}

/** How many attributes differ or stand on one side only, at whatever depth. */
export function differences(pairs: Pair[]): number {
  return pairs
    .filter(({ state }) => state !== "same")
    .reduce((sum, { items, state }) => {
      const inside = state === "differs" ? differences(items.flat()) : 0;
      return sum + Math.max(1, inside);
    }, 0);
}
