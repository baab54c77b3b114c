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
  // What arrived a moment ago foretells nothing, and the page says so.
  const forecast = page.getByRole("region", { name: "Forecast" });
  await expect(forecast).toContainText("it takes two whole weeks of arrivals");
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
  await expect(page.getByRole("alert")).toContainText(what);
  await shot(page, "storage-trouble");
  await accessible(page);
});

test("the forecast tells its bounds and what it is made of", async ({ page, filled }) => {
  expect(filled).toBe(true);
  const weeks = [0, 4e9, 5e9, 6e9, 40e9];
  const told = { verdict: "full", weeks, bytesADay: 714e6, days: 140, daysAtLeast: 17 };
  await page.route("**/api/v1/storage", async (route) => {
    const answer = await route.fetch();
    const storage = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: { ...storage, forecast: told } });
  });
  await page.goto("/storage");
  const forecast = page.getByRole("region", { name: "Forecast" });
  await expect(forecast).toContainText("in about 5 months");
  await expect(forecast).toContainText(
    "in 17 days, if every week were like the fastest; never, if like the slowest",
  );
  await expect(forecast.getByRole("img", { name: /0 B, 4\.0 GB, 5\.0 GB, 6\.0 GB, 40\.0 GB/ })).toBeVisible();
  await shot(page, "storage-forecast");
  await accessible(page);
});
