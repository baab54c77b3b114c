import { expect, it } from "vitest";
import type { Entry } from "../../api/records";
import { ticks } from "./axis";
import { laidOut, laneOf, placed, whole, zoomed } from "./lanes";

const NOW = Date.UTC(2026, 5, 1);
const entry = (record: number, kind: string, begins?: string, ends?: string): Entry => ({
  record,
  study: null,
  kind,
  title: "",
  status: "",
  state: "",
  begins: begins ?? null,
  ends: ends ?? null,
  value: null,
  versions: 1,
});

it("each kind has its lane, unknown ones have one too", () => {
  expect(laneOf({ kind: "MedicationDispense" })).toBe("medications");
  expect(laneOf({ kind: "Exam" })).toBe("exams");
  expect(laneOf({ kind: "Consent" })).toBe("other");
});

it("what has no time is on no axis, and a day is a moment", () => {
  const all = placed(
    [entry(1, "Observation"), entry(2, "Observation", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")],
    NOW,
  );
  expect(all.map(({ key, from, to }) => [key, to - from])).toEqual([["record-2", 0]]);
});

it("a condition without an end goes on until now", () => {
  const [one] = placed([entry(1, "Condition", "2020-01-01T00:00:00Z")], NOW);
  expect(one).toMatchObject({ to: NOW, open: true });
});

it("near dots become one and nothing is lost", () => {
  const all = placed(
    ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", "2026-04-01T00:00:00Z"].map((at, number) =>
      entry(number + 1, "Observation", at),
    ),
    NOW,
  );
  const drawn = laidOut(all, whole(all, NOW), 600);
  expect(drawn.map(({ members }) => members.length)).toEqual([2, 1]);
});

it("bars that overlap stand in rows", () => {
  const all = placed(
    [
      entry(1, "Encounter", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"),
      entry(2, "Encounter", "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    ],
    NOW,
  );
  expect(laidOut(all, whole(all, NOW), 600).map(({ row }) => row)).toEqual([0, 1]);
});

it("zooming keeps what is under the pointer", () => {
  const { from, to } = zoomed({ from: 0, to: 1e9 }, 0.5, 0.25);
  expect(from + (to - from) * 0.25).toBe(0.25e9);
  expect(to - from).toBe(0.5e9);
});

it("the axis has lines that are far enough apart", () => {
  const range = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2026, 0, 1) };
  const lines = ticks(range, 600);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.length).toBeLessThan(8);
});
