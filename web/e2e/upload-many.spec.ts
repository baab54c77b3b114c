import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { tiny } from "./dicom";
import { accessible, end, expect, shot, start, test } from "./fixtures";
import { CHEST } from "./hospital";
import { api } from "./people";

// A trace of thousands of requests takes longer than the requests.
test.use({ trace: "off" });

const MANY = 5000;

/** A folder of folders with many small images of one exam. */
async function largeFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "isocenter-large-"));
  const exam = { ...CHEST, uid: "2.25.7020", id: "PAT-7020", patient: "Large^Lena" };
  for (let n = 1; n <= MANY; n += 1) {
    const inside = join(root, `part${Math.ceil(n / 500)}`);
    if (n % 500 === 1) await mkdir(inside);
    await writeFile(join(inside, `IM${n}`), tiny(exam, n));
  }
  return root;
}

/** Waits until so many files have arrived. */
async function arrived(page: Page, files: number): Promise<void> {
  const line = page.getByText(/^[\d,]+ of 5,000 files/);
  const read = async () => Number((await line.textContent())?.split(" of ")[0]?.replaceAll(",", ""));
  await expect.poll(read, { timeout: 60_000 }).toBeGreaterThanOrEqual(files);
}

/** A number below a word of the page's sum. */
async function sum(page: Page, word: string): Promise<number> {
  const box = page.locator("dl.upload-counts > div", { hasText: word });
  return (await box.count()) === 0 ? 0 : Number((await box.locator("dd").textContent())?.replaceAll(",", ""));
}

test("five thousand files arrive although the server is killed and the session ends on the way", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const [root, data] = [await largeFolder(), await mkdtemp(join(tmpdir(), "isocenter-web-"))];
  const first = await start(data, "127.0.0.1:0");
  const context = await browser.newContext({
    baseURL: first.server.url,
    storageState: { cookies: [], origins: [] },
  });
  const page = await context.newPage();
  await page.goto(first.server.link);
  const account = { name: "uma", password: "a long enough pass phrase" };
  await api(page, "POST", "/api/v1/accounts", { ...account, roles: ["broker"] });
  await page.getByRole("button", { name: "Sign out" }).click();
  const signIn = async () => {
    await page.getByLabel("Account").fill(account.name);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
  };
  await signIn();
  await page.getByRole("link", { name: "Upload", exact: true }).click();
  await page.locator("[data-pick=folder]").setInputFiles(root);

  await arrived(page, 1500);
  await end(first.child, "SIGKILL");
  await expect(page.getByText("The server can't be reached.")).toBeVisible();
  await shot(page, "upload-no-server");
  await accessible(page);
  const second = await start(data, new URL(first.server.url).host);

  await arrived(page, 3000);
  await expect(page.getByText("The server can't be reached.")).toHaveCount(0);
  // For the page this is what an expired session looks like: the next answer is "who are you?".
  await api(page, "DELETE", "/api/v1/session");
  await expect(page.getByText(/session has ended while an upload was under way/)).toBeVisible();
  await shot(page, "upload-session-ended");
  await accessible(page);
  await signIn();

  await expect(page.getByRole("heading", { name: "Everything arrived" })).toBeVisible({ timeout: 90_000 });
  await shot(page, "upload-many");
  // Those whose answer was lost with the server are sent again, and found to be here already.
  expect((await sum(page, "Stored")) + (await sum(page, "Already here"))).toBe(MANY);
  for (const word of ["Not sent", "In quarantine", "Conflicting"]) expect(await sum(page, word)).toBe(0);
  await page.getByRole("link", { name: "See exams" }).click();
  const row = page.getByRole("row", { name: /Large, Lena/ });
  await expect(row).toContainText("5,000", { timeout: 60_000 });

  await context.close();
  await end(second.child, "SIGTERM");
  await rm(data, { recursive: true, force: true });
  await rm(root, { recursive: true });
});
