import { formatter } from "@lingui/format-po";

/** English stands in the source; each other language has a catalog beside `src/language/language.ts`. */
export default {
  sourceLocale: "en",
  locales: ["de"],
  catalogs: [{ path: "<rootDir>/src/language/{locale}", include: ["src", "viewer/extension"] }],
  format: formatter({ lineNumbers: false, explicitIdAsDefault: false }),
  orderBy: "origin",
};
