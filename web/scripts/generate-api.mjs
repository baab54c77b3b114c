// Writes src/api/schema.ts, the types of the HTTP API, from openapi.json.
// With --check it writes nothing and fails when the two have drifted apart.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/api/schema.ts", import.meta.url);
const header = "// Generated from openapi.json by `npm run gen`. Do not edit.\n\n";

export async function generate() {
  const document = JSON.parse(await readFile(source, "utf8"));
  return header + astToString(await openapiTS(document));
}

export async function committed() {
  return readFile(target, "utf8");
}

if (process.argv[1]?.endsWith("generate-api.mjs")) {
  const fresh = await generate();
  if (!process.argv.includes("--check")) {
    await writeFile(target, fresh);
  } else if ((await committed()) !== fresh) {
    console.error("src/api/schema.ts does not match openapi.json; run `npm run gen`");
    process.exitCode = 1;
  }
}
