/** The real binary on a folder of its own, signed in, with the sample hospital inside. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Browser, type Page } from "@playwright/test";
import { folder, type Named } from "./hospital";

export interface Server {
  url: string;
  /** Signs in as the first administrator; works once. */
  link: string;
  /** Where DICOM peers call it, on this machine. */
  dimsePort: string;
  /** The same with TLS, where that is set up. */
  dimseTlsPort?: string;
  /** Its data folder. */
  data: string;
}

type State = Awaited<ReturnType<import("@playwright/test").BrowserContext["storageState"]>>;

interface Worker {
  server: Server;
  /** Cookies of a signed-in administrator. */
  signedIn: State;
  /** The sample hospital, uploaded and findable. */
  filled: true;
}

export const BINARY = process.env["ISOCENTER_BIN"] ?? "../target/debug/isocenter";

/** Up to how long every answer of the API is kept back, in ms: finds journeys that trust in speed. */
const SLOW = Number(process.env["SLOW_ANSWERS"] ?? "0");

/** Makes every answer of the API late, each by another time. */
function slow(browser: Browser): void {
  const open = browser.newContext.bind(browser);
  browser.newContext = async (...options) => {
    const context = await open(...options);
    await context.route("**/api/**", async (route) => {
      await new Promise((done) => setTimeout(done, SLOW * Math.random()));
      await route.fallback().catch(() => undefined);
    });
    return context;
  };
}

export const test = base.extend<object, Worker>({
  browser: [
    async ({ browser }, use) => {
      if (SLOW > 0) slow(browser);
      await use(browser);
    },
    { scope: "worker" },
  ],
  // eslint-disable-next-line no-empty-pattern
  server: [async ({}, use) => withServer(use), { scope: "worker", timeout: 60_000 }],
  signedIn: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({ locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(server.link);
      await expect(page.getByRole("heading", { name: "Home", exact: true })).toBeVisible();
      await use(await context.storageState());
      await context.close();
    },
    { scope: "worker" },
  ],
  filled: [
    async ({ browser, server, signedIn }, use) => {
      const context = await browser.newContext({
        storageState: signedIn,
        baseURL: server.url,
        locale: "en-GB",
      });
      const page = await context.newPage();
      await upload(page, folder());
      await context.close();
      await use(true);
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  storageState: async ({ signedIn }, use) => use(signedIn),
});

export async function withServer(
  use: (server: Server) => Promise<void>,
  settings: Record<string, string> = {},
): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "isocenter-web-"));
  const { server, child } = await start(data, "127.0.0.1:0", settings);
  try {
    await use(server);
  } finally {
    await end(child, "SIGTERM");
    await rm(data, { recursive: true, force: true });
  }
}

/** Starts the server on a data folder. Its link is empty when the first sign-in is long past. */
export async function start(
  data: string,
  listen: string,
  settings: Record<string, string> = {},
): Promise<{ server: Server; child: ChildProcess }> {
  const env = { ...process.env, ISOCENTER_DIMSE__LISTEN: "127.0.0.1:0", ...settings };
  const child = spawn(BINARY, ["serve", "--data", data, "--listen", listen], { env });
  return { server: { ...(await announced(child)), data }, child };
}

/** Ends a server and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await gone;
}

/** Reads what the server prints when it is ready. */
async function announced(child: ChildProcess): Promise<Omit<Server, "data">> {
  if (child.stdout === null || child.stderr === null) throw new Error("the server has no output");
  child.stderr.pipe(process.stderr);
  let [url, dimsePort, dimseTlsPort]: (string | undefined)[] = [];
  for await (const line of createInterface(child.stdout)) {
    url ??= /ready at (\S+)/.exec(line)?.[1];
    dimsePort ??= /DICOM peers call \S+ at \S+:(\d+)$/.exec(line)?.[1];
    dimseTlsPort ??= /DICOM peers call \S+ at \S+:(\d+) with TLS/.exec(line)?.[1];
    const link = line.includes("isocenter user link NAME") ? "" : /(\S+\/auth\/link\/\S+)/.exec(line)?.[1];
    if (url !== undefined && dimsePort !== undefined && link !== undefined)
      return { url, link, dimsePort, ...(dimseTlsPort === undefined ? {} : { dimseTlsPort }) };
  }
  throw new Error("the server ended before it was ready");
}

/** Brings files as a person does: through the folder picker of the upload page. */
export async function upload(page: Page, files: Named[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "isocenter-folder-"));
  for (const { path, content } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await page.goto("/upload");
  await page.locator("[data-pick=folder]").setInputFiles(root);
  await expect(page.getByRole("heading", { name: "Everything arrived" })).toBeVisible({ timeout: 60_000 });
  await rm(root, { recursive: true });
}

/** A picture of the page for people to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `e2e/out/${name}.png` });
}

/** No rule of axe-core may be broken; colours count once they have changed. */
export async function accessible(page: Page): Promise<void> {
  // While another answer is on its way the last one is paler than it may be read.
  await expect(page.locator(".stale")).toHaveCount(0, { timeout: 40_000 });
  await page.evaluate(async () => {
    const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changing.map(({ finished }) => finished));
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  expect(found).toEqual([]);
}

export { expect };
