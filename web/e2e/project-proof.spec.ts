import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEART } from "./hospital";
import { api, asRole } from "./people";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

async function made(page: Parameters<typeof api>[0], id: string, exams: string[], more: object = {}) {
  await api(page, "POST", "/api/v1/projects", { id, title: `Project ${id}`, policy: "basic", ...more });
  await api(page, "POST", `/api/v1/projects/${id}/subjects`, { exams });
  const settled = async () =>
    ((await (await page.request.get(`/api/v1/projects/${id}/coverage`)).json()) as { waiting: number })
      .waiting;
  await expect.poll(settled, { timeout: 60_000 }).toBe(0);
}

test("evidence is gathered, read and fetched, and a project waits for it", async ({
  browser,
  page,
  server,
}) => {
  // Everything is read twice, and canaries are planted.
  test.setTimeout(300_000);
  await page.goto("/projects");
  await made(page, "proved", [CHEST.uid], { needsEvidence: true });
  await page.goto("/projects/proved?view=evidence");
  await expect(page.getByText("shows nothing before evidence has passed")).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText("passed", { exact: true }).first()).toBeVisible({ timeout: 240_000 });
  await expect(page.getByText("shows nothing before evidence has passed")).toHaveCount(0);
  await expect(page.getByRole("table", { name: "What identifies the patients" })).toBeVisible();
  await expect(page.getByText(/of \d+ canaries leak/)).toBeVisible();
  await shot(page, "project-evidence");
  await accessible(page);
  const wrong = { name: "key.tsv", mimeType: "text/plain", buffer: Buffer.from("no key") };
  await page.getByLabel("Answer key to score").setInputFiles(wrong);
  await page.getByRole("button", { name: "Verify now" }).click();
  await expect(page.getByText("must name the columns", { exact: false })).toBeVisible();
  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await api(page, "PUT", `/api/v1/projects/proved/members/${name}`, { role: "member" });
    await theirs.goto("/projects/proved?view=evidence");
    await expect(theirs.getByRole("button", { name: "Verify now" })).toHaveCount(0);
    const fetched = theirs.waitForEvent("download");
    await theirs.getByRole("link", { name: "Signed pack" }).click();
    expect((await fetched).suggestedFilename()).toMatch(/^proved-evidence-\d+\.zip$/);
    await theirs.setViewportSize({ width: 320, height: 700 });
    expect(await theirs.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await accessible(theirs);
  });
});

test("somebody looks at what is in doubt, draws a box, decides by a key and takes it back", async ({
  page,
}) => {
  await page.goto("/projects");
  await made(page, "doubts", [HEART.uid]);
  await page.goto("/projects/doubts?view=review");
  const image = page.locator(".review-image");
  await expect(image.getByRole("img")).toBeVisible({ timeout: 60_000 });
  await shot(page, "project-review");
  await accessible(page);
  for (const remove of await page.getByRole("button", { name: /^Remove the box/ }).all()) {
    expect(await remove.isVisible()).toBe(true);
    await page
      .getByRole("button", { name: /^Remove the box/ })
      .first()
      .click();
  }
  await expect(page.getByRole("button", { name: /^Release as it is/ })).toBeVisible();
  // The list of boxes stands below it.
  await image.evaluate((element) => element.scrollIntoView({ block: "start" }));
  const at = await image.boundingBox();
  if (at === null) throw new Error("the image has no place");
  await page.mouse.move(at.x + at.width * 0.1, at.y + at.height * 0.05);
  await page.mouse.down();
  await page.mouse.move(at.x + at.width * 0.6, at.y + at.height * 0.12, { steps: 4 });
  await page.mouse.up();
  await page.getByLabel("Add a box").fill("1 2 9 8");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("button", { name: /^Mask 2 boxes and release/ })).toBeVisible();
  await page.getByLabel("Why").fill("where the device writes");
  await page.getByLabel("Why").blur();
  await page.keyboard.press("a");
  await expect(page.getByText("Nothing is in doubt")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("cell", { name: /^masked at .*1, 2, 9, 8$/ })).toBeVisible();
  await shot(page, "project-decided");
  await accessible(page);
  await page.getByRole("button", { name: "Make a policy of them" }).click();
  await expect(page).toHaveURL(/\/policies\/doubts-reviewed/);
  await page.goto("/projects/doubts?view=review");
  await page
    .getByRole("button", { name: /^Remove/ })
    .first()
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(image.getByRole("img")).toBeVisible({ timeout: 60_000 });
});

test("going back to a patient takes two people", async ({ browser, page, server }) => {
  await page.goto("/projects");
  await made(page, "twice", [CHEST.uid]);
  const { subjects } = (await (await page.request.get("/api/v1/projects/twice/subjects")).json()) as {
    subjects: { code: string }[];
  };
  await page.goto("/projects/twice?view=identities");
  await expect(page.getByText("Nobody has asked who a subject is")).toBeVisible();
  await accessible(page);
  await page.getByLabel("Subject").fill(subjects[0]?.code ?? "");
  await page.getByLabel("Why").fill("an incidental finding has to be told");
  await page.getByRole("button", { name: "Ask who it is" }).click();
  await expect(page.getByText("somebody else answers")).toBeVisible();
  await asRole({ browser, page, server }, "broker", async (theirs) => {
    await theirs.goto("/projects/twice?view=identities");
    await theirs.getByRole("button", { name: "Grant" }).click();
    await expect(theirs.getByText("granted", { exact: true })).toBeVisible();
    await expect(theirs.getByRole("button", { name: "Show once" })).toHaveCount(0);
  });
  await page.reload();
  await page.getByRole("button", { name: "Show once" }).click();
  await expect(page.getByRole("link", { name: CHEST.id })).toBeVisible();
  await shot(page, "project-identities");
  await accessible(page);
  await page.reload();
  await expect(page.getByText(/^shown /)).toBeVisible();
  await expect(page.getByRole("link", { name: CHEST.id })).toHaveCount(0);
});
