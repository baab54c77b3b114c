import { expect, it } from "vitest";
import { between } from "./between";

it("the time between two exams is told in words one thinks in", () => {
  expect(between("2024-01-18", "2024-07-22")).toBe("6 months before");
  expect(between("2024-07-22", "2024-07-22")).toBe("same day");
  expect(between("2024-07-23", "2024-07-22")).toBe("1 day after");
  expect(between("2019-07-22", "2024-07-22")).toBe("5 years before");
  expect(between(null, "2024-07-22")).toBe("");
});
