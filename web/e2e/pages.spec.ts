import { accessible, expect, shot, test } from "./fixtures";
import { CHEST } from "./hospital";

const PAGES = [
  { name: "home", path: "/", heading: "Home" },
  { name: "exams", path: "/exams", heading: "Exams" },
  { name: "patient", path: `/patients/${CHEST.uid}`, heading: "Example, Anna" },
  { name: "no-patient", path: "/patients/1.2.3.4", heading: "This patient is not here" },
  { name: "exam", path: `/exams/${CHEST.uid}`, heading: "Example, Anna" },
  { name: "upload", path: "/upload", heading: "Upload" },
  { name: "messages", path: "/records", heading: "Messages" },
  { name: "no-message", path: "/records/sources/0", heading: "This message is not here" },
  { name: "no-record", path: "/people/999999", heading: "This record is not here" },
  { name: "no-report", path: "/reports/999999", heading: "This report is not here" },
  { name: "reports", path: "/reports", heading: "Reports" },
  { name: "reports-to-check", path: "/reports/check", heading: "Reports to check" },
  { name: "cohorts", path: "/cohorts", heading: "Cohorts" },
  { name: "cohort-new", path: "/cohorts/new", heading: "New cohort" },
  { name: "no-cohort", path: "/cohorts/nothing", heading: "This cohort is not here" },
  { name: "requests", path: "/requests", heading: "Requests" },
  { name: "request-new", path: "/requests/new?frozen=0000", heading: "Request data" },
  { name: "request-of-nothing", path: "/requests/new", heading: "Begin from a frozen cohort" },
  { name: "no-request", path: "/requests/nothing", heading: "This request is not here" },
  { name: "register", path: "/register", heading: "Register of uses" },
  { name: "withdrawals", path: "/withdrawals", heading: "Withdrawals" },
  { name: "no-withdrawal", path: "/withdrawals/nothing", heading: "This withdrawal is not here" },
  { name: "together", path: "/together", heading: "Together" },
  { name: "quarantine", path: "/quarantine", heading: "Quarantine" },
  { name: "conflicts", path: "/conflicts", heading: "Conflicts" },
  { name: "deleted", path: "/deleted", heading: "Deleted" },
  { name: "peers", path: "/peers", heading: "Peers" },
  { name: "activity", path: "/activity", heading: "Activity" },
  { name: "storage", path: "/storage", heading: "Storage" },
  { name: "access", path: "/accounts", heading: "Access" },
  { name: "not-found", path: "/nowhere", heading: "There is no page here" },
  { name: "no-exam", path: "/exams/1.2.3.4", heading: "This exam is not here" },
];

for (const theme of ["dark", "light"] as const) {
  for (const { name, path, heading } of PAGES) {
    test(`${name} in ${theme} colours is accessible`, async ({ page, filled }) => {
      expect(filled).toBe(true);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.goto(path);
      await expect(page.getByRole("heading", { name: heading, exact: true })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await shot(page, `page-${name}-${theme}`);
      await accessible(page);
      expect(errors).toEqual([]);
    });
  }
}

test("the first page stays light", async ({ page, filled }) => {
  expect(filled).toBe(true);
  let bytes = 0;
  page.on("response", (response) => {
    const isPart = /\/assets\/|\/$|theme\.js$/.test(new URL(response.url()).pathname);
    if (isPart) bytes += Number(response.headers()["content-length"] ?? 0);
  });
  await page.goto("/");
  await expect(page.getByRole("link", { name: "Example, Anna" }).first()).toBeVisible();
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(250_000);
});
