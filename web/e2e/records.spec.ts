import { Buffer } from "node:buffer";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { accessible, expect, shot, test, withServer } from "./fixtures";
import { CHEST } from "./hospital";
import { MESSAGES } from "./messages";
import { asRole } from "./people";

test.describe.configure({ mode: "serial" });

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

async function bring(page: Page, ...names: (keyof typeof MESSAGES)[]): Promise<void> {
  await page.goto("/records");
  const files = names.map((name) => ({
    name: `${name}.hl7`,
    mimeType: "application/octet-stream",
    buffer: MESSAGES[name],
  }));
  await page.locator("[data-pick=messages]").setInputFiles(files);
  const told = names.length === 1 ? "1 file is through" : `${names.length} files are through`;
  await expect(page.getByText(told)).toBeVisible();
}

async function narrow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 700 });
  const main = page.getByRole("main");
  const wide = await main.evaluate((element) => [element.scrollWidth, element.clientWidth]);
  expect(wide[0]).toBeLessThanOrEqual(wide[1] ?? 0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
}

test("messages are brought and stand in the stream, a refused one with its reason", async ({ page }) => {
  await bring(page, "admitted", "ordered", "laboratory", "reported", "broken");
  const bringing = page.getByRole("region", { name: "Bring messages" });
  const broken = bringing.getByRole("listitem").filter({ hasText: "broken.hl7" });
  await expect(broken.getByText("Refused")).toBeVisible();
  const stream = page.getByRole("region", { name: "Messages", exact: true });
  await expect(stream.getByRole("row").filter({ hasText: "M7003" })).toContainText("Result or report");
  await shot(page, "records-stream");
  await accessible(page);
  await page
    .getByRole("group", { name: "Outcome" })
    .getByRole("button", { name: /^Refused/ })
    .click();
  await expect(stream.getByRole("row")).toHaveCount(2);
  await stream.getByRole("link", { name: "broken.hl7" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("broken.hl7");
  await page.getByText("Show source").click();
  await expect(page.getByText("this is not a message")).toBeVisible();
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(page.getByText("It is read again in a moment.")).toBeVisible();
  await narrow(page);
});

test("a message shows its segments and what it speaks of, and leads to the record", async ({ page }) => {
  await page.goto("/records");
  await page.getByRole("searchbox", { name: "Kind, sender or control ID" }).fill("M7002");
  const stream = page.getByRole("region", { name: "Messages", exact: true });
  await expect(stream.getByRole("row")).toHaveCount(2);
  await stream.getByRole("link", { name: /ORM/ }).click();
  await page.getByText("Show source").click();
  await expect(page.getByRole("region", { name: "The original" }).getByRole("listitem")).toHaveCount(5);
  await shot(page, "records-source");
  await accessible(page);
  await page.getByRole("link", { name: "CT CHEST W CONTRAST" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Example, Anna");
});

const entry = (page: Page) => page.getByRole("complementary", { name: "The chosen entry" });

test("the timeline has the exam with its order and report, linked with evidence", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}?tab=record`);
  const side = page.getByRole("complementary", { name: "About this exam" });
  await expect(side.getByText(/Same accession number/).first()).toBeVisible();
  await expect(side.getByText("reported", { exact: true }).first()).toBeVisible();
  await shot(page, "records-exam");
  await accessible(page);
  await side.getByRole("link", { name: "Record of the patient" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Example, Anna");
  const timeline = page.getByRole("listbox", { name: "Timeline" });
  await expect(timeline.getByRole("option", { name: /^Exams: CT Chest/ })).toBeVisible();
  await expect(entry(page).getByRole("link", { name: "Open exam" })).toBeVisible();
  await expect(
    entry(page)
      .getByText(/Confidence 99 %/)
      .first(),
  ).toBeVisible();
  await shot(page, "records-timeline");
  await accessible(page);
  await timeline.focus();
  await page.keyboard.press("ArrowDown");
  await expect(entry(page).getByText("Report", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  await page.keyboard.press("Shift+ArrowRight");
  await shot(page, "records-timeline-near");
  await page.keyboard.press("0");
  await page
    .getByRole("group", { name: "Lanes shown" })
    .getByRole("button", { name: /^Observations/ })
    .click();
  await expect(timeline.getByRole("option", { name: /^Observations/ })).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Filter by words" }).fill("chest");
  await expect(page.getByRole("region", { name: "Entries as a list" }).getByRole("row")).toHaveCount(4);
  await narrow(page);
  await shot(page, "records-timeline-narrow");
});

test("a report is read with its findings, and an amended one keeps the earlier version", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}?tab=record`);
  const side = page.getByRole("complementary", { name: "About this exam" });
  const line = side.getByRole("listitem").filter({ has: page.getByText("Report", { exact: true }) });
  await line.getByRole("link", { name: "CT CHEST W CONTRAST" }).click();
  const text = page.getByRole("document", { name: "Text of the report" });
  const said = page.getByRole("complementary", { name: "What the report says" });
  await expect(text.locator(".found-present").filter({ hasText: "pleural effusion" })).toBeVisible();
  await expect(text.locator(".found-absent").filter({ hasText: "pneumothorax" })).toBeVisible();
  await expect(text.locator(".found-possible").filter({ hasText: "pneumonia" })).toBeVisible();
  await expect(said.getByText("Lung-RADS 4A")).toBeVisible();
  await said.getByRole("button", { name: /Pneumothorax/ }).click();
  await expect(text.getByRole("button", { name: "pneumothorax" })).toBeFocused();
  await shot(page, "records-report");
  await accessible(page);
  const address = page.url();
  await bring(page, "amended");
  await page.goto(address);
  await expect(text).toContainText("No pneumonia");
  const version = page.getByRole("combobox", { name: "Version" });
  await expect(version.getByRole("option")).toHaveCount(2);
  await version.selectOption({ index: 1 });
  await expect(page.getByText("An earlier version. It no longer holds.")).toBeVisible();
  await expect(text).toContainText("Possible pneumonia");
  await shot(page, "records-report-earlier");
  await accessible(page);
  await narrow(page);
});

test("reports are found by what they say, and lead to the reader", async ({ page }) => {
  await page.goto("/reports");
  const box = page.getByRole("searchbox", { name: "Search reports" });
  await box.fill("pneumothorax:absent");
  await box.press("Enter");
  const found = page.getByRole("list", { name: "Reports that say: pneumothorax:absent" });
  await expect(found.getByText("pneumothorax absent").first()).toBeVisible();
  await box.fill('"pleural effusion"');
  await box.press("Enter");
  await expect(page.locator(".found-reports mark").first()).toHaveText(/pleural effusion/i);
  await accessible(page);
  await shot(page, "records-search");
  await page.setViewportSize({ width: 320, height: 700 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  await box.fill("nodule from:soon");
  await box.press("Enter");
  await expect(page.getByText("takes a day such as 2024-01-31")).toBeVisible();
  await box.fill('"pleural effusion"');
  await box.press("Enter");
  await page.locator(".found-reports a").first().click();
  await expect(page.getByText("Findings", { exact: false }).first()).toBeVisible();
});

test("a link nobody is sure of waits, and is decided by key", async ({ page }) => {
  await bring(page, "mistaken");
  await page.goto("/");
  await expect(page.getByText(/between .* not sure/)).toBeVisible();
  await page.goto("/together");
  const links = page.getByRole("article");
  await expect(links).toContainText("Same order numbers");
  await page.keyboard.press("s");
  await expect(links).toContainText("Same accession number");
  await expect(links.getByRole("row", { name: /Patient ID/ })).toContainText("differs");
  await expect(links.getByRole("row", { name: /Accession number/ })).toContainText("agrees");
  await expect(links.getByRole("row", { name: /^Name/ })).toContainText("Other, Olga");
  await shot(page, "records-together");
  await accessible(page);
  await narrow(page);
  await page.setViewportSize({ width: 1440, height: 860 });
  await page.keyboard.press("n");
  await expect(page.getByText("They do not belong together: your word stands.")).toBeVisible();
  await expect(links).toContainText("Same order numbers");
  await page.getByRole("button", { name: "They don't" }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits" })).toBeVisible();
});

test("a doubt is answered, records are parted and joined again", async ({ page }) => {
  await bring(page, "elsewhere");
  await page.goto("/together?tab=people");
  const doubt = page.getByRole("article").filter({ hasText: "X-4711" });
  await expect(doubt.getByText("Two identifiers, perhaps of one person")).toBeVisible();
  await shot(page, "records-doubt");
  await accessible(page);
  await page.keyboard.press("d");
  await expect(page.getByText("Looked at; nothing is to be done.")).toBeVisible();
  await page.goto("/records");
  await page.getByRole("searchbox", { name: "Record of the patient with the ID" }).fill(CHEST.id);
  await page.keyboard.press("Enter");
  await page.getByRole("listitem").getByRole("link", { name: "Example, Anna" }).first().click();
  const who = page.getByRole("region", { name: "Who it is" });
  await expect(who.getByText("X-4711")).toHaveCount(0);
  await who.getByText("Join another person's record to this one").click();
  await who.getByRole("searchbox", { name: "Identifier of the other" }).fill("X-4711");
  await page.keyboard.press("Enter");
  await who.getByRole("button", { name: "Join…" }).click();
  await shot(page, "records-join");
  await page.getByRole("dialog").getByRole("button", { name: "Join", exact: true }).click();
  await expect(who.getByRole("row", { name: /X-4711/ })).toBeVisible();
  await shot(page, "records-joined");
  await accessible(page);
  await who
    .getByRole("row", { name: /X-4711/ })
    .getByRole("button", { name: "Part…" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Part", exact: true }).click();
  await expect(page.getByText("Parted. It has a record of its own now.")).toBeVisible();
  await expect(who.getByRole("row", { name: /X-4711/ })).toHaveCount(0);
});

async function recordOfAnna(page: Page): Promise<void> {
  await page.goto("/records");
  await page.getByRole("searchbox", { name: "Record of the patient with the ID" }).fill(CHEST.id);
  await page.keyboard.press("Enter");
  await page.getByRole("listitem").getByRole("link", { name: "Example, Anna" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Example, Anna");
}

test("medicines of every kind of message are one history, the current first, each with its source", async ({
  page,
}) => {
  await bring(page, "prescribed", "handedOut", "given");
  await recordOfAnna(page);
  const medication = page.getByRole("region", { name: "Medication" });
  const current = medication.getByRole("list", { name: "Current medication" });
  await expect(current.getByText("Metformin 500 mg").first()).toBeVisible();
  await expect(current.getByText("goes on")).toBeVisible();
  await current.getByText("goes on").click();
  await expect(current.getByRole("row", { name: /Prescription/ })).toContainText("active");
  await expect(current.getByRole("row", { name: /Medicine handed out/ })).toContainText("completed");
  await medication.getByText("Earlier and planned", { exact: false }).first().click();
  const earlier = medication.getByRole("list", { name: "Earlier and planned medication" });
  await expect(earlier.getByRole("listitem").filter({ hasText: "Ibuprofen 400 mg" })).toContainText("past");
  await shot(page, "records-medication");
  await accessible(page);
  await narrow(page);
  await page.setViewportSize({ width: 1440, height: 860 });
  await current.getByRole("button", { name: "Prescription" }).click();
  await expect(entry(page).getByText("Metformin 500 mg").first()).toBeVisible();
  await current
    .getByRole("row", { name: /Medicine handed out/ })
    .getByRole("link", { name: "Show source" })
    .click();
  await expect(page.getByText("M7011").first()).toBeVisible();
});

test("a table of codes is dropped, and a record shows what was received beside what it means", async ({
  page,
}) => {
  await page.goto("/records");
  const lines = [
    "source_system,source_code,target_system,target_code,display",
    "http://loinc.org,2160-0,urn:site,KREA,Kreatinin",
  ];
  const table = { name: "site.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) };
  await page.locator("[data-pick=messages]").setInputFiles([table]);
  await expect(page.getByText("1 file is through")).toBeVisible();
  await page.reload();
  await page.getByText("Tables of codes").click();
  await expect(page.getByText("in force")).toBeVisible();
  await accessible(page);
  await recordOfAnna(page);
  await page
    .getByRole("region", { name: "Entries as a list" })
    .getByRole("row")
    .filter({ hasText: "0.9 mg/dL" })
    .getByRole("button")
    .click();
  const codes = page.getByRole("region", { name: "Codes and units" });
  await expect(codes.getByRole("row", { name: /2160-0/ })).toContainText("KREA Kreatinin");
  await expect(codes.getByRole("row", { name: /UCUM/ })).toContainText("mg/dL");
  await shot(page, "records-codes");
  await accessible(page);
});

test("the box of every page finds an order and its report by a number", async ({ page }) => {
  await page.goto("/");
  // The key is heard once the page is drawn.
  await expect(page.getByRole("button", { name: "Find anything" })).toBeVisible();
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "Find anything" });
  await box.fill("FO7001");
  const found = page.getByRole("group", { name: "Records by number" });
  const order = found.getByRole("option", { name: /Order ·/ });
  await expect(order).toBeVisible();
  await shot(page, "records-by-number");
  await order.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Example, Anna");
  await expect(entry(page).getByText("Order", { exact: true }).first()).toBeVisible();
});

test("a FHIR server shows how it stands, and is asked by a button", async ({ browser }) => {
  let away = true;
  const patient = { resourceType: "Patient", id: "1", identifier: [{ system: "urn:mrn", value: "F1" }] };
  const server = createServer((_, answer) => {
    answer.statusCode = away ? 404 : 200;
    answer.end(JSON.stringify({ resourceType: "Bundle", type: "searchset", entry: [{ resource: patient }] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const fhir = `{ ehr = { url = "http://127.0.0.1:${port}/r4", types = ["Patient"] } }`;
  await withServer(
    async ({ url, link }) => {
      const context = await browser.newContext({ baseURL: url, locale: "en-GB" });
      const page = await context.newPage();
      await page.goto(link);
      await page.goto("/records");
      const one = page.getByRole("listitem", { name: "ehr" });
      await expect(one.getByText("the server answered with status 404")).toBeVisible();
      await accessible(page);
      away = false;
      await one.getByRole("button", { name: "Ask now" }).click();
      await expect(one.getByText("up to date")).toBeVisible();
      await expect(one.getByText("1 resource")).toBeVisible();
      await shot(page, "records-servers");
      await context.close();
    },
    { ISOCENTER_RECORDS__FHIR: fhir },
  );
  server.close();
});

test("who may not read is offered none of it", async ({ browser, page, server }) => {
  await asRole({ browser, page, server }, "auditor", async (theirs) => {
    await theirs.goto("/records");
    await expect(theirs.getByRole("heading", { level: 1 })).toHaveText("Your account may not see this page");
  });
});
