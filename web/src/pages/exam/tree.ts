import type { Attribute } from "../../api/exams";

/** One line of the attribute list. */
export interface Line {
  key: string;
  depth: number;
  attribute: Attribute;
  /** For the heading of an item inside a sequence: its number, from 1. */
  item: number | undefined;
  /** `undefined` when there is nothing to open. */
  open: boolean | undefined;
}

/** The lines to show: the opened parts of the tree or, when looking for words, every match with its parents. */
export function linesOf(attributes: Attribute[], opened: ReadonlySet<string>, words: string): Line[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return wanted.length === 0 ? openedLines(attributes, opened, "", 0) : matching(attributes, wanted, "", 0);
}

function openedLines(
  attributes: Attribute[],
  opened: ReadonlySet<string>,
  path: string,
  depth: number,
): Line[] {
  return attributes.flatMap((attribute) => {
    const key = `${path}/${attribute.tag}`;
    const items = attribute.items ?? [];
    if (items.length === 0) return [line(key, depth, attribute, undefined)];
    const open = opened.has(key);
    const head = line(key, depth, attribute, open);
    if (!open) return [head];
    return [head, ...items.flatMap((item, index) => itemLines(item, index, attribute, opened, key, depth))];
  });
}

function itemLines(
  item: Attribute[],
  index: number,
  of: Attribute,
  opened: ReadonlySet<string>,
  path: string,
  depth: number,
): Line[] {
  const key = `${path}[${index + 1}]`;
  const heading = { ...line(key, depth + 1, of, undefined), item: index + 1 };
  return [heading, ...openedLines(item, opened, key, depth + 1)];
}

function matching(attributes: Attribute[], words: string[], path: string, depth: number): Line[] {
  return attributes.flatMap((attribute) => {
    const key = `${path}/${attribute.tag}`;
    const inside = (attribute.items ?? []).flatMap((item, index) =>
      matching(item, words, `${key}[${index + 1}]`, depth + 1),
    );
    if (inside.length > 0) return [line(key, depth, attribute, true), ...inside];
    return matches(attribute, words) ? [line(key, depth, attribute, undefined)] : [];
  });
}

function matches(attribute: Attribute, words: string[]): boolean {
  const { tag, keyword, name, value } = attribute;
  const text = [tag, tagText(tag), keyword, name, ...(value ?? [])].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

const line = (key: string, depth: number, attribute: Attribute, open: boolean | undefined): Line => ({
  key,
  depth,
  attribute,
  item: undefined,
  open,
});

/** `00100010` → `(0010,0010)`; a tag already written so stays. */
export const tagText = (tag: string): string =>
  /^[0-9a-f]{8}$/i.test(tag) ? `(${tag.slice(0, 4)},${tag.slice(4)})` : tag;
