// Puts the OHIF viewer into dist/viewer: its published, prebuilt application with our settings.
// Only what it needs to run is taken, and scripts are made small (the package carries them unminified).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { minifySync } from "rolldown/utils";
import { build } from "vite";

const PACKAGE = "@ohif/app";
const VERSION = "3.13.2";
const INTEGRITY =
  "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==";

/** The package was built to live at the top of a site. */
const BUILT_FOR = '__webpack_require__.p = "/"';
const LIVES_AT = '__webpack_require__.p = "/viewer/"';

const web = fileURLToPath(new URL("..", import.meta.url));
const cache = join(web, ".viewer");
const own = join(web, "viewer");
const target = join(web, "dist/viewer");

/** Left out: maps, segmentation models' runtime (100 MB), other sign-in ways, phone icons, hosting leftovers. */
const UNUSED = [
  /\.map$/,
  /^ort\//,
  /^customizations\//,
  /^(sw|init-service-worker|google|oidc-client\.min|es6-shim\.min|polyfill\.min)\.js$/,
  /^(silent-refresh|index)\.html$/,
  /^(_headers|_redirects|serve\.json|manifest\.json|app-config\.js|ohif-logo.*\.svg)$/,
  /^assets\/(?!images\/)/,
];

const archive = await fetched();
const prepared = join(cache, await recipe());
if (!(await exists(prepared))) await prepare(archive, prepared);
await rm(target, { recursive: true, force: true });
await cp(prepared, target, { recursive: true });
const extension = await built();
for (const name of ["boot.js", "index.html", "theme.css"]) await placeOwn(name);
console.log(`viewer: ${PACKAGE} ${VERSION}, ${((await sizeOf(target)) / 1e6).toFixed(1)} MB`);

/** The package as the registry publishes it, checked against the hash above. */
async function fetched() {
  const file = join(cache, `ohif-app-${VERSION}.tgz`);
  if (!(await exists(file))) {
    await mkdir(cache, { recursive: true });
    const to = ["--silent", "--pack-destination", cache];
    execFileSync("npm", ["pack", `${PACKAGE}@${VERSION}`, ...to], { stdio: ["ignore", "ignore", "inherit"] });
  }
  const hash = createHash("sha512")
    .update(await readFile(file))
    .digest("base64");
  if (`sha512-${hash}` !== INTEGRITY) {
    await rm(file);
    throw new Error(`${PACKAGE}@${VERSION} is not the package this build was made for`);
  }
  return file;
}

/** Preparing takes half a minute; it is done again only when this file changed. */
async function recipe() {
  const script = await readFile(fileURLToPath(import.meta.url));
  return `prepared-${createHash("sha256").update(script).digest("hex").slice(0, 16)}`;
}

async function prepare(archive, into) {
  const raw = join(cache, "raw");
  await rm(raw, { recursive: true, force: true });
  await mkdir(raw, { recursive: true });
  execFileSync("tar", ["xzf", archive, "-C", raw, "--strip-components=2", "package/dist"]);
  const half = `${into}.part`;
  await rm(half, { recursive: true, force: true });
  for (const path of await filesUnder(raw)) {
    const name = relative(raw, path);
    if (!UNUSED.some((pattern) => pattern.test(name))) await take(path, join(half, name));
  }
  await cp(half, into, { recursive: true });
  await rm(half, { recursive: true });
  await rm(raw, { recursive: true });
}

async function take(from, to) {
  await mkdir(dirname(to), { recursive: true });
  if (from.endsWith(".css")) return writeFile(to, (await readFile(from, "utf8")).replaceAll("url(/", "url("));
  if (!from.endsWith(".js") || from.endsWith(".min.js")) return cp(from, to);
  const source = (await readFile(from, "utf8")).replaceAll(BUILT_FOR, LIVES_AT);
  // Some parts look at the names of classes while running, so names stay.
  const { code, errors } = minifySync(from, source, {
    compress: { keepNames: { function: true, class: true } },
    mangle: { keepNames: true },
  });
  if (errors.length > 0) throw new Error(`${from}: ${errors[0].message}`);
  return writeFile(to, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

/** Our extension: settings, mode, panels. What it is called, by ending. */
async function built() {
  const output = await build({ configFile: join(web, "vite.viewer.config.ts"), root: web, logLevel: "warn" });
  const names = [output].flat().flatMap((one) => one.output.map(({ fileName }) => fileName));
  return (ending) => names.find((name) => name.startsWith("extension.") && name.endsWith(ending));
}

/** Our page, start and colours; the page names the scripts that this version of the viewer has. */
async function placeOwn(name) {
  const text = await readFile(join(own, name), "utf8");
  const names = await readdir(prepared);
  const app = (pattern) => names.find((one) => pattern.test(one));
  const filled = text
    .replace("{{app.js}}", app(/^app\.bundle\..*\.js$/))
    .replace("{{app.css}}", app(/^app\.bundle.*\.css$/))
    .replace("{{extension.js}}", extension(".js"))
    .replace("{{extension.css}}", extension(".css"));
  await writeFile(join(target, name), filled);
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function sizeOf(folder) {
  const sizes = await Promise.all((await filesUnder(folder)).map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}
