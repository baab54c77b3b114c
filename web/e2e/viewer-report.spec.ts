import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";
import { MESSAGES } from "./messages";
import { api, asRole } from "./people";
import { pictureDrawn, view } from "./viewing";

test.describe.configure({ mode: "serial" });

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

const NAMES = ["reported", "placed"] as const;

async function bring(page: Page): Promise<void> {
  // One after the other: the second is a correction of the first.
  for (const name of NAMES) {
    await page.goto("/records");
    await page.locator("[data-pick=messages]").setInputFiles({
      name: `${name}-beside.hl7`,
      mimeType: "application/octet-stream",
      buffer: MESSAGES[name],
    });
    await expect(page.getByText("1 file is through")).toBeVisible();
  }
  const read = async () => {
    const answer = await page.request.get(`/api/v1/exams/${CHEST.uid}/records`);
    const { links } = (await answer.json()) as { links: { link: { kind: string; record: number } }[] };
    const report = links.find(({ link }) => link.kind === "report-exam")?.link.record;
    if (report === undefined) return "";
    const full = await page.request.get(`/api/v1/records/${report}`);
    return JSON.stringify(((await full.json()) as { readings: object[] }).readings);
  };
  await expect.poll(read, { timeout: 60_000 }).toContain('"series":"2"');
}

/** The SOP Instance UID of the image in the active viewport. */
function shown(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { services, cornerstone } = window as unknown as {
      services: {
        viewportGridService: { getActiveViewportId: () => string };
        cornerstoneViewportService: {
          getCornerstoneViewport: (id: string) => { getCurrentImageId: () => string } | null;
        };
      };
      cornerstone: {
        metaData: { get: (what: string, of: string) => { sopInstanceUID?: string } | undefined };
      };
    };
    const active = services.viewportGridService.getActiveViewportId();
    const image = services.cornerstoneViewportService.getCornerstoneViewport(active)?.getCurrentImageId();
    return cornerstone.metaData.get("sopCommonModule", image ?? "")?.sopInstanceUID ?? "";
  });
}

const panelOf = (page: Page) => page.locator(".iso-report");

/** The panel's tab; where it is the first panel, it is open already. */
async function openPanel(page: Page): Promise<void> {
  if (!(await panelOf(page).isVisible())) await page.locator('[data-cy="report-btn"]').click();
  await expect(panelOf(page)).toBeVisible();
}

/** Of the panel; the viewer around it is somebody else's. */
async function accessiblePanel(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(".iso-report").analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

test("the report stands beside the images: its findings marked, and the image one names is a click away", async ({
  page,
}) => {
  await bring(page);
  await view(page, CHEST.uid);
  await openPanel(page);
  const panel = panelOf(page);
  const text = panel.getByRole("document", { name: "Text of the report" });
  await expect(text.locator(".found-present").filter({ hasText: "pleural effusion" })).toBeVisible();
  await expect(text.locator(".found-absent").filter({ hasText: "pneumothorax" })).toBeVisible();
  const possible = text.locator(".found-possible").filter({ hasText: "pneumonia" });
  await expect(possible).toHaveAttribute("title", /Pneumonia: possible/);
  await expect(panel.getByText(/It was changed after it was first sent: this is version/)).toBeVisible();
  await expect(panel.getByText(/Same accession number|Same order numbers|One names the other/)).toBeVisible();
  await expect(panel.getByText(/Confidence \d+ %/)).toBeVisible();
  await expect(panel.getByRole("link", { name: "Open its page" })).toHaveAttribute(
    "href",
    /^\/reports\/\d+$/,
  );

  const nodule = panel
    .getByRole("complementary")
    .getByRole("button", { name: /Nodule.*9 mm/ })
    .first();
  await nodule.focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => shown(page)).toBe(`${CHEST.uid}.2.4`);
  await shot(page, "viewer-report");
  await accessiblePanel(page);
});

test("an earlier version is read in its own words, and told to be one", async ({ page }) => {
  await view(page, CHEST.uid);
  await openPanel(page);
  const panel = panelOf(page);
  await panel.getByRole("combobox", { name: "Version" }).selectOption({ index: 1 });
  await expect(panel.getByText("An earlier version. It no longer holds.")).toBeVisible();
});

test("the panel speaks the language that was chosen on the pages", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("language", "de"));
  await view(page, CHEST.uid);
  await openPanel(page);
  const panel = panelOf(page);
  await expect(panel).toHaveAttribute("lang", "de");
  await expect(panel.getByRole("heading", { name: /^Befundpunkte/ })).toBeVisible();
  await expect(panel.getByRole("link", { name: "Seine Seite öffnen" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
});

test("in a project the report comes through the wall, and the archive is not asked", async ({
  browser,
  page,
  server,
}) => {
  await api(page, "POST", "/api/v1/projects", { id: "beside", title: "Beside", policy: "public-sharing" });
  await api(page, "POST", "/api/v1/projects/beside/subjects", { exams: [CHEST.uid] });
  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await api(page, "PUT", `/api/v1/projects/beside/members/${name}`, { role: "member" });
    type Row = Record<string, { Value?: unknown[] }>;
    const rows = async () => (await (await theirs.request.get("/beside/dicomweb/studies")).json()) as Row[];
    await expect.poll(async () => (await rows()).length).toBe(1);
    const uid = String((await rows())[0]?.["0020000D"]?.Value?.[0]);
    const asked: string[] = [];
    theirs.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await theirs.goto(`/viewer/viewer?StudyInstanceUIDs=${uid}&project=beside`);
    await pictureDrawn(theirs);
    await openPanel(theirs);
    await expect(panelOf(theirs).locator(".reader-text")).toContainText("right pleural effusion");
    await expect(panelOf(theirs)).not.toContainText(/Example|PAT-7001|PO7001/);
    const text = panelOf(theirs).getByRole("document", { name: "Text of the report" }).first();
    await expect(text.locator(".found-present").filter({ hasText: "pleural effusion" })).toBeVisible();
    await expect(text.locator(".found-absent").filter({ hasText: "pneumothorax" })).toBeVisible();
    await expect(
      panelOf(theirs)
        .getByRole("button", { name: /Nodule.*9 mm/ })
        .first(),
    ).toBeVisible();
    await accessiblePanel(theirs);
    expect(asked.filter((path) => /^\/(dicom-web|api\/v1\/(exams|records))\//.test(path))).toEqual([]);
    await shot(theirs, "viewer-report-project");
  });
});
