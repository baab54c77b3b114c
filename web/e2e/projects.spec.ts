import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEART } from "./hospital";
import { asRole } from "./people";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

test("a project is made, patients enrolled and a member added, who sees nothing but the project's own terms", async ({
  browser,
  page,
  server,
}) => {
  await page.goto("/projects");
  await page.getByRole("button", { name: "Make a project" }).click();
  await page.getByRole("textbox", { name: /^Id / }).fill("lungs");
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Lungs after infection");
  await page.getByLabel("Number of the trial protocol").fill("LUNG-1");
  await page.getByLabel("Uses that subjects agree to").fill("research");
  await page.getByLabel("AE title").fill("LUNGS");
  await shot(page, "project-make");
  await accessible(page);
  await page.getByRole("button", { name: "Keep" }).click();
  await expect(page.getByRole("heading", { name: "Lungs after infection" })).toBeVisible();

  // What a package needs stays what it was when something else changes.
  for (const change of [
    () => page.getByLabel("Two people must approve each package").check(),
    () => page.getByLabel("Number of the trial protocol").fill("LUNG-2"),
  ]) {
    await page.getByRole("button", { name: "Change" }).click();
    await change();
    await page.getByRole("button", { name: "Keep" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  await expect(page.getByText("two people must approve · groups of at least 5")).toBeVisible();

  await page.getByRole("tab", { name: "Subjects" }).click();
  await page.getByRole("button", { name: "Enrol patients" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Exams of the patients").fill("chest");
  await expect(dialog.getByRole("checkbox", { name: /Echocardiogram/ })).toHaveCount(0);
  await dialog.getByRole("checkbox", { name: /CT Chest with contrast/ }).check();
  await dialog.getByLabel("Exams of the patients").fill("echocardiogram");
  await dialog.getByRole("checkbox", { name: /Echocardiogram/ }).check();
  await shot(page, "project-enrol");
  await accessible(page);
  await dialog.getByRole("button", { name: "Enrol by 2 exams" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Shown", { exact: true })).toHaveCount(2);
  // Other journeys leave measurements with the sample hospital's exam: 30 images or more.
  const seen = page.getByRole("row", { name: /^S-/ }).filter({ hasText: /[3-9]\d/ });
  await expect(seen.getByRole("cell", { name: /^[3-9]\d$/ })).toBeVisible({ timeout: 30_000 });
  await page.getByLabel("Show who they are; the log says that you did").check();
  await expect(page.getByRole("link", { name: CHEST.id })).toBeVisible();
  await shot(page, "project-subjects");
  await accessible(page);

  await page.getByRole("tab", { name: "Overview" }).click();
  await expect(page.getByText("Everything that may be seen is made.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("cell", { name: /text may be burned into its pixels/ })).toBeVisible();
  await shot(page, "project");
  await accessible(page);

  await page.getByRole("tab", { name: "Withheld" }).click();
  await expect(page.getByRole("link", { name: "Try the policy" }).first()).toHaveAttribute(
    "href",
    `/policies/public-sharing?exam=${HEART.uid}`,
  );
  await shot(page, "project-withheld");
  await accessible(page);
  await page.getByRole("button", { name: "Try all again" }).click();

  await asRole({ browser, page, server }, "researcher", async (theirs, name) => {
    await theirs.goto("/projects");
    await expect(theirs.getByText("You are in no project.", { exact: false })).toBeVisible();
    await page.getByRole("tab", { name: "Members" }).click();
    await page.getByLabel("Add a member").fill(name);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await expect(page.getByRole("cell", { name, exact: true })).toBeVisible();
    await accessible(page);
    await shot(page, "project-members");
    await theirs.reload();
    await theirs.getByRole("link", { name: "Lungs after infection" }).click();
    await expect(theirs.getByRole("tab", { name: "Withheld" })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: "Change" })).toHaveCount(0);
    await theirs.getByRole("tab", { name: "Exams" }).click();
    await expect(theirs.getByRole("cell", { name: /^CT( SEG| SR)*$/ })).toBeVisible({ timeout: 30_000 });
    await expect(theirs.locator("body")).not.toContainText("Example");
    await expect(theirs.locator("body")).not.toContainText(CHEST.id);
    await shot(theirs, "project-exams");
    await accessible(theirs);
    const view = theirs.getByRole("link", { name: /^View the exam of S-/ });
    await expect(view).toHaveAttribute("href", /StudyInstanceUIDs=2\.25\.\d+&project=lungs$/);
    await theirs.getByRole("link", { name: /^Why the exam of S-/ }).click();
    await expect(theirs.getByRole("row", { name: /Patient's Name .*Code/ })).toBeVisible();
    await expect(theirs.locator("body")).not.toContainText(CHEST.id);
    await shot(theirs, "project-why");
    await accessible(theirs);
    await theirs.goBack();
    await theirs.getByRole("tab", { name: "Subjects" }).click();
    await expect(theirs.getByRole("button", { name: "Enrol patients" })).toHaveCount(0);
    await expect(theirs.locator("body")).not.toContainText(CHEST.id);
    await theirs.getByRole("tab", { name: "Connection" }).click();
    await expect(theirs.getByText("/lungs/dicomweb", { exact: false }).first()).toBeVisible();
    await theirs.setViewportSize({ width: 320, height: 700 });
    const wide = await theirs.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(320);
    await shot(theirs, "project-small");
    await accessible(theirs);
  });

  await page.getByRole("tab", { name: "Subjects" }).click();
  await page
    .getByRole("button", { name: /refused research$/ })
    .first()
    .click();
  await expect(page.getByText("Not shown")).toBeVisible();
});
