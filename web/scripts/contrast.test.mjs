// @vitest-environment node
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";

const css = await readFile(new URL("../src/design/tokens.css", import.meta.url), "utf8");

/** The colours of a block of the style sheet, by name without dashes. */
function colours(selector) {
  const block = new RegExp(`${selector.source}\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  const pairs = [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}

const dark = colours(/:root,\s*:root\[data-theme="dark"\]/);
const light = colours(/\n:root\[data-theme="light"\]/);
const system = colours(/:root:not\(\[data-theme="dark"\]\)/);

/** Relative luminance (WCAG 2.2). */
function luminance(colour) {
  const part = (at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

function contrast(one = "", other = "") {
  const [a = 0, b = 0] = [luminance(one), luminance(other)].toSorted((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

const GROUNDS = ["bg", "surface", "raised", "hover", "selected", "accent-soft"];

/** Text and what it stands on: 4.5 to 1 (WCAG 2.2 §1.4.3). */
const TEXTS = [
  ...["text", "text-dim"].flatMap((text) => GROUNDS.map((ground) => [text, ground])),
  ...["text-faint", "accent"].flatMap((text) =>
    ["bg", "surface", "raised", "hover"].map((ground) => [text, ground]),
  ),
  ["accent", "accent-soft"],
  ["on-accent", "accent-fill"],
  ...["danger", "warn", "ok"].flatMap((state) => [
    [state, `${state}-soft`],
    [state, "surface"],
    [state, "bg"],
  ]),
];

/** Edges of fields, rings of the focus: 3 to 1 (WCAG 2.2 §1.4.11). */
const EDGES = [
  ...["bg", "surface", "raised"].map((ground) => ["line-strong", ground]),
  ...["bg", "surface", "raised"].map((ground) => ["accent", ground]),
];

describe.each([
  ["dark", dark],
  ["light", light],
])("%s colours", (_, theme) => {
  it.each(TEXTS)("%s can be read on %s", (text = "", ground = "") => {
    expect(contrast(theme[text], theme[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(EDGES)("%s is seen on %s", (edge = "", ground = "") => {
    expect(contrast(theme[edge], theme[ground])).toBeGreaterThanOrEqual(3);
  });

  it("white can be read on the button that destroys", () => {
    expect(contrast("#ffffff", theme["danger-fill"])).toBeGreaterThanOrEqual(4.5);
  });
});

it("light is the same light, whether chosen or the system's", () => {
  expect(Object.keys(light).length).toBeGreaterThan(20);
  expect(system).toEqual(light);
  expect(Object.keys(dark).toSorted()).toEqual(Object.keys(light).toSorted());
});
