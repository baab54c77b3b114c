import { defineConfig } from "@playwright/test";

// Debian's own Chromium; nothing is downloaded. Its start-up calls home are switched off.
const flags = [
  "--no-sandbox",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "e2e/out/results",
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 860 },
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: flags },
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    timezoneId: "Europe/Zurich",
    locale: "en-GB",
  },
});
