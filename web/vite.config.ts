import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { messageMacros } from "./scripts/macros.ts";

// While developing, `npm run dev` shows the pages and a running server answers the rest.
const server = process.env["ISOCENTER_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [messageMacros(), lingui({ failOnCompileError: true }), react()],
  build: { target: "es2023", sourcemap: false, assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    proxy: { "/api": server, "/dicom-web": server, "/auth": server, "/viewer": server },
  },
  test: {
    environment: "jsdom",
    include: ["{src,viewer}/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"],
    setupFiles: "src/language/language.ts",
  },
});
