import { expect, it } from "vitest";
import type { ReleaseSummary } from "../../api/releases";
import { grouped, pythonLines, toDo, toldWords, waitsFor } from "./words";

const one = (id: string, more: Partial<ReleaseSummary>): ReleaseSummary => ({
  id,
  title: id,
  project: { id: "lung", title: "Lung" },
  frozen: "f00d",
  state: "asked",
  askedBy: "rita",
  askedAt: `2026-11-0${id.length}T10:00:00Z`,
  expires: "2027-01-31",
  forms: ["dicom"],
  patients: 3,
  exams: 4,
  mayDecide: false,
  mayReceive: false,
  ...more,
});

const ids = (list: ReleaseSummary[]) => list.map(({ id }) => id);

it("what waits for me stands first, then mine and what I may fetch, then the rest; the newest first", () => {
  const all = [
    one("a", { mayDecide: true }),
    one("bb", { mayDecide: true }),
    one("ccc", { askedBy: "bob", mayDecide: true }),
    one("dddd", { mayReceive: true, state: "ready" }),
    one("eeeee", { state: "refused" }),
  ];
  const { decide, mine, others } = grouped(all, "bob");
  expect([ids(decide), ids(mine), ids(others)]).toEqual([["bb", "a"], ["dddd", "ccc"], ["eeeee"]]);
});

it("says how many approvals are missing, and that they are not the asker's", () => {
  const decisions = [{ by: "bo", at: "", approve: true, reason: "" }];
  expect(waitsFor({ state: "asked", needed: 2, decisions: [], askedBy: "rita" })).toBe(
    "It waits for 2 approvals of people other than rita.",
  );
  expect(waitsFor({ state: "asked", needed: 2, decisions, askedBy: "rita" })).toMatch(
    /1 approval of somebody/,
  );
  expect(waitsFor({ state: "ready", needed: 1, decisions, askedBy: "rita" })).toBe("");
});

it("a check in order needs nothing; each of the others says what helps", () => {
  expect(toDo({ kind: "dates", severity: "ok" })).toBe("");
  for (const kind of ["small-groups", "rare-values", "dates", "residual", "policy"]) {
    expect(toDo({ kind, severity: "stop" })).not.toBe("");
  }
});

it("a small number stays hidden", () => {
  expect(toldWords({ count: null, fewerThan: 5, protection: "hidden" })).not.toMatch(/^\d/);
  expect(toldWords(12)).toBe("12");
  expect(toldWords(null)).toBe("–");
});

it("the Python lines name server and release", () => {
  expect(pythonLines("https://iso.example", "r1")).toContain(
    'Client("https://iso.example").release("r1").pull()',
  );
});
