/** A server that is killed under a viewer, whose tab crashes too, and both begin again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { end, start, upload } from "./fixtures";
import { CHEST, folder } from "./hospital";
import { view } from "./viewing";

interface Parts {
  /** In the viewer, while all is well. */
  before: (page: Page) => Promise<void>;
  /** In the same tab, after `kill -9`. */
  dead: (page: Page) => Promise<void>;
  /** In another tab of the same browser, with the server there again. */
  after: (page: Page) => Promise<void>;
}

export async function throughCrash(browser: Browser, { before, dead, after }: Parts): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "isocenter-work-"));
  const first = await start(data, "127.0.0.1:0");
  const context = await browser.newContext({ baseURL: first.server.url, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(first.server.link);
  await upload(page, folder());
  await view(page, CHEST.uid);
  await before(page);
  await end(first.child, "SIGKILL");
  await dead(page);
  const crashed = page.waitForEvent("crash");
  void page.goto("chrome://crash").catch(() => undefined);
  await crashed;
  const second = await start(data, new URL(first.server.url).host);
  const again = await context.newPage();
  await view(again, CHEST.uid);
  await after(again);
  await context.close();
  await end(second.child, "SIGTERM");
  await rm(data, { recursive: true });
}
