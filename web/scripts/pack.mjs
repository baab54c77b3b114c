// Compresses what is worth compressing in dist, once, at build time: `name` becomes `name.gz`.
// The server hands these out as they are, and the binary stays small.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const WORTH = new Set([".js", ".css", ".html", ".svg", ".json", ".wasm"]);
const SMALLEST = 1024;

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const cache = fileURLToPath(new URL("../.viewer/packed", import.meta.url));
await mkdir(cache, { recursive: true });

let before = 0;
let after = 0;
const entries = await readdir(dist, { recursive: true, withFileTypes: true });
for (const entry of entries) if (entry.isFile()) await pack(join(entry.parentPath, entry.name));
console.log(`dist: ${mega(before)} MB of files, ${mega(after)} MB as kept in the binary`);

async function pack(path) {
  const content = await readFile(path);
  before += content.length;
  if (!WORTH.has(extname(path)) || content.length < SMALLEST) {
    after += content.length;
    return;
  }
  const packed = await squeezed(content);
  after += packed.length;
  await writeFile(`${path}.gz`, packed);
  await rm(path);
}

/** The viewer's large files don't change from build to build. */
async function squeezed(content) {
  const kept = join(cache, createHash("sha256").update(content).digest("hex"));
  try {
    return await readFile(kept);
  } catch {
    const packed = await promisify(gzip)(content, { level: 9 });
    await writeFile(kept, packed);
    return packed;
  }
}

function mega(bytes) {
  return (bytes / 1e6).toFixed(1);
}
