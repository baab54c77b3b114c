import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tiny } from "./dicom";
import { accessible, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";

const TRIAL = {
  uid: "2.25.77001",
  id: "R1",
  accession: "RA1",
  description: "Trial baseline",
  patient: "Route^Rita",
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

/** DCMTK's storage SCP, which keeps what it gets in a folder. */
async function withScp(use: (port: number, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "isocenter-scp-"));
  const port = await freePort();
  const scp = spawn("/usr/bin/storescp", ["--output-directory", folder, String(port)], { stdio: "inherit" });
  try {
    await use(port, folder);
  } finally {
    const gone = new Promise((done) => scp.once("exit", done));
    scp.kill();
    await gone;
    await rm(folder, { recursive: true });
  }
}

test("a rule is made, tried, switched on, and what arrives goes to a DCMTK peer", async ({
  page,
  filled,
}) => {
  expect(filled).toBe(true);
  await withScp(async (port, folder) => {
    await page.goto("/peers");
    await page.getByRole("button", { name: "Add a peer" }).click();
    const peer = page.getByRole("dialog");
    await peer.getByLabel("Name").fill("trial");
    await peer.getByLabel("AE title").fill("TRIAL");
    await peer.getByRole("textbox", { name: "Host", exact: true }).fill("127.0.0.1");
    await peer.getByLabel("Port").fill(String(port));
    await peer.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("trial is entered.")).toBeVisible();

    await page.getByRole("link", { name: "Routing rules" }).click();
    await expect(page.getByText("No rules yet")).toBeVisible();
    await accessible(page);
    await page.getByRole("button", { name: "Make a rule" }).click();
    const form = page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Name", exact: true }).fill("Baselines");
    await form.getByRole("checkbox", { name: "trial" }).check();
    await form.getByLabel("Modalities").fill("CT");
    // Other journeys leave exams here too; this one is the sample hospital's.
    await form.getByRole("textbox", { name: /^Other attributes/ }).fill(`PatientName=${CHEST.patient}`);
    await form.getByRole("button", { name: "Try it on the last 7 days" }).click();
    await expect(form.getByText("Would have sent 1 exam")).toBeVisible();
    await form.getByLabel("Modalities").fill("");
    await form.getByLabel("Words of its descriptions").fill("baseline trial");
    await form.getByRole("textbox", { name: /^Other attributes/ }).fill("PatientName=Route*");
    await form.getByLabel("Seconds without anything new").fill("1");
    await form.getByRole("button", { name: "Try it on the last 7 days" }).click();
    await expect(form.getByText("Would have sent 0 exams")).toBeVisible();
    await shot(page, "routing-form");
    await accessible(page);
    await form.getByRole("button", { name: "Save, switched off" }).click();
    const row = page.getByRole("row", { name: /Baselines/ });
    await expect(row).toContainText("is described with “baseline trial”");
    await row.getByRole("button", { name: "Switch Baselines on" }).click();
    await expect(row.getByText("On", { exact: true })).toBeVisible();

    const sent = await mkdtemp(join(tmpdir(), "isocenter-route-"));
    await writeFile(join(sent, "IM1"), tiny(TRIAL, 1));
    await page.goto("/upload");
    await page.locator("[data-pick=folder]").setInputFiles(sent);
    await expect(page.getByRole("heading", { name: "Everything arrived" })).toBeVisible();
    await rm(sent, { recursive: true });
    await page.getByRole("link", { name: "Routing rules" }).click();
    const transfers = page.getByRole("region", { name: "Transfers" });
    await expect(transfers.getByRole("row", { name: /To trial/ })).toContainText("Done", { timeout: 30_000 });
    await expect(transfers).toContainText("rule Baselines, version 2");
    expect(await readdir(folder)).toHaveLength(1);
    await row.getByRole("button", { name: "Version 2" }).click();
    await expect(page.getByRole("region", { name: "Versions of Baselines" }).getByRole("row")).toHaveCount(3);
    await shot(page, "routing");
    await accessible(page);
    await row.getByRole("button", { name: "Remove Baselines" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("No rules yet")).toBeVisible();
    // What is over stays readable; the peer is not needed by the other journeys.
    await page.goto("/peers");
    await page.getByRole("button", { name: "Remove trial" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  });
});
