import { accessible, expect, shot, test } from "./fixtures";

const PASSWORD = "a long enough pass phrase";

test.describe("signing in", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("a stranger sees the sign-in page whatever the address", async ({ page }) => {
    await page.goto("/quarantine");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await shot(page, "sign-in");
    await accessible(page);
  });

  test("a wrong password is told plainly", async ({ page }) => {
    await page.goto("/");
    await page.getByLabel("Account").fill("nobody");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("not right");
    await shot(page, "sign-in-refused");
    await accessible(page);
  });

  test("a link that was used shows why it doesn't work", async ({ page, server, signedIn }) => {
    expect(signedIn.cookies.length).toBeGreaterThan(0);
    await page.goto(server.link);
    await expect(page.getByText("used before or is too old")).toBeVisible();
  });
});

test("a new person comes by link, chooses a password, leaves, and signs in with it", async ({
  browser,
  server,
  page,
  signedIn,
}) => {
  // A session of its own: the shared one must live on for the other journeys.
  await page.goto("/accounts");
  const name = `leaver-${Date.now()}`;
  await page.getByLabel("Name of the new account").fill(name);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("cell", { name, exact: true })).toBeVisible();
  expect(signedIn.cookies.length).toBeGreaterThan(0);
  const link = await page.getByText(/^https?:.*\/auth\/link\//).textContent();

  const other = await browser.newContext({ baseURL: server.url, storageState: { cookies: [], origins: [] } });
  const theirs = await other.newPage();
  await theirs.goto(link ?? "");
  await expect(theirs.getByRole("heading", { name: "Home", exact: true })).toBeVisible();
  await theirs.getByRole("link", { name: "Access" }).click();
  await theirs.getByLabel("New, at least 10 characters").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Change" }).click();
  await expect(theirs.getByText("Password changed")).toBeVisible();
  await expect(theirs.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await theirs.getByLabel("Account").fill(name);
  await theirs.getByLabel("Password").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(theirs.getByRole("heading", { name: "Access" })).toBeVisible();
  await theirs.getByRole("button", { name: "Sign out" }).click();
  await expect(theirs.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await theirs.reload();
  await expect(theirs.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await other.close();
});
