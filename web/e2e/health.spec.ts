import { accessible, expect, shot, test } from "./fixtures";

test("how everything stands is told, and what to do where something is needed", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.goto("/");
  await page.getByRole("link", { name: "System health" }).click();
  const checks = page.getByRole("region", { name: "Checks" });
  const row = (area: string) => checks.locator(`[data-area=${area}]`);
  await expect(row("ledger")).toContainText(/Answers in \d+ ms/);
  await expect(row("indexing")).toContainText("What arrived is found");
  await expect(row("keeping")).toContainText("archive.second_copy");
  await expect(page.getByRole("region", { name: "Doors" })).toContainText("ISOCENTER");
  // Never read: what to do leads to where it is done, and then it is well.
  await expect(row("integrity")).toContainText("never read from end to end");
  await shot(page, "health");
  await accessible(page);
  await row("integrity").getByRole("link", { name: "Go there" }).click();
  await page.getByRole("button", { name: /Read and compare everything/ }).click();
  await expect(page.getByText("Every original was read and compared.")).toBeVisible();
  await page.getByRole("link", { name: "System health" }).click();
  await expect(row("integrity")).toContainText(/All \d+ originals as they came/);
});

test("what is broken stands first, with the machine's own words", async ({ page, filled }) => {
  expect(filled).toBe(true);
  await page.route("**/api/v1/health", async (route) => {
    const answer = await route.fetch();
    const health = (await answer.json()) as { checks: object[] };
    const broken = { area: "indexing", state: "bad", case: "failing", details: ["the ledger is away"] };
    const ended = { area: "web-certificate", state: "bad", case: "ended", moment: "2026-01-01T00:00:00Z" };
    const rest = health.checks.filter((check) => !("area" in check && check.area === "indexing"));
    await route.fulfill({ response: answer, json: { ...health, checks: [...rest, broken, ended] } });
  });
  await page.goto("/health");
  await expect(page.getByText("2 things are broken")).toBeVisible();
  const first = page.getByRole("region", { name: "Checks" }).getByRole("listitem").first();
  await expect(first).toContainText("the ledger is away");
  await expect(first).toContainText("Nothing is lost.");
  await expect(page.locator("[data-area=web-certificate]")).toContainText("http.tls_certificate");
  await shot(page, "health-broken");
  await accessible(page);
});
