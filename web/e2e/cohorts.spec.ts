import type { Locator, Page } from "@playwright/test";
import { addNear, criterion, take } from "./building";
import { ctSlice } from "./dicom";
import { accessible, expect, shot, test as hospital, upload, withServer, type Server } from "./fixtures";
import { CHEST } from "./hospital";
import { MESSAGES } from "./messages";
import { asRole } from "./people";

/** A server of its own: one exam more would change what other journeys count. */
const test = hospital.extend<object, { server: Server }>({
  // eslint-disable-next-line no-empty-pattern
  server: [async ({}, use) => withServer(use), { scope: "worker", timeout: 60_000 }],
});

test.describe.configure({ mode: "serial" });

/** Half a year after the chest exam. */
const AGAIN = { ...CHEST, uid: "2.25.7011", accession: "ACC7011", date: "20260901" };

const answer = (page: Page): Locator => page.getByRole("region", { name: "Answer" });

/** What stands under "Patients" and "Exams"; facts follow what arrived within seconds. */
async function counted(page: Page, patients: string, exams: string): Promise<void> {
  // Of the question as it stands: while another is counted, the last one's figures are paler.
  const figures = answer(page).locator('[role="status"][aria-busy="false"]');
  await expect(figures).toHaveText(`Patients${patients}Exams${exams}`, { timeout: 40_000 });
}

async function narrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 700 });
  const main = page.getByRole("main");
  const wide = await main.evaluate((element) => [element.scrollWidth, element.clientWidth]);
  expect(wide[0]).toBeLessThanOrEqual(wide[1] ?? 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1440, height: 860 });
}

test("a question in time is built by pointing, counted, explained, saved, changed and frozen", async ({
  page,
  filled,
}) => {
  test.setTimeout(180_000);
  expect(filled).toBe(true);
  await upload(
    page,
    [1, 2].map((n) => ({ path: `again/IM${n}`, content: ctSlice(AGAIN, 1, n, 2) })),
  );
  await page.goto("/records");
  const files = (["admitted", "ordered", "reported"] as const).map((name) => ({
    name: `${name}.hl7`,
    mimeType: "application/octet-stream",
    buffer: MESSAGES[name],
  }));
  await page.locator("[data-pick=messages]").setInputFiles(files);
  await expect(page.getByText("3 files are through")).toBeVisible();

  await page.getByRole("link", { name: "Cohorts" }).click();
  await page.getByRole("link", { name: "New cohort" }).click();
  await expect(page.getByRole("heading", { name: "Whom do you look for?" })).toBeVisible();
  await counted(page, "3", "4");
  await shot(page, "cohort-new");

  // The first lung cancer …
  await page.getByRole("button", { name: "Add a criterion" }).click();
  await shot(page, "cohort-kinds");
  await accessible(page);
  await page.getByRole("menuitem", { name: /^Condition/ }).click();
  await expect(page.getByRole("combobox", { name: "code", exact: true })).toBeFocused();
  await page.keyboard.type("C34");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Which of them" }).selectOption("first");
  await counted(page, "1", "2");
  // … then a chest CT within 90 days …
  await addNear(page, /^Condition/, /^Exam/);
  await expect(page.getByRole("combobox", { name: "modality", exact: true })).toBeFocused();
  await take(page, "ct", "CT");
  await page.getByRole("combobox", { name: "body part", exact: true }).fill("chest");
  await expect(page.getByRole("listbox", { name: "Values of body part" })).toContainText("CHEST");
  await shot(page, "cohort-values");
  await page.keyboard.press("Enter");
  await counted(page, "1", "1");
  // … whose report asserts a nodule of 8 mm …
  await addNear(page, /^Exam/, /^Report finding/);
  await take(page, "nodule", "nodule");
  await page.getByRole("spinbutton", { name: "size at least" }).fill("8");
  // … and a CT again within a year.
  await addNear(page, /^Exam/, /^Exam/);
  await take(page, "CT", "CT");
  await counted(page, "1", "2");
  await expect(page.getByRole("img", { name: /In time.*0 to 90 days later/ })).toBeVisible();
  await shot(page, "cohort-built");
  await accessible(page);
  await narrow(page);

  // What it is made of; a bar narrows it, and can be taken back.
  const sex = answer(page).getByRole("region", { name: "Sex" });
  await sex.getByRole("button", { name: /female/ }).click();
  await expect(criterion(page, /^Patient: sex female/)).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("group", { name: /^Patient: sex female/ })).toHaveCount(0);

  await answer(page).getByRole("tab", { name: "SQL" }).click();
  await expect(answer(page).getByRole("region", { name: "Statement" })).toContainText("MIN(day)");
  await answer(page).getByRole("button", { name: "Spark" }).click();
  await expect(answer(page).getByRole("region", { name: "Statement" })).toContainText("`condition`");
  await shot(page, "cohort-sql");
  await accessible(page);

  await answer(page).getByRole("tab", { name: "Patients" }).click();
  await answer(page)
    .getByRole("button", { name: /^Why is patient/ })
    .click();
  const why = answer(page).getByRole("region", { name: /is in$/ });
  await expect(why.getByRole("listitem")).toHaveText([
    /^Condition: code begins with C34, the first 1 found/,
    /^0 to 90 days later: Exam: modality CT, body part CHEST 1 found/,
    /^in the same exam: Report finding: finding nodule.* 1 found/,
    /^1 to 365 days later: Exam: modality CT 2 found/,
  ]);
  await shot(page, "cohort-why");
  await accessible(page);
  await answer(page)
    .getByRole("link", { name: /^Patient \d+$/ })
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Example, Anna");
  await page.goBack();
  await counted(page, "1", "2");

  await page.getByRole("button", { name: "Save…" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Lung cancer, followed");
  await page.getByRole("checkbox", { name: /Others who may count/ }).check();
  await accessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lung cancer, followed");
  await expect(page.getByRole("button", { name: "Saved", exact: true })).toBeDisabled();

  await page.getByRole("spinbutton", { name: "size at least" }).fill("9");
  await counted(page, "0", "0");
  await page.getByRole("button", { name: "Save as version 2" }).click();
  await expect(page.getByText("Version 2 is saved.")).toBeVisible();
  await answer(page).getByRole("tab", { name: "Versions" }).click();
  const changed = answer(page).getByRole("region", { name: "What changed" });
  await changed.getByRole("combobox").selectOption("version 1");
  await expect(changed.getByRole("listitem").filter({ hasText: "size at least 9 mm" })).toContainText("new:");
  await changed.getByRole("button", { name: "Who came, who went?" }).click();
  await expect(changed.getByRole("group", { name: "Patients" })).toHaveText("came0went1stayed0");
  await shot(page, "cohort-versions");
  await accessible(page);
  await answer(page).getByRole("button", { name: "Bring version 1 back" }).click();
  await counted(page, "1", "2");
  await page.getByRole("button", { name: "Save as version 3" }).click();
  await expect(page.getByText("Version 3 is saved.")).toBeVisible();

  await answer(page).getByRole("tab", { name: "Frozen" }).click();
  await answer(page).getByRole("button", { name: "Freeze version 3…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Freeze", exact: true }).click();
  const frozen = answer(page).getByRole("list", { name: "Frozen cohorts" });
  await expect(frozen).toContainText("Patients: 1, exams: 2");
  await expect(frozen.getByRole("button", { name: /^Copy the citation/ })).toBeVisible();
  await frozen.getByText("Who is in it").click();
  await frozen.getByRole("button", { name: /^List them/ }).click();
  await expect(frozen.getByRole("link", { name: "Exam 2" })).toBeVisible();
  await shot(page, "cohort-frozen");
  await accessible(page);
  await narrow(page);
});

test("a researcher counts, sees nobody, and changes a copy", async ({ browser, page, server }) => {
  await asRole({ browser, page, server }, "researcher", async (theirs) => {
    const refused: string[] = [];
    theirs.on("response", (response) => {
      if (response.status() === 403) refused.push(response.url());
    });
    await theirs.getByRole("link", { name: "Cohorts", exact: true }).click();
    await theirs.getByRole("link", { name: "Lung cancer, followed" }).click();
    await counted(theirs, "fewer than 11", "fewer than 11");
    await expect(answer(theirs)).toContainText("so that nobody can be known by them");
    await expect(answer(theirs).getByRole("tab", { name: "Patients" })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: /Save as/ })).toHaveCount(0);
    await shot(theirs, "cohort-researcher");
    await accessible(theirs);
    await theirs.getByRole("button", { name: "Make a copy…" }).click();
    await theirs.getByRole("button", { name: "Save", exact: true }).click();
    await expect(theirs.getByRole("heading", { level: 1 })).toHaveText("Copy of Lung cancer, followed");
    await theirs.getByRole("link", { name: "Back to the cohorts" }).click();
    await expect(theirs.getByRole("row", { name: /Copy of Lung cancer/ })).toContainText("you");
    await shot(theirs, "cohorts");
    await theirs.getByRole("button", { name: "Remove Copy of Lung cancer, followed" }).click();
    await theirs.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
    await expect(theirs.getByRole("row", { name: /Copy of Lung cancer/ })).toHaveCount(0);
    expect(refused).toEqual([]);
  });
});

test("words of reports are offered by the lexicon, and controls are counted", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/cohorts");
  await page.getByRole("link", { name: "New cohort" }).click();
  await page.getByRole("button", { name: "Add a criterion" }).click();
  await page.getByRole("menuitem", { name: /^Report ?words of its text/ }).click();
  await take(page, "nodule", "nodule");
  const words = criterion(page, /^Report: text says “nodule”/);
  await words
    .getByRole("checkbox", { name: /^also .* in other words$/ })
    .first()
    .check();
  await counted(page, "1", "1");
  // A name is none of the lexicon's words: it is not asked for.
  await words.getByRole("combobox", { name: "text", exact: true }).fill("Quartermain");
  await page.keyboard.press("Enter");
  await expect(words.getByRole("alert")).toContainText("Not in the lexicon");
  await shot(page, "cohort-words");
  await accessible(page);
  await words.getByRole("button", { name: "Take Quartermain away" }).click();

  await page.getByRole("checkbox", { name: "With controls to compare them with" }).check();
  const controls = page.getByRole("region", { name: "Controls" });
  await controls.getByRole("checkbox", { name: "age at the exam" }).uncheck();
  await controls.getByRole("checkbox", { name: "sex" }).uncheck();
  await expect(controls.getByRole("alert")).toContainText("Choose what is alike");
  await controls.getByRole("checkbox", { name: "year of the exam" }).check();
  await controls.getByRole("spinbutton", { name: "year of the exam: years apart" }).fill("20");
  await expect(answer(page)).toContainText("Cases: 1, controls: 1", { timeout: 20_000 });
  await shot(page, "cohort-controls");
  await accessible(page);
  await narrow(page);
  await answer(page).getByRole("tab", { name: "Patients" }).click();
  await expect(
    answer(page).getByRole("list", { name: "Patients of the cohort" }).getByRole("listitem"),
  ).toHaveText([/pair 1, case/, /pair 1, control/]);
});

test("what was measured on images, and who is in a project, are criteria", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/cohorts");
  const session = (await (await page.request.get("/api/v1/session")).json()) as { csrfToken: string };
  const headers = { "x-csrf-token": session.csrfToken };
  const uid = "2.25.70017001";
  const drawn = await page.request.put(`/api/v1/exams/${CHEST.uid}/work/${uid}`, {
    headers,
    data: {
      trackingUid: uid,
      tool: "Length",
      image: { series: `${CHEST.uid}.1`, sop: `${CHEST.uid}.1.1` },
      shapes: [{ graphic: "polyline", points: [10, 10, 22, 10] }],
      values: [{ quantity: "length", value: 12, unit: "mm" }],
    },
  });
  expect(drawn.ok()).toBe(true);
  const terms = { id: "lung", title: "Lung", policy: "public-sharing" };
  expect((await page.request.post("/api/v1/projects", { headers, data: terms })).status()).toBe(201);
  const enrolled = { exams: [CHEST.uid] };
  const asked = await page.request.post("/api/v1/projects/lung/subjects", { headers, data: enrolled });
  expect(asked.ok()).toBe(true);
  // Values are offered of what is in the facts by then.
  const both = ["image_measurement", "membership"].map((of) => ({ has: { of } }));
  const definition = { language: 1, patients: { all: both } };
  const count = async () => {
    const told = await page.request.post("/api/v1/cohort-counts", { headers, data: { definition } });
    return ((await told.json()) as { patients: { count: number } }).patients.count;
  };
  await expect.poll(count, { timeout: 40_000 }).toBe(1);

  await page.getByRole("link", { name: "New cohort" }).click();
  await page.getByRole("button", { name: "Add a criterion" }).click();
  await page.getByRole("menuitem", { name: /^Image measurement/ }).click();
  await take(page, "length", "Length");
  const measured = criterion(page, /^Image measurement: code 410668003/);
  await measured.getByRole("spinbutton", { name: "value at least" }).fill("12.5");
  await counted(page, "0", "0");
  await measured.getByRole("spinbutton", { name: "value at least" }).fill("12");
  await counted(page, "1", "1");
  await shot(page, "cohort-measured");
  await accessible(page);
  await narrow(page);

  await page.getByRole("button", { name: "Add a criterion" }).click();
  await page.getByRole("menuitem", { name: /^Project membership/ }).click();
  await take(page, "lung", "lung");
  const within = criterion(page, /^Project membership: project lung, state in/);
  await expect(within).toBeVisible();
  await counted(page, "1", "1");
  await shot(page, "cohort-membership");
});
