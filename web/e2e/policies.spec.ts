import { accessible, expect, shot, test } from "./fixtures";
import { CHEST, HEART } from "./hospital";
import { asRole } from "./people";

test.beforeEach(({ filled }) => {
  expect(filled).toBe(true);
});

test("a policy is copied, tried on an exam, changed by what is seen, kept and approved by somebody else", async ({
  browser,
  page,
  server,
}) => {
  await page.goto("/policies");
  await expect(page.getByRole("link", { name: /Public sharing/ })).toBeVisible();
  await shot(page, "policies");
  await accessible(page);
  await page.getByRole("link", { name: "Copy basic" }).click();
  await page.getByLabel("Id", { exact: false }).first().fill("chest-trial");
  await page.getByLabel("Title").fill("Chest trial");

  await page.getByLabel("Try it on an exam").fill("CT Chest");
  await page.getByRole("button", { name: /CT Chest with contrast/ }).click();
  await expect(page).toHaveURL(new RegExp(`exam=${CHEST.uid}`));
  const list = page.getByRole("list", { name: "Attributes" });
  const description = list.getByRole("button", { name: /Study Description/ });
  await page.getByRole("searchbox", { name: "Find an attribute" }).fill("study description");
  await expect(description).toContainText("CT Chest with contrast");
  await expect(description).toContainText("Removed");
  await shot(page, "policy-preview");
  await accessible(page);

  await page.getByLabel("Clean descriptions").check();
  await expect(description)
    .toContainText("Cleaned", { timeout: 15_000 })
    .catch(async () => {
      await expect(description).toContainText("Kept");
    });
  await page.getByRole("searchbox", { name: "Find an attribute" }).fill("accession");
  const accession = list.getByRole("button", { name: /Accession Number/ });
  await accession.click();
  await list.getByRole("button", { name: "Make a rule for it" }).click();
  await list.getByLabel("Action").selectOption("dummy");
  await list.getByLabel("Because").fill("the trial's forms want one");
  await shot(page, "policy-rule");
  await accessible(page);
  await list.getByRole("button", { name: "Add the rule" }).click();
  await expect(accession).toContainText("Dummy");
  await expect(page.getByRole("group", { name: "AccessionNumber" })).toBeVisible();

  await page.getByRole("tab", { name: "TOML" }).click();
  const toml = page.getByRole("textbox", { name: "The policy as TOML" });
  await expect(toml).toHaveValue(/attribute = "AccessionNumber"/);
  const good = await toml.inputValue();
  await toml.fill(good.replace('"AccessionNumber"', '"AccesionNumber"'));
  await expect(page.getByRole("alert")).toContainText("did you mean AccessionNumber?");
  await accessible(page);
  await shot(page, "policy-toml");
  await page.getByRole("button", { name: /^Line \d+$/ }).click();
  await expect(page.getByRole("button", { name: "Keep as version 1" })).toBeDisabled();
  await toml.fill(good);
  await page.getByRole("button", { name: "Keep as version 1" }).click();
  await page.getByLabel("What is new, and why").fill("as the protocol asks");
  await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
  await expect(page).toHaveURL(/\/policies\/chest-trial/);

  await asRole({ browser, page, server }, "broker", async (theirs) => {
    await page.reload();
    await page.getByRole("button", { name: "Approve version 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect(page.getByRole("alert")).toContainText("another account");
    await page.getByRole("button", { name: "Cancel" }).click();
    await theirs.goto("/policies/chest-trial");
    await theirs.getByRole("button", { name: "Approve version 1" }).click();
    await theirs.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect(theirs.getByText("Approved", { exact: true })).toBeVisible();
    await theirs.getByRole("tab", { name: "Versions and differences" }).click();
    await expect(theirs.getByRole("region", { name: "What becomes of attributes" })).toContainText(
      "AccessionNumber",
    );
    await shot(theirs, "policy-differences");
    await accessible(theirs);
  });
});

test("a script of another program is read with what it can't carry, and the editor fits a small screen", async ({
  page,
}) => {
  await page.goto("/policies");
  await page.getByRole("button", { name: "Import a CTP script" }).click();
  await page.getByLabel("Id of the policy").fill("from-ctp");
  await page
    .getByLabel("or its text")
    .fill(
      '<script><e en="T" t="00080080" n="InstitutionName">@remove()</e><k en="T" t="0018">Keep</k></script>',
    );
  await accessible(page);
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByText("whole groups are not kept")).toBeVisible();
  await expect(page.getByRole("group", { name: "InstitutionName" })).toBeVisible();
  await shot(page, "policy-ctp");
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`/policies/public-sharing?exam=${CHEST.uid}`);
  await expect(page.getByRole("list", { name: "Attributes" })).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(320);
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByRole("list", { name: "Attributes" }).scrollIntoViewIfNeeded();
  await shot(page, "policy-small");
  await accessible(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await shot(page, "policy-light");
  await accessible(page);
});

test("a policy that has pixels searched shows what it would mask", async ({ page }) => {
  await page.goto(`/policies/public-sharing?exam=${HEART.uid}`);
  await expect(page.getByText("Withheld: nothing of it leaves.")).toBeVisible({ timeout: 20_000 });
  await page.goto(`/policies/new?from=public-sharing&exam=${HEART.uid}`);
  await page.getByLabel("Id", { exact: false }).first().fill("pixels-searched");
  await page.getByLabel("Images that may have text in their pixels").selectOption("search");
  await expect(page.getByText(/^Its pixels were searched for text/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("img", { name: /^The original, frame/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /^The result, frame/ })).toBeVisible();
  await shot(page, "policy-pixels");
  await accessible(page);
});
