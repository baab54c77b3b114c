// Pictures of the pages for README.md, taken from the demo hospital: `make screenshots` (needs the binary).
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const out = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
const binary =
  process.env.ISOCENTER_BIN ?? fileURLToPath(new URL("../../target/debug/isocenter", import.meta.url));

/** All of them together: they are cloned with the source. */
const BUDGET_MB = 2.5;

/** Exams the demo hospital has made before pictures are taken. */
const EXAMS = 12;

const data = await mkdtemp(join(tmpdir(), "isocenter-pictures-"));
const child = spawn(binary, ["serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"], {
  env: { ...process.env, ISOCENTER_DIMSE__LISTEN: "127.0.0.1:0" },
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox"],
});
try {
  await mkdir(out, { recursive: true });
  await pictures(await link());
  await weigh();
} finally {
  await browser.close();
  child.kill("SIGTERM");
  await new Promise((gone) => child.once("exit", gone));
  await rm(data, { recursive: true, force: true });
}

async function link() {
  for await (const line of createInterface(child.stdout)) {
    const found = /(\S+\/auth\/link\/\S+)/.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("the server ended before it was ready");
}

async function pictures(address) {
  const dark = await browser.newContext({
    viewport: { width: 1360, height: 800 },
    colorScheme: "dark",
    locale: "en-GB",
    timezoneId: "Europe/Zurich",
  });
  const page = await dark.newPage();
  await page.goto(address);
  const { origin } = new URL(address);
  const exams = await enough(page);
  await page.goto(origin);
  await take(page, "home");
  await page.goto(`${origin}/exams`);
  await take(page, "exams");
  const brain = exams.find(({ modalities }) => modalities.includes("MR")) ?? exams[0];
  await page.goto(`${origin}/exams/${brain.studyInstanceUid}`);
  await take(page, "exam");
  await page.goto(`${origin}/viewer/viewer?StudyInstanceUIDs=${brain.studyInstanceUid}`);
  await page.locator("canvas.cornerstone-canvas").first().waitFor({ timeout: 90_000 });
  await page.waitForTimeout(8_000);
  await measure(page);
  await take(page, "viewer");
  for (const name of ["upload", "peers", "activity", "storage", "health"]) {
    await page.goto(`${origin}/${name}`);
    await take(page, name);
  }
  const light = await browser.newContext({
    storageState: await dark.storageState(),
    viewport: { width: 1024, height: 768 },
    colorScheme: "light",
    locale: "de-CH",
    timezoneId: "Europe/Zurich",
  });
  const tablet = await light.newPage();
  await tablet.goto(`${origin}/exams`);
  await take(tablet, "exams-german-light");
}

/** A length across the middle of the image, as a person draws it, and the list of what is kept. */
async function measure(page) {
  const box = await page.locator("canvas.cornerstone-canvas").first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.keyboard.press("d");
  await page.mouse.move(x - 90, y);
  await page.mouse.down();
  await page.mouse.move(x + 90, y + 20, { steps: 8 });
  await page.mouse.up();
  await page.locator(".iso-status", { hasText: "All kept" }).waitFor({ timeout: 30_000 });
  await page.locator('[data-cy="work-btn"]').click();
}

/** Waits until the demo hospital has some exams, and gives them. */
async function enough(page) {
  for (;;) {
    const exams = await page.evaluate(async () => {
      const { csrfToken } = await (await fetch("/api/v1/session")).json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrfToken };
      const found = await fetch("/api/v1/exams/search", { method: "POST", headers, body: '{"limit": 100}' });
      return (await found.json()).exams;
    });
    if (exams.length >= EXAMS) return exams;
    await page.waitForTimeout(1_000);
  }
}

async function take(page, name) {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(out, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
}

async function weigh() {
  const names = await readdir(out);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(out, name))).size));
  const mega = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  console.log(`${names.length} pictures, ${mega.toFixed(1)} MB of ${BUDGET_MB} MB`);
  if (mega > BUDGET_MB) throw new Error("too heavy to be cloned by everyone");
}
