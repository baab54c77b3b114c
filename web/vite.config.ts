import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// While developing, `npm run dev` shows the pages and a running server answers the rest.
const server = process.env["ISOCENTER_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2023", sourcemap: false, assetsInlineLimit: 0, reportCompressedSize: false },
  server: {
    proxy: { "/api": server, "/dicom-web": server, "/auth": server, "/viewer": server },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}", "scripts/**/*.test.mjs"] },
});
