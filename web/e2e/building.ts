/** Hands for the cohort builder. */
import { expect, type Locator, type Page } from "@playwright/test";

export const criterion = (page: Page, name: RegExp): Locator => page.getByRole("group", { name }).first();

export async function addNear(page: Page, row: RegExp, kind: RegExp): Promise<void> {
  // What belongs to the criterion itself stands below what is around it.
  await expect(async () => {
    await criterion(page, row).getByRole("button", { name: "Near it in time" }).last().click();
    await page.getByRole("menuitem", { name: kind }).click({ timeout: 2_000 });
  }).toPass();
}

/** Types into the field that has the focus, and takes what is offered first. */
export async function take(page: Page, typed: string, offered: string): Promise<void> {
  await expect(page.locator("input:focus")).toBeVisible();
  await page.keyboard.type(typed);
  await expect(page.getByRole("listbox").getByRole("option").first()).toContainText(offered);
  await page.keyboard.press("Enter");
}
