import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEAD } from "./hospital";
import { asRole } from "./people";

test.beforeEach(async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto("/storage");
  await expect(page.getByRole("heading", { name: "Storage", exact: true })).toBeVisible();
});

test("anything is found from any page by keyboard, and nothing of it enters an address", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.keyboard.press("/");
  const box = page.getByRole("combobox", { name: "Find anything" });
  const list = page.getByRole("listbox");
  for (const words of ["anna example", "Example, Anna", "pat-7001", "ACC7001"]) {
    await box.fill(words);
    await expect(list.getByRole("option", { name: /Example, Anna/ }).first()).toBeVisible();
    await expect(list.getByRole("option", { name: /Sample, Bruno/ })).toHaveCount(0);
  }
  await box.fill("anna example");
  await expect(list.getByRole("group", { name: "Patients" })).toContainText("ID PAT-7001");
  await expect(list.getByRole("group", { name: "Exams" })).toContainText("CT Chest with contrast");
  await expect(page.getByRole("status").filter({ hasText: "to choose" })).toBeVisible();
  await shot(page, "find");
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Example, Anna" })).toBeVisible();
  expect(page.url()).toContain(`/exams/${CHEST.uid}`);
  expect(asked.filter((url) => /anna|PAT-?7001|ACC7001/i.test(url))).toEqual([]);
});

test("a UID, a day, a page and the place one was at are found too", async ({ page }) => {
  const open = () => page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "Find anything" });
  const list = page.getByRole("listbox");
  await page.goto(`/exams/${HEAD.uid}`);
  await expect(page.getByRole("heading", { name: "Sample, Bruno" })).toBeVisible();
  await open();
  await expect(list.getByRole("group", { name: "You were here" })).toContainText("Sample, Bruno");
  await box.fill(`${CHEST.uid}.2`);
  await list.getByRole("option", { name: /Series of Example, Anna/ }).click();
  await expect(page).toHaveURL(/series=2\.25\.7001\.2/);
  await open();
  await box.fill("14 Mar 2026");
  await expect(list.getByRole("group", { name: "Exams" })).toContainText("Example, Anna");
  await box.fill("quar");
  await expect(list.getByRole("option", { name: "Quarantine" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Quarantine", exact: true })).toBeVisible();
  await open();
  await box.fill("no such thing at all");
  await expect(page.getByText("Nothing found")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("an auditor finds pages, and asks for nothing identified", async ({ browser, page, server }) => {
  await asRole({ browser, page, server }, "auditor", async (theirs) => {
    const asked: string[] = [];
    theirs.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await theirs.getByRole("button", { name: "Find anything" }).click();
    await theirs.getByRole("combobox", { name: "Find anything" }).fill("sto");
    await expect(theirs.getByRole("option", { name: "Storage" })).toBeVisible();
    expect(asked).not.toContain("/api/v1/search");
  });
});
