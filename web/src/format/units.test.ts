import { expect, it } from "vitest";
import { bytes, days, duration, exactMoment, moment } from "./units";

it("sizes carry their unit", () => {
  expect(bytes(0)).toBe("0 B");
  expect(bytes(999)).toBe("999 B");
  expect(bytes(526_000)).toBe("526 kB");
  expect(bytes(1_500_000)).toBe("1.5 MB");
});

it("moments carry their zone", () => {
  expect(moment("2026-11-21T20:00:00Z")).toMatch(/21 Nov 2026.*(UTC|GMT|[A-Z]{3,})/);
});

it("moments of a log tell the second", () => {
  expect(exactMoment("2026-11-21T20:00:07Z")).toMatch(/21 Nov 2026.*:00:07/);
  expect(exactMoment("no moment")).toBe("no moment");
});

it("time left is rounded so that it doesn't flicker", () => {
  expect(duration(3)).toBe("a few seconds");
  expect(duration(42)).toBe("45 s");
  expect(duration(61)).toBe("2 min");
  expect(duration(Infinity)).toBe("");
});

it("days are told in the unit people think of them in", () => {
  expect(days(1)).toBe("1 day");
  expect(days(59)).toBe("59 days");
  expect(days(140)).toBe("5 months");
  expect(days(1100)).toBe("3 years");
});
