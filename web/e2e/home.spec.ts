import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { accessible, BINARY, expect, shot, test, withServer } from "./fixtures";
import { CHEST, HEAD } from "./hospital";
import { api } from "./people";

test("home tells what arrived, what needs one, and what one had open", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto(`/exams/${HEAD.uid}`);
  await expect(page.getByRole("heading", { name: "Sample, Bruno" })).toBeVisible();
  await page.goto("/");
  const newest = page.getByRole("region", { name: "Newest" });
  await expect(newest.getByRole("link", { name: "Example, Anna" })).toBeVisible();
  await expect(page.getByRole("region", { name: /^Arrived/ })).toContainText("CT");
  await expect(page.getByRole("table", { name: "By sender" })).toContainText("Uploaded in the browser");
  await expect(page.getByRole("region", { name: "You had open" })).toContainText("Sample, Bruno");
  const needs = page.getByRole("region", { name: "Needs you" });
  await expect(needs).toContainText("1 file in quarantine");
  await shot(page, "home");
  await needs.getByRole("link", { name: "Decide" }).click();
  await expect(page.getByRole("heading", { name: "Quarantine", exact: true })).toBeVisible();
});

test("an empty archive says how the first images come in", async ({ browser }) => {
  await withServer(async (server) => {
    const context = await browser.newContext({
      baseURL: server.url,
      storageState: { cookies: [], origins: [] },
    });
    const page = await context.newPage();
    await page.goto(server.link);
    await expect(page.getByRole("heading", { name: /The archive is empty/ })).toBeVisible();
    await expect(page.getByText("ISOCENTER", { exact: true })).toBeVisible();
    await expect(page.getByText(server.dimsePort, { exact: true })).toBeVisible();
    await shot(page, "home-empty");
    await accessible(page);
    await page.getByRole("link", { name: "Upload a folder" }).click();
    await expect(page.getByRole("heading", { name: "Upload", exact: true })).toBeVisible();
    await context.close();
  });
});

test("a prior is fetched from another archive in four clicks from the exam", async ({ browser }) => {
  test.setTimeout(240_000);
  await withServer(async (archive) => {
    await withServer(async (server) => {
      const run = (data: string, ...words: string[]) => execFileSync(BINARY, [...words, "--data", data]);
      run(archive.data, "demo", "--patient", "DEMO-0005");
      const rights = ["--may", "store", "--may", "query", "--may", "retrieve"];
      const address = ["--host", "127.0.0.1", "--port", server.dimsePort];
      run(archive.data, "peer", "add", "warehouse", "--ae-title", "ISOCENTER", ...address, ...rights);
      const context = await browser.newContext({
        baseURL: server.url,
        storageState: { cookies: [], origins: [] },
      });
      const page = await context.newPage();
      await page.goto(server.link);
      await expect(page.getByRole("heading", { name: "Home", exact: true })).toBeVisible();
      const port = Number(archive.dimsePort);
      const peer = { name: "archive", aeTitle: "ISOCENTER", host: "127.0.0.1", port, mayStore: true };
      await api(page, "POST", "/api/v1/peers", peer);
      const asked = { level: "STUDY", keys: { PatientID: "DEMO-0005", StudyInstanceUID: "" }, limit: 9 };
      const { matches } = await api(page, "POST", "/api/v1/peers/archive/query", asked);
      const studies = (matches as Record<string, { Value: string[] }>[]).map(
        (one) => one["0020000D"]?.Value[0],
      );
      const first = String(studies[0]);
      await api(page, "POST", "/api/v1/peers/archive/fetch", { studyInstanceUid: first });
      await expect
        .poll(async () => (await page.request.get(`/api/v1/exams/${first}`)).ok(), { timeout: 40_000 })
        .toBe(true);
      await page.goto(`/exams/${first}`);
      await page.getByRole("heading", { level: 1 }).getByRole("link").click(); // 1
      await page.getByRole("button", { name: "Ask 1 peer for priors" }).click(); // 2
      const elsewhere = page.getByRole("region", { name: "Elsewhere" });
      await expect(elsewhere.getByRole("listitem")).toHaveCount(studies.length);
      await expect(elsewhere.getByRole("link", { name: "Open" })).toHaveCount(1);
      await shot(page, "patient-priors");
      await accessible(page);
      await elsewhere.getByRole("button", { name: "Fetch" }).first().click(); // 3
      await expect(elsewhere.getByRole("link", { name: "Open" })).toHaveCount(2);
      await elsewhere.getByRole("link", { name: "Open" }).last().click(); // 4
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await context.close();
    });
  });
});

test("a patient's page has every exam, files, and two exams to compare", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("link", { name: "Example, Anna" }).click();
  await expect(page).toHaveURL(new RegExp(`/patients/${CHEST.uid}$`));
  const exams = page.getByRole("region", { name: "Exams" });
  await expect(exams.getByRole("listitem")).toHaveCount(1);
  await expect(exams).toContainText("CT Chest with contrast");
  await page.getByRole("checkbox", { name: /Compare CT Chest/ }).check();
  await expect(page.getByText("Tick one more exam to compare")).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.locator("input[type=file]").setInputFiles({
    name: "consent.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("yes"),
  });
  await expect(page.getByRole("link", { name: "consent.txt" })).toBeVisible();
  expect(asked.filter((url) => url.includes(CHEST.id))).toEqual([]);
  await shot(page, "patient");
  await accessible(page);
});
