import { expect, shot, test, upload } from "./fixtures";
import { damaged } from "./hospital";

test("one sees why a file was set aside, tries again, and discards it after a question", async ({ page }) => {
  await upload(page, [damaged()]);
  await page.getByRole("link", { name: "Quarantine" }).click();
  const row = page.getByRole("row").nth(1);
  await expect(row).toBeVisible();
  await shot(page, "quarantine");
  await row.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByText(/Still can't be taken/)).toBeVisible();
  const before = await page.getByRole("row").count();
  await page.getByRole("row").nth(1).getByRole("button", { name: "Discard" }).click();
  await shot(page, "quarantine-question");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("row").nth(1).getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(page.getByText("Discarded.")).toBeVisible();
  await expect(page.getByRole("row")).not.toHaveCount(before);
});
