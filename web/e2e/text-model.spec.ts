import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, expect, shot, test, withServer, type Server } from "./fixtures";
import { MESSAGES } from "./messages";

/** A server that asks a model which takes everything for present. */
async function withModel(use: (server: Server) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "isocenter-model-"));
  execFileSync("python3", ["../e2e/onnx_models.py", folder]);
  await withServer(use, { ISOCENTER_READING__MODEL: folder });
  await rm(folder, { recursive: true });
}

test("where the text model says something else, both words are seen; values stand in the usual unit", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  await withModel(async (server) => {
    const context = await browser.newContext({ baseURL: server.url, locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(server.link);
    await expect(page.getByRole("heading", { name: "Home", exact: true })).toBeVisible();
    await page.goto("/records");
    await page.locator("[data-pick=messages]").setInputFiles(
      (["reported", "molar"] as const).map((name) => ({
        name: `${name}.hl7`,
        mimeType: "application/octet-stream",
        buffer: MESSAGES[name],
      })),
    );
    await expect(page.getByText("2 files are through")).toBeVisible();

    await expect(async () => {
      await page.goto("/reports/check");
      const differ = page.getByRole("region", { name: "Rules and model differ" });
      await expect(differ.getByRole("link", { name: "CT CHEST W CONTRAST" })).toBeVisible({ timeout: 2_000 });
      await expect(differ.getByText("2 findings")).toBeVisible();
    }).toPass();
    await accessible(page);
    await shot(page, "text-model-check");

    await page.goto("/reports");
    await page.getByRole("searchbox", { name: "Search reports" }).fill("pneumonia:possible");
    await page.getByRole("searchbox", { name: "Search reports" }).press("Enter");
    await page.locator(".found-reports a").first().click();
    await expect(page.getByText("rules and model differ")).toBeVisible();
    await expect(
      page.getByRole("button", { name: /possible model ghosts: present Pneumonia/ }),
    ).toBeVisible();
    await accessible(page);
    await shot(page, "text-model-report");

    await page.getByRole("link", { name: "Example, Anna" }).click();
    const entries = page.getByRole("region", { name: "Entries as a list" });
    await entries.getByRole("row").filter({ hasText: "80 umol/L" }).getByRole("button").click();
    await expect(page.getByText("In the usual unit")).toBeVisible();
    await expect(page.getByText("0.905 mg/dL")).toBeVisible();
    await accessible(page);
    await shot(page, "usual-unit");
    await context.close();
  });
});
