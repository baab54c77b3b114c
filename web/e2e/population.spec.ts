/** From a question to images in Python, on an invented population of which a few people have images. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Locator, Page } from "@playwright/test";
import { addNear, take } from "./building";
import { accessible, BINARY, expect, shot, test as hospital, withServer, type Server } from "./fixtures";
import { api, asRole } from "./people";
import { fitting, type Fitting } from "./walk";

const PATIENTS = 900;
const PICTURED = 6;
const TITLE = "Lung cancer, seen again";

/** A server of its own, with a population in it. */
const test = hospital.extend<object, { server: Server }>({
  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) =>
      withServer(async (server) => {
        const many = ["--patients", String(PATIENTS), "--pictured", String(PICTURED)];
        execFileSync(BINARY, ["demo", ...many, "--data", server.data], { stdio: "pipe" });
        await use(server);
      }),
    { scope: "worker", timeout: 240_000 },
  ],
});

test.describe.configure({ mode: "serial", timeout: 300_000 });

const answer = (page: Page): Locator => page.getByRole("region", { name: "Answer" });
/** A question in time, by pointing alone. */
async function build(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Cohorts", exact: true }).click();
  await page.getByRole("link", { name: "New cohort" }).click();
  await page.getByRole("button", { name: "Add a criterion" }).click();
  await page.getByRole("menuitem", { name: /^Condition/ }).click();
  await expect(page.getByRole("combobox", { name: "code", exact: true })).toBeFocused();
  await page.keyboard.type("C34");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Which of them" }).selectOption("first");
  await addNear(page, /^Condition/, /^Exam/);
  await take(page, "CT", "CT");
  await page.getByRole("combobox", { name: "body part", exact: true }).fill("chest");
  await expect(page.getByRole("listbox", { name: "Values of body part" })).toContainText("CHEST");
  await page.keyboard.press("Enter");
  await addNear(page, /^Exam/, /^Report finding/);
  await take(page, "nodule", "nodule");
  await page.getByRole("spinbutton", { name: "size at least" }).fill("8");
  await addNear(page, /^Exam/, /^Exam/);
  await take(page, "CT", "CT");
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save…" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(TITLE);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(TITLE);
}

async function freeze(page: Page): Promise<void> {
  await answer(page).getByRole("tab", { name: "Frozen" }).click();
  await answer(page).getByRole("button", { name: "Freeze version 1…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Freeze", exact: true }).click();
  await answer(page)
    .getByRole("link", { name: /Request the data of/ })
    .click();
}

async function ask(page: Page): Promise<void> {
  const form = page.getByRole("form", { name: "Request data" });
  await form.getByRole("combobox", { name: "Project" }).selectOption("lung");
  await form.getByRole("textbox", { name: "Title" }).fill(TITLE);
  await form.getByRole("textbox", { name: "What the data is for" }).fill("To learn how nodules grow.");
  const person = form.getByRole("group", { name: "Person 1" });
  await person.getByRole("textbox", { name: "Name" }).fill("Rita Research");
  await person.getByRole("textbox", { name: /E-mail/ }).fill("rita@uni.example");
  await person.getByRole("textbox", { name: "Institution" }).fill("University");
  await form.getByRole("textbox", { name: /Vote of the ethics committee/ }).fill("EK 12/2026");
  const vote = { name: "vote.txt", mimeType: "text/plain", buffer: Buffer.from("Approved.") };
  await form.getByLabel("The vote as a document").setInputFiles(vote);
  await form.getByRole("checkbox", { name: /I accept the project's terms of use/ }).check();
  await form.getByRole("button", { name: "Send the request" }).click();
  await expect(page.getByRole("heading", { level: 1, name: TITLE })).toBeVisible();
}

async function approve(page: Page): Promise<void> {
  await page.goto("/requests");
  await page
    .getByRole("region", { name: "Wait for your decision" })
    .getByRole("link", { name: TITLE })
    .click();
  const box = page.getByRole("region", { name: "Your decision" });
  await box.getByRole("textbox", { name: /Reason/ }).fill("The vote covers it.");
  await box.getByRole("button", { name: "Approve" }).click();
}

const PULL = `
import json, sys
from isocenter import Client

dataset = Client().cohort(sys.argv[1]).pull(sys.argv[2])
dataset.verify()
volumes = [sample.volume for sample in dataset if len(sample.volume.shape) == 3]
exams = dataset.tables["exam"]
print(json.dumps({
    "shapes": sorted({"x".join(map(str, sorted(volume.shape))) for volume in volumes}),
    "darkest": min(int(volume.min()) for volume in volumes),
    "brightest": max(int(volume.max()) for volume in volumes),
    "patients": sorted({str(sample.header.PatientID) for sample in dataset}),
    "names": sorted({str(sample.header.PatientName) for sample in dataset}),
    "subjects": sorted(set(exams["subject"])), "rows": len(exams),
}))
`;

interface Pulled {
  shapes: string[];
  darkest: number;
  brightest: number;
  patients: string[];
  names: string[];
  subjects: string[];
  rows: number;
}

/** What the Python package makes of a frozen cohort. */
async function pull(server: Server, token: string, cohort: string): Promise<Pulled> {
  const folder = await mkdtemp(join(tmpdir(), "isocenter-pull-"));
  const env = {
    PATH: `${resolve("../.venv/bin")}:${process.env["PATH"] ?? ""}`,
    PYTHONPATH: resolve("../python/src"),
    ISOCENTER_URL: server.url,
    ISOCENTER_TOKEN: token,
  };
  try {
    const run = await promisify(execFile)("python3", ["-c", PULL, cohort, join(folder, "data")], { env });
    return JSON.parse(run.stdout) as Pulled;
  } finally {
    await rm(folder, { recursive: true });
  }
}

let expected: Fitting;

test("the count is that of a walk over the rows", async ({ page }) => {
  await page.goto("/");
  await build(page);
  expected = await fitting(page);
  expect(expected.patients).toBeGreaterThanOrEqual(11);
  expect(expected.pictured).toBe(4);
  const figures = answer(page).getByRole("status");
  await expect(figures).toHaveText(`Patients${expected.patients}Exams${expected.exams}`);
  await expect(page.getByRole("note")).toContainText("Counts include 900 invented patients");
  await shot(page, "population-built");
  await accessible(page);
  await answer(page).getByRole("tab", { name: "Patients" }).click();
  const people = answer(page).getByRole("list", { name: "Patients of the cohort" });
  await expect(people.getByText("invented", { exact: true })).toHaveCount(
    expected.patients - expected.pictured,
  );
  await shot(page, "population-patients");
  await accessible(page);
  await people
    .getByRole("link", { name: /^Patient \d+$/ })
    .first()
    .click();
  await expect(page.getByText("invented", { exact: true }).first()).toBeVisible();
  await shot(page, "population-record");
  await page.goto("/exams");
  await expect(page.getByText("invented", { exact: true }).first()).toBeVisible();
  await shot(page, "population-exams");
  await accessible(page);
});

test("a researcher asks, somebody else approves, and Python opens images and tables", async ({
  browser,
  page,
  server,
}) => {
  const project = { id: "lung", title: "Lung", policy: "public-sharing", terms: "For the study alone." };
  await api(page, "POST", "/api/v1/projects", project);
  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await api(page, "PUT", `/api/v1/projects/lung/members/${name}`, { role: "member" });
    await theirs.goto("/");
    await build(theirs);
    const figures = answer(theirs).getByRole("status");
    const told = async () =>
      Number(/^Patients\D*(\d+)Exams/.exec((await figures.textContent()) ?? "")?.[1] ?? Number.NaN);
    await expect
      .poll(async () => Math.abs((await told()) - expected.patients), "rounded")
      .toBeLessThanOrEqual(10);
    await expect(figures).toHaveAttribute("aria-busy", "false");
    expect((await told()) % 10, "rounded").toBe(0);
    await shot(theirs, "population-researcher");
    await accessible(theirs);
    await save(theirs);
    await freeze(theirs);
    const frozen = new URL(theirs.url()).searchParams.get("frozen") ?? "";
    await ask(theirs);
    await approve(page);
    const made = theirs.getByRole("region", { name: "Package" });
    await expect(made).toBeVisible({ timeout: 180_000 });
    await shot(theirs, "population-package");
    await accessible(theirs);

    const { secret } = await api(theirs, "POST", "/api/v1/tokens", { name: "notebook" });
    const pulled = await pull(server, String(secret), frozen);
    expect(pulled.subjects).toHaveLength(expected.pictured);
    expect(pulled.patients).toEqual(pulled.subjects);
    expect(pulled.names.join(" ")).not.toMatch(/\^|POP/);
    expect(pulled.shapes).toContain("24x256x256");
    expect(pulled.darkest, "air").toBeLessThan(-900);
    expect(pulled.brightest, "bone").toBeGreaterThan(300);
    expect(pulled.rows).toBeGreaterThanOrEqual(expected.pictured);
  });
});
