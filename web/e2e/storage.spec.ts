import { accessible, expect, shot, test } from "./fixtures";

test("the page tells how much there is, and reads all of it when asked", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto("/storage");
  const modalities = page.getByRole("region", { name: "By modality" });
  for (const modality of ["CT", "MR", "US"]) {
    await expect(modalities.getByRole("row", { name: new RegExp(`^${modality} `) })).toBeVisible();
  }
  const integrity = page.getByRole("region", { name: "Integrity" });
  await integrity.getByRole("button", { name: /Read and compare everything/ }).click();
  await expect(page.getByText("Every original was read and compared.")).toBeVisible();
  await expect(integrity.getByText("All as it came")).toBeVisible();
  await expect(page.getByRole("region", { name: "System" }).getByText("Ready")).toBeVisible();
  await shot(page, "storage-read");
  await accessible(page);
});

test("what is wrong at the moment stands at the top", async ({ page, filled }) => {
  expect(filled).toBe(true);
  const what = "The disk is full: nothing more is taken until there is room.";
  await page.route("**/api/v1/system", async (route) => {
    const answer = await route.fetch();
    const system = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: { ...system, troubles: [{ area: "disk", what }] } });
  });
  await page.goto("/storage");
  await expect(page.getByRole("alert")).toHaveText(what);
  await shot(page, "storage-trouble");
  await accessible(page);
});
