import type { PreviewedAttribute } from "../../api/policies";

export type Filter = "all" | "changed" | "kept";

/** Whether a row is among those asked for. */
export function isShown(one: PreviewedAttribute, filter: Filter, words: string): boolean {
  if (filter !== "all" && (filter === "kept") !== (one.outcome === "kept")) return false;
  const { path, keyword, name, creator, before, after, why } = one;
  const text = [path, digitsOf(path), keyword, name, creator, before, after, why].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The last step of a path: `(0008,1155)` of `(0008,1110)[0].(0008,1155)`. */
export const tagOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

/** Eight hexadecimal digits. */
export const digitsOf = (path: string): string => tagOf(path).replaceAll(/[(),]/g, "");

/** How deep an attribute lies in sequences; 0 for those of the object itself. */
export const depthOf = (path: string): number => path.split(".").length - 1;

/** The items an attribute lies in, for people: `1.2` of the second item in the first one. */
export function itemOf(path: string): string {
  return [...path.matchAll(/\[(\d+)\]/g)].map(([, at]) => String(Number(at) + 1)).join(".");
}
