// How long viewers take in one Chromium: `node bench/viewer.mjs JSON`, where the JSON names an Isocenter with an exam
// in it. Prints a line of JSON for each viewer: ms to the exam's picture and to the first image, ms to the hundredth, MB after a scroll.
import { execFileSync } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { chromium } = createRequire(join(root, "web/package.json"))(
  "@playwright/test",
);
const { base, token, link, study, slices, rounds } = JSON.parse(
  process.argv[2],
);

const CONFIG = {
  routerBasename: "/",
  showStudyList: true,
  extensions: [],
  modes: [],
  maxNumberOfWebWorkers: 3,
  investigationalUseDialog: { option: "never" },
  defaultDataSourceName: "dicomweb",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "dicomweb",
      configuration: {
        friendlyName: "dicomweb",
        name: "dicomweb",
        qidoRoot: "/dicom-web",
        wadoRoot: "/dicom-web",
        wadoUriRoot: "/dicom-web",
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        omitQuotationForMultipartRequest: true,
      },
    },
  ],
};

const KINDS = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

const stock = await serveStock();
const viewers = [
  {
    name: "isocenter",
    url: `${base}/viewer/viewer?StudyInstanceUIDs=${study}`,
    link,
  },
  {
    name: "ohif",
    url: `http://127.0.0.1:${stock.address().port}/viewer?StudyInstanceUIDs=${study}`,
  },
];
const states = new Map();
for (let round = 0; round < rounds; round += 1)
  for (const viewer of viewers)
    console.log(
      JSON.stringify({ name: viewer.name, ...(await measured(viewer)) }),
    );
stock.close();

async function measured({ name, url, link }) {
  const server = await chromium.launchServer({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    args: [
      "--no-sandbox",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--disable-background-networking",
    ],
  });
  const browser = await chromium.connect(server.wsEndpoint());
  const context = await browser.newContext({
    viewport: { width: 1440, height: 860 },
    storageState: states.get(name),
  });
  const page = await context.newPage();
  if (link !== undefined && !states.has(name)) {
    await page.goto(link);
    await page.getByRole("navigation").first().waitFor();
    states.set(name, await context.storageState());
  }
  const begun = performance.now();
  await page.goto(url, { waitUntil: "commit" });
  const preview = await page
    .waitForFunction(previewed, undefined, {
      timeout: link === undefined ? 1 : 30_000,
      polling: "raf",
    })
    .then(() => performance.now() - begun)
    .catch(() => undefined);
  await page.waitForFunction(drawn, undefined, {
    timeout: 180_000,
    polling: "raf",
  });
  const first = performance.now() - begun;
  await page.evaluate(showing, 99);
  const hundredth = performance.now() - begun;
  for (let at = 0; at < slices; at += 1) await page.evaluate(showing, at);
  const memory = residentOf(server.process().pid);
  await browser.close();
  await server.close();
  return { preview, first, hundredth, memory };
}

/** Whether the exam's picture is on screen, or already the image. */
function previewed() {
  const picture = document.querySelector("img.iso-preview");
  return (
    picture?.complete === true ||
    document.querySelector("canvas.cornerstone-canvas") !== null
  );
}

/** Whether an image is on screen. */
function drawn() {
  const canvas = document.querySelector("canvas.cornerstone-canvas");
  if (canvas === null || canvas.width === 0) return false;
  const data = canvas
    .getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data;
  let bright = 0;
  for (let at = 0; at < data.length; at += 40) if (data[at] > 40) bright += 1;
  return bright * 40 > data.length / 100;
}

/** Shows the image at this place, and waits until it is drawn. */
async function showing(at) {
  const { viewportGridService, cornerstoneViewportService } = window.services;
  const viewport = cornerstoneViewportService.getCornerstoneViewport(
    viewportGridService.getActiveViewportId(),
  );
  await viewport.setImageIdIndex(
    Math.min(at, viewport.getImageIds().length - 1),
  );
  await new Promise((done) => requestAnimationFrame(done));
}

/** Resident memory of a process and its children, in MB. */
function residentOf(pid) {
  const own =
    Number(
      /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ??
        0,
    ) / 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .trim()
    .split(/\s+/)
    .filter(Boolean);
  return children.reduce((sum, child) => sum + residentOf(child), own);
}

/** The package as its makers publish it, with its own modes, before the same DICOMweb door. */
async function serveStock() {
  const folder = unpacked();
  writeFileSync(
    join(folder, "app-config.js"),
    `window.config = ${JSON.stringify(CONFIG)};`,
  );
  const server = createServer((asked, answer) => {
    if (asked.url.startsWith("/dicom-web")) return pass(asked, answer);
    const wanted = normalize(new URL(asked.url, "http://x").pathname);
    const file = join(folder, wanted);
    const found =
      extname(wanted) !== "" && existsSync(file)
        ? file
        : join(folder, "index.html");
    answer.setHeader(
      "Content-Type",
      KINDS[extname(found)] ?? "application/octet-stream",
    );
    createReadStream(found).pipe(answer);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

function pass(asked, answer) {
  const { hostname, port } = new URL(base);
  const headers = {
    ...asked.headers,
    authorization: `Bearer ${token}`,
    host: `${hostname}:${port}`,
  };
  asked.pipe(
    request(
      { hostname, port, path: asked.url, method: asked.method, headers },
      (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      },
    ),
  );
}

function unpacked() {
  const cache = join(root, "web/.viewer");
  const archive = readdirSync(cache).find((name) =>
    /^ohif-app-.*\.tgz$/.test(name),
  );
  const folder = join(root, "bench/out/ohif");
  if (!existsSync(join(folder, "index.html"))) {
    mkdirSync(folder, { recursive: true });
    execFileSync("tar", [
      "xzf",
      join(cache, archive),
      "-C",
      folder,
      "--strip-components=2",
      "package/dist",
    ]);
  }
  return folder;
}
