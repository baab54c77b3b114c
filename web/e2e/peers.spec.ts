import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { withArchive } from "./archive";
import { accessible, expect, shot, test, withServer } from "./fixtures";
import { CHEST } from "./hospital";

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
    // The newest stands first; other journeys fetch, too.
    await expect(transfers.getByRole("row", { name: /From archive/ }).first()).toContainText("Done");
    await shot(page, "peers");

    await transfers.getByRole("link").first().click();
    await expect(page.getByRole("heading", { name: "Smith, Alex" })).toBeVisible();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    await expect(page.getByText(/on the way to archive/)).toBeVisible();
    await page.getByRole("link", { name: "Peers" }).click();
    await expect(transfers.getByRole("row", { name: /To archive/ }).first()).toContainText("Done");
  });
});

/** Waits for the transfer of the newest row to be so. */
const newest = (page: Page) => page.getByRole("region", { name: "Transfers" }).locator("tbody tr").first();

test("a throttled transfer is cancelled on the page, and tells what had arrived", async ({
  page,
  server,
  filled,
}) => {
  expect(filled).toBe(true);
  await withArchive(server, async (archive) => {
    await enter(page, "slow", archive.dimsePort);
    await page.goto(`/exams/${CHEST.uid}`);
    await page.getByRole("button", { name: "Send" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("To").selectOption("slow");
    // Thirty images, and what was measured on them, at two a second: time enough to change one's mind.
    await dialog.getByLabel("Images a second at most").fill("2");
    await dialog.getByRole("button", { name: "Send" }).click();
    await page.getByRole("link", { name: "Peers" }).click();
    const row = newest(page);
    await expect(row).toContainText("Under way");
    await expect(row).toContainText(/([2-9]|\d\d) of 3\d/);
    await shot(page, "peers-under-way");
    await accessible(page);
    await row.getByRole("button", { name: "Cancel the transfer: To slow" }).click();
    await expect(page.getByText("Transfer cancelled. What has arrived stays.")).toBeVisible();
    await expect(row).toContainText("Cancelled");
    await expect(row).toContainText(/cancelled by \S+/);
    await expect(row).toContainText(/[1-9]\d* of 3\d/);
    await expect(row.getByRole("button", { name: /^Cancel/ })).toHaveCount(0);
    await shot(page, "peers-cancelled");
    await forget(page, "slow");
  });
});

test("a peer is changed, and called with TLS by its certificate's fingerprint", async ({ page }) => {
  const { folder, fingerprint } = await certificate();
  const tls = {
    ISOCENTER_DIMSE__TLS_LISTEN: "127.0.0.1:0",
    ISOCENTER_DIMSE__TLS_CERTIFICATE: join(folder, "certificate.pem"),
    ISOCENTER_DIMSE__TLS_KEY: join(folder, "key.pem"),
  };
  await withServer(async (archive) => {
    const port = archive.dimseTlsPort;
    if (port === undefined) throw new Error("the archive does not listen with TLS");
    await enter(page, "vault", port);
    const row = page.getByRole("row", { name: /vault/ });
    // Plain words to a TLS port get no answer.
    await row.getByRole("button", { name: "Test" }).click();
    await expect(page.locator(".toast-danger")).toBeVisible();

    const edit = async (change: (form: Locator) => Promise<void>) => {
      await row.getByRole("button", { name: "Edit" }).click();
      const form = page.getByRole("dialog");
      await expect(form.getByLabel(/^Name/)).toHaveValue("vault");
      await change(form);
      await form.getByRole("button", { name: "Save" }).click();
      await expect(form).toHaveCount(0);
    };
    await edit(async (form) => {
      await form.getByLabel("Call it with TLS").check();
      await form.getByLabel(/SHA-256 of its certificate/).fill("0".repeat(64));
      await shot(page, "peer-form-tls");
      await accessible(page);
    });
    await expect(row).toContainText("TLS");
    await page.reload();
    await row.getByRole("button", { name: "Test" }).click();
    await expect(page.locator(".toast-danger")).toContainText(/certificate/i);
    // As OpenSSL writes it: capital letters and colons.
    await edit((form) => form.getByLabel(/SHA-256 of its certificate/).fill(fingerprint));
    await row.getByRole("button", { name: "Test" }).click();
    await expect(page.getByText(/vault answered in \d+ ms/)).toBeVisible();
    await forget(page, "vault");
  }, tls);
  await rm(folder, { recursive: true });
});

/** Enters a peer on this machine. */
async function enter(page: Page, name: string, port: string): Promise<void> {
  await page.goto("/peers");
  await page.getByRole("button", { name: "Add a peer" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("AE title").fill("ISOCENTER");
  await form.getByRole("textbox", { name: "Host", exact: true }).fill("127.0.0.1");
  await form.getByLabel("Port").fill(port);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toHaveCount(0);
}

async function forget(page: Page, name: string): Promise<void> {
  await page.goto("/peers");
  await page.getByRole("button", { name: `Remove ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText(`${name} was removed.`)).toBeVisible();
}

/** A certificate for this machine and its SHA-256, as OpenSSL tells it. */
async function certificate(): Promise<{ folder: string; fingerprint: string }> {
  const folder = await mkdtemp(join(tmpdir(), "isocenter-tls-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  const told = execFileSync("openssl", ["x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"]);
  return { folder, fingerprint: told.toString().trim().split("=")[1] ?? "" };
}

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
