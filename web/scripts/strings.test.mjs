// @vitest-environment node
import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("..", import.meta.url));

/** What the pages say, by its key, and what the German catalog has for it. */
let said;
let german;

beforeAll(async () => {
  const [catalog] = await getCatalogs(getConfig({ cwd }));
  said = await catalog.collect();
  german = await catalog.read("de");
}, 120_000);

it("every message of the pages is said in German; otherwise run `npm run strings` and translate", () => {
  const missing = Object.entries(said).filter(([key]) => !german[key]?.translation);
  expect(missing.map(([, { message }]) => message)).toEqual([]);
});

it("nothing is kept that no page says any more; otherwise run `npm run strings`", () => {
  expect(Object.keys(german).filter((key) => !(key in said))).toEqual([]);
});

it("a translation has the places and tags of its message, each as often", () => {
  // What stands in the braces of a plural's form is said, not put in.
  const place = /(?<!(?:plural,|\}) (?:one|other|=\d+) )\{\w+[,}]|<\/?\d+\/?>/g;
  const places = (text) => (text.match(place) ?? []).toSorted();
  const other = Object.values(german).filter(
    ({ message, translation }) => translation && !sameSet(places(message), places(translation)),
  );
  expect(other.map(({ translation }) => translation)).toEqual([]);
});

/** A plural may say its number in one form and spell it in another. */
const sameSet = (a, b) => String([...new Set(a)]) === String([...new Set(b)]);
