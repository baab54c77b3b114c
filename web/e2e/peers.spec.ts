import { execFileSync } from "node:child_process";
import { BINARY, expect, shot, test, withServer, type Server } from "./fixtures";

/** Another archive, with one exam, that knows the server under test and may be asked by it. */
async function withArchive(main: Server, use: (archive: Server) => Promise<void>): Promise<void> {
  await withServer(async (archive) => {
    const run = (...words: string[]) => execFileSync(BINARY, [...words, "--data", archive.data]);
    run("demo", "--patient", "DEMO-0009");
    const address = ["--host", "127.0.0.1", "--port", main.dimsePort];
    const rights = ["--may", "store", "--may", "query", "--may", "retrieve"];
    run("peer", "add", "warehouse", "--ae-title", "ISOCENTER", ...address, ...rights);
    await use(archive);
  });
}

test("a peer is added, tested, searched, fetched from and sent to", async ({ page, server }) => {
  await withArchive(server, async (archive) => {
    await page.goto("/peers");
    await page.getByRole("button", { name: "Add a peer" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("archive");
    await form.getByLabel("AE title").fill("ISOCENTER");
    await form.getByRole("textbox", { name: "Host", exact: true }).fill("127.0.0.1");
    await form.getByLabel("Port").fill(archive.dimsePort);
    await shot(page, "peer-form");
    await form.getByRole("button", { name: "Save" }).click();
    const row = page.getByRole("row", { name: /archive/ });
    await row.getByRole("button", { name: "Test" }).click();
    await expect(page.getByText(/archive answered in \d+ ms/)).toBeVisible();

    await row.getByRole("button", { name: "Search" }).click();
    await page.getByLabel("Name begins with").fill("Smith");
    await page.getByRole("button", { name: "Search", exact: true }).last().click();
    const found = page.getByRole("row", { name: /Smith, Alex/ });
    await expect(found).toContainText("Chest radiograph PA");
    await found.getByRole("button", { name: "Fetch" }).click();
    const transfers = page.getByRole("region", { name: "Transfers" });
    await expect(transfers.getByRole("row", { name: /From archive/ })).toContainText("Done");
    await shot(page, "peers");

    await transfers.getByRole("link").first().click();
    await expect(page.getByRole("heading", { name: "Smith, Alex" })).toBeVisible();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    await expect(page.getByText(/on its way to archive/)).toBeVisible();
    await page.getByRole("link", { name: "Peers" }).click();
    await expect(transfers.getByRole("row", { name: /To archive/ })).toContainText("Done");
  });
});

test("a peer that can't be reached is told as such", async ({ page }) => {
  await page.goto("/peers");
  await page.getByRole("button", { name: "Add a peer" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill("silent");
  await form.getByLabel("AE title").fill("SILENT");
  await form.getByRole("textbox", { name: "Host", exact: true }).fill("127.0.0.1");
  await form.getByLabel("Port").fill("1");
  await form.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row", { name: /silent/ });
  await row.getByRole("button", { name: "Test" }).click();
  await expect(page.locator(".toast-danger")).toBeVisible();
  await row.getByRole("button", { name: "Remove silent" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("silent was removed.")).toBeVisible();
  await expect(row).toHaveCount(0);
});
