import { accessible, expect, shot, test } from "./fixtures";
import { ctSlice } from "./dicom";
import { CHEST } from "./hospital";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

const FIRST = `${CHEST.uid}.1.1`;

test("everything a file says is a tree that is walked by keys and searched", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}`);
  await page.getByRole("link", { name: /^All attributes on a page/ }).click();
  await expect(page).toHaveURL(new RegExp(`/exams/${CHEST.uid}/instances/[0-9.]+/attributes$`));
  const tree = page.getByRole("tree", { name: "Attributes" });
  const chosen = tree.getByRole("treeitem", { selected: true });
  await expect(chosen).toContainText("(0002,0001)");
  await tree.focus();
  await page.keyboard.press("ArrowDown");
  await expect(chosen).toContainText("Media Storage SOP Class UID");
  await page.keyboard.press("End");
  await expect(chosen).toContainText("(0028,");
  await shot(page, "attributes");
  await accessible(page);
  await page.getByRole("searchbox", { name: "Find an attribute" }).fill("phantom works");
  await expect(tree.getByRole("treeitem")).toHaveCount(1);
  await expect(tree.getByRole("treeitem")).toContainText("Manufacturer");
});

test("two instances stand beside each other, by what differs", async ({ page }) => {
  await page.goto(`/exams/${CHEST.uid}/instances/${FIRST}/attributes`);
  await page.getByRole("button", { name: "Compare with…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Image or document")).toBeVisible();
  await accessible(page);
  await dialog.getByLabel("Image or document").selectOption({ index: 3 });
  await dialog.getByRole("button", { name: "Compare" }).click();
  const tree = page.getByRole("tree");
  await expect(tree.getByRole("treeitem", { name: /Instance Number/ })).toBeVisible();
  await expect(tree.getByRole("treeitem", { name: /Modality/ })).toHaveCount(0);
  await shot(page, "attributes-compared");
  await accessible(page);
  await page.reload();
  await expect(tree.getByRole("treeitem", { name: /Instance Number/ })).toBeVisible();
  await page.getByLabel("Show what is the same too").check();
  await page.getByRole("searchbox").fill("modality");
  await expect(tree.getByRole("treeitem", { name: /Modality/ }).first()).toBeVisible();
  expect(page.url()).not.toContain("modality");
});

test("the two sides of a conflict are compared", async ({ page }) => {
  const session = (await (await page.request.get("/api/v1/session")).json()) as { csrfToken: string };
  const changed = ctSlice({ ...CHEST, description: "CT Chest, corrected" }, 1, 1, 24);
  const answer = await page.request.post("/dicom-web/studies", {
    headers: {
      "X-CSRF-Token": session.csrfToken,
      "Content-Type": 'multipart/related; type="application/dicom"; boundary=b',
      Accept: "application/dicom+json",
    },
    data: Buffer.concat([
      Buffer.from("--b\r\nContent-Type: application/dicom\r\n\r\n"),
      changed,
      Buffer.from("\r\n--b--\r\n"),
    ]),
  });
  expect(answer.status()).toBeLessThan(500);
  await expect(async () => {
    await page.goto("/conflicts");
    await expect(page.getByRole("link", { name: "Compare" })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.getByRole("link", { name: "Compare" }).click();
  const line = page.getByRole("treeitem", { name: /Study Description/ });
  await expect(line).toContainText("CT Chest with contrast");
  await expect(line).toContainText("CT Chest, corrected");
  await expect(page.getByText("1 difference", { exact: true })).toBeVisible();
  await shot(page, "attributes-conflict");
  await accessible(page);
});
