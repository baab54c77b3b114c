// Adds up what a browser fetches before the first page stands, and fails the build when that is too much.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** All of the first page, compressed as it is served. */
const BUDGET_KB = 250;

/** One page and one font of those the style sheet offers: Latin letters are on every page. */
const FIRST_PAGE_FONT = /inter-latin-wght-normal[^"')]*\.woff2/;

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const index = await readFile(join(dist, "index.html"), "utf8");
const styles = matches(index, /href="(\/assets\/[^"]+\.css)"/g);
const scripts = await withImports(matches(index, /(?:src|href)="(\/[^"]+\.js)"/g));
const fonts = (await Promise.all(styles.map(text))).flatMap((css) => matches(css, /url\(([^)]+\.woff2)\)/g));
const font = fonts.filter((name) => FIRST_PAGE_FONT.test(name));

const sizes = {
  page: gzipped(index),
  scripts: sum(await Promise.all(scripts.map(async (name) => gzipped(await text(name))))),
  styles: sum(await Promise.all(styles.map(async (name) => gzipped(await text(name))))),
  font: sum(await Promise.all(font.map(async (name) => (await readFile(join(dist, name))).length))),
};
const all = sum(Object.values(sizes)) / 1000;
const parts = Object.entries(sizes).map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(0)}`);
console.log(`first page: ${all.toFixed(0)} kB of ${BUDGET_KB} kB, compressed (${parts.join(", ")})`);

if (font.length === 0) fail("the first page's font was not found in its style sheet");
if (all > BUDGET_KB) fail(`the first page is over its budget of ${BUDGET_KB} kB`);
const early = scripts.filter((name) => /ExamPage|Slide|viewer/i.test(name));
if (early.length > 0) fail(`loaded with the first page, though it is for later: ${early.join(", ")}`);

/** These scripts and whatever they import at once; what is imported on demand isn't followed. */
async function withImports(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const next = matches(await text(name), /(?:from|import)\s*"(\.\/[^"]+\.js)"/g);
    await withImports(
      next.map((one) => join(dirname(name), one)),
      seen,
    );
  }
  return [...seen];
}

function matches(content, pattern) {
  return [...content.matchAll(pattern)].map(([, found]) => found);
}

function text(name) {
  return readFile(join(dist, name), "utf8");
}

function gzipped(content) {
  return gzipSync(content, { level: 9 }).length;
}

function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}

function fail(why) {
  console.error(`error: ${why}`);
  process.exit(1);
}
