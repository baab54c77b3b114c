import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import lingui from "eslint-plugin-lingui";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { ignores: ["dist", "node_modules", "src/api/schema.ts", "e2e/out", "e2e/report", ".viewer"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Reading an index signature with brackets is what tsc's strictest setting asks for.
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "no-console": "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 400, skipComments: true }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}", "viewer/**/*.{ts,tsx}"],
    extends: [hooks.configs.flat.recommended, a11y.flatConfigs.strict],
    languageOptions: { globals: globals.browser },
    rules: {
      // The compiler isn't in use; the library works without it.
      "react-hooks/incompatible-library": "off",
      // Scroll areas must be reachable by keyboard (WCAG 2.1.1), and a canvas is a picture.
      "jsx-a11y/no-noninteractive-tabindex": ["error", { tags: [], roles: ["tabpanel", "region", "group"] }],
      "jsx-a11y/no-interactive-element-to-noninteractive-role": ["error", { canvas: ["img"] }],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.*"],
    extends: [lingui.configs["flat/recommended"]],
    rules: {
      // A message may be anything a page says; a sum inside it is no reason for another variable.
      "lingui/no-expression-in-message": "off",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/*.test.*", "src/api/schema.ts", "src/language/**"],
    rules: {
      // What a page says goes through `t`, `Trans` or `plural`; see "Words in two languages" in README.md.
      "lingui/no-unlocalized-strings": [
        "error",
        {
          ignore: [
            "^(?![A-Z])\\S+$",
            "^[A-Z0-9 ·×:/,.-]+$",
            "^Isocenter$",
            "^badge badge-",
            "^(Content-Type|X-.*)$",
            "^(SQLite|PostgreSQL|Files)$",
            "^(ServiceRequest|DiagnosticReport|ImagingStudy|Encounter|Condition|Medication)$",
            "^Lung-RADS$",
            "^Spark$",
            " · Isocenter$",
          ],
          ignoreNames: [
            ...[
              "key",
              "type",
              "id",
              "to",
              "href",
              "src",
              "role",
              "rel",
              "style",
              "icon",
              "code",
              "name",
              "d",
            ],
            { regex: { pattern: "^(class(Name)?|queryKey|viewBox|stroke.*|headers|.*Key)$" } },
          ],
          ignoreFunctions: [
            "matchMedia",
            ...["*.addEventListener", "*.querySelector", "*.querySelectorAll", "*.closest", "*.matches"],
            ...[
              "*.matchMedia",
              "Error",
              "TypeError",
              "DOMException",
              "lazy",
              "*.set",
              "*.append",
              "*.getItem",
            ],
            ...["api.GET", "api.POST", "api.PUT", "api.DELETE", "api.PATCH", "*.exec", "*.test"],
          ],
        },
      ],
    },
  },
  { files: ["public/**", "viewer/**"], languageOptions: { globals: globals.browser } },
  { files: ["scripts/**", "*.config.*"], languageOptions: { globals: globals.node } },
);
