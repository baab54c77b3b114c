import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import { defineConfig } from "vite";
import { messageMacros } from "./scripts/macros.ts";

// Our extension of the viewer, built by `scripts/viewer.mjs`. It runs on the viewer's own React, which
// `host/react.ts` stands for.
const react = fileURLToPath(new URL("viewer/extension/host/react.ts", import.meta.url));

export default defineConfig({
  plugins: [messageMacros(), lingui({ failOnCompileError: true })],
  // A library build leaves this to whoever uses it; nobody does here.
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  resolve: { alias: [{ find: /^react(\/jsx-runtime)?$/, replacement: react }] },
  build: {
    target: "es2023",
    outDir: "dist/viewer",
    emptyOutDir: false,
    copyPublicDir: false,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    lib: { entry: "viewer/extension/main.ts", formats: ["es"] },
    rolldownOptions: {
      output: {
        entryFileNames: "extension.bundle.[hash].js",
        chunkFileNames: "words.bundle.[hash].js",
        assetFileNames: "extension.bundle.[hash].[ext]",
      },
    },
  },
});
