import { accessible, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";
import { api, asRole, type Role } from "./people";

test.beforeEach(async ({ page, filled }) => {
  expect(filled).toBe(true);
  const peer = { name: "roles-peer", aeTitle: "PEER", host: "127.0.0.1", port: 1, mayStore: true };
  await api(page, "POST", "/api/v1/peers", peer);
});

test.afterEach(({ page }) => api(page, "DELETE", "/api/v1/peers/roles-peer"));

const MENUS: Record<Role, string[]> = {
  admin: [
    "Home",
    "Exams",
    "Cohorts",
    "Requests",
    "Projects",
    "Upload",
    "Messages",
    "Reports",
    "Together",
    "Downloads",
    "Quarantine",
    "Conflicts",
    "Deleted",
    "Peers",
    "Routing rules",
    "Policies",
    "Activity",
    "Register of uses",
    "Storage",
    "System health",
    "Access",
  ],
  broker: [
    "Home",
    "Exams",
    "Cohorts",
    "Requests",
    "Projects",
    "Upload",
    "Messages",
    "Reports",
    "Together",
    "Downloads",
    "Quarantine",
    "Conflicts",
    "Deleted",
    "Peers",
    "Routing rules",
    "Policies",
    "Storage",
    "System health",
    "Access",
  ],
  researcher: ["Cohorts", "Requests", "Projects", "Storage", "System health", "Access"],
  auditor: ["Projects", "Activity", "Register of uses", "Storage", "System health", "Access"],
};

for (const role of ["admin", "broker", "researcher", "auditor"] as const) {
  test(`a person with the role ${role} is offered what they may do, and nothing else`, async ({
    browser,
    page,
    server,
  }) => {
    await asRole({ browser, page, server }, role, async (theirs) => {
      const refused: string[] = [];
      theirs.on("response", (answer) => {
        if (answer.status() === 403) refused.push(new URL(answer.url()).pathname);
      });
      const menu = theirs.getByRole("navigation", { name: "Pages" });
      await expect(menu.getByRole("link")).toHaveText(MENUS[role]);
      for (const label of MENUS[role]) {
        await menu.getByRole("link", { name: label, exact: true }).click();
        await expect(theirs.getByRole("heading", { level: 1 })).toHaveText(label);
        await theirs.waitForLoadState("networkidle");
      }
      // No page of the menu asks for anything that is refused.
      expect(refused).toEqual([]);
      await shot(theirs, `role-${role}`);
    });
  });
}

test("a broker works with exams, and leaves peers and accounts to administrators", async ({
  browser,
  page,
  server,
}) => {
  await asRole({ browser, page, server }, "broker", async (theirs) => {
    await theirs.goto(`/exams/${CHEST.uid}`);
    for (const name of ["Delete exam", "Send"]) {
      await expect(theirs.getByRole("button", { name, exact: true })).toBeVisible();
    }
    await theirs.goto("/peers");
    const row = theirs.getByRole("row", { name: /roles-peer/ });
    await expect(row.getByRole("button", { name: "Test" })).toBeVisible();
    await expect(row.getByRole("button", { name: "Edit" })).toHaveCount(0);
    await expect(theirs.getByRole("button", { name: "Add a peer" })).toHaveCount(0);
    await theirs.goto("/storage");
    await expect(theirs.getByRole("heading", { name: "Integrity" })).toBeVisible();
    await expect(theirs.getByRole("button", { name: /Read and compare/ })).toHaveCount(0);
    await theirs.goto("/accounts");
    await expect(theirs.getByRole("heading", { name: "Accounts" })).toHaveCount(0);
    await theirs.goto("/activity");
    await expect(theirs.getByText("Your account may not see this page")).toBeVisible();
  });
});

test("a researcher is told what the account is for, and sees no name of a patient", async ({
  browser,
  page,
  server,
}) => {
  await asRole({ browser, page, server }, "researcher", async (theirs) => {
    await theirs.goto("/");
    await expect(theirs.getByText("sees no identified images")).toBeVisible();
    await shot(theirs, "role-researcher-home");
    await accessible(theirs);
    await theirs.goto(`/exams/${CHEST.uid}`);
    await expect(theirs.getByText("Your account may not see this page")).toBeVisible();
    await accessible(theirs);
    await expect(theirs.getByText("Example, Anna")).toHaveCount(0);
    // The server refuses by itself; the pages only save the question.
    const answer = await theirs.request.get(`/api/v1/exams/${CHEST.uid}`);
    expect(answer.status()).toBe(403);
  });
});

test("an auditor begins at the log, and can't open the exams in it", async ({ browser, page, server }) => {
  await page.request.get(`/api/v1/exams/${CHEST.uid}`);
  await asRole({ browser, page, server }, "auditor", async (theirs) => {
    await theirs.goto("/");
    await expect(theirs.getByRole("heading", { name: "Activity" })).toBeVisible();
    await theirs.getByLabel("Object").fill(CHEST.uid);
    const object = theirs.getByText(`exam:${CHEST.uid}`, { exact: true }).first();
    await expect(object).toBeVisible();
    await expect(theirs.getByRole("link", { name: `exam:${CHEST.uid}` })).toHaveCount(0);
  });
});
