import { expect, test } from "vitest";
import type { PolicyDocument } from "../../api/policies";
import { withOption, withPrivate, withRule } from "./draft";

const BASIC: PolicyDocument = {
  format: 1,
  id: "a",
  version: 1,
  title: "A",
  options: [],
  subjects: { prefix: "S-", length: 12 },
  dates: { modified: "shift", "shift-days": [-3650, -30], "age-cap": 89 },
  text: { replacement: "label" },
  private: { "unknown-creator": "remove" },
  pixels: { "burned-in": "quarantine" },
  rules: [],
};

test("full and modified dates exclude each other", () => {
  const moved = withOption(BASIC, "retain-longitudinal-modified-dates", true);
  const full = withOption(moved, "retain-longitudinal-full-dates", true);
  expect(full.options).toEqual(["retain-longitudinal-full-dates"]);
});

test("a private attribute is listed once, with the option that lets it stay", () => {
  const one = { creator: "GEMS", group: "0043", element: "39", clean: false };
  const listed = withPrivate(withPrivate(BASIC, one), { ...one, element: "10" });
  expect(listed.options).toEqual(["retain-safe-private"]);
  expect(listed.private.keep).toEqual([{ creator: "GEMS", group: "0043", elements: ["10", "39"] }]);
  expect(withOption(listed, "retain-safe-private", false).private.keep).toEqual([]);
});

test("a rule takes the place of the one for the same attribute", () => {
  const first = withRule(BASIC, { attribute: "StudyID", action: "keep" });
  const rules = withRule(first, { attribute: "StudyID", action: "remove", because: "why" }).rules;
  expect(rules).toEqual([{ attribute: "StudyID", action: "remove", because: "why" }]);
});
