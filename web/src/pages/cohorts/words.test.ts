import { expect, test } from "vitest";
import { fromDefinition } from "./draft";
import { EXAMPLES } from "./examples";
import { bestOf, offered } from "./offers";
import { placed } from "./places";
import { marksOf, scaleOf, windowsOf } from "./strip";
import { countWords, draftLines, nearWords, pairsWords } from "./words";

const [lung, pair] = EXAMPLES.map(({ definition }) => fromDefinition(definition));
if (lung === undefined || pair === undefined) throw new Error("no examples");

test("criteria are told in words, each under the one it stands beside", () => {
  expect(draftLines(lung)).toEqual([
    "Condition: code begins with C34, the first",
    "· 0 to 90 days later: Exam: modality CT, body part CHEST",
    "· · in the same exam: Report finding: finding nodule, is said to be present, size at least 8 mm",
    "· · 1 to 365 days later: Exam: modality CT",
  ]);
});

test.each([
  [{ days: { from: 0, to: 0 } }, "on the same day"],
  [{ days: { from: 0 } }, "on that day or later"],
  [{ days: { from: 30 } }, "30 days later or more"],
  [{ days: { from: -14, to: 0 } }, "0 to 14 days earlier"],
  [{ days: { from: -30, to: 30 } }, "from 30 days earlier to 30 days later"],
  [{ days: { to: 1 } }, "at most 1 day later"],
  ["anyTime", "at any time"],
] as const)("%o is %s", (near, words) => {
  expect(nearWords(near)).toBe(words);
});

test("words of reports and controls are told", () => {
  const draft = fromDefinition({
    language: 1,
    patients: {
      all: [
        {
          has: {
            of: "report",
            tests: [{ field: "words", says: ["ground glass", "nodul*"], orFindings: ["lung_opacity"] }],
          },
        },
      ],
    },
    controls: {
      patients: { all: [{ has: { of: "exam" } }] },
      ratio: 2,
      match: [{ on: "age", within: 2 }, { on: "sex" }],
    },
  });
  expect(draftLines(draft)).toEqual([
    "Report: text says “ground glass”, “nodul*” or lung opacity in other words",
    "2 controls of each, alike in age at the exam within 2 years, sex",
    "· Exam",
  ]);
});

test("pairs say who found nobody", () => {
  const exact = (count: number) => ({ count, protection: "none" as const });
  const pairs = { cases: exact(3), controls: exact(6), incomplete: exact(0) };
  expect(pairsWords(pairs)).toBe("Cases: 3, controls: 6");
  expect(pairsWords({ ...pairs, incomplete: exact(1), withoutControl: exact(2) })).toBe(
    "Cases: 3, controls: 6; cases with fewer than asked for: 1; cases without any, left out: 2",
  );
});

test("a count says how it was protected", () => {
  expect(countWords({ count: 1200, protection: "none" })).toBe("1,200");
  expect(countWords({ count: 120, protection: "rounded" })).toBe("about 120");
  expect(countWords({ count: null, fewerThan: 11, protection: "hidden" })).toBe("fewer than 11");
});

const rowOf = (draft: typeof lung) => {
  const [first] = placed(draft);
  if (first === undefined) throw new Error("no criterion");
  return first.row;
};

test("windows add up: what is a year after an exam is up to 455 days after the diagnosis", () => {
  const windows = windowsOf(rowOf(lung));
  expect(windows.map(({ from, to, depth }) => [from, to, depth])).toEqual([
    [0, 90, 0],
    [1, 455, 1],
  ]);
});

test("the line has room for all closed ends, and words that don't write over each other", () => {
  const windows = windowsOf(rowOf(lung));
  const scale = scaleOf(windows);
  expect([scale.place(0), scale.place(455)].every((at) => at >= 0 && at < 1)).toBe(true);
  // Day 1 is too near to day 0.
  expect(marksOf(windows, scale, 0.07)).toEqual([0, 90, 455]);
  const apart = scaleOf(windowsOf(rowOf(pair)));
  expect([apart.from, apart.to]).toEqual([-20, 420]);
});

test("an open end leaves room at its side, and a window without days is open at both", () => {
  const row = { ...rowOf(pair), beside: [] };
  const beside = { key: 1, near: { days: { to: -3 } }, absent: false, has: row };
  const windows = windowsOf({ ...row, beside: [beside, { ...beside, near: "anyTime" as const }] });
  expect(windows.map(({ from, to }) => [from, to])).toEqual([
    [undefined, -3],
    [undefined, undefined],
  ]);
  expect(scaleOf(windows).from).toBeLessThan(-3);
  expect(scaleOf(windows).to).toBeGreaterThan(0);
});

test("what the facts have is offered before what there can be, and what is chosen is not offered again", () => {
  const told = [{ value: "MR", patients: { count: 3, protection: "none" as const } }, { value: "CT" }];
  expect(offered(told, ["CT", "US"], ["CT"], "").map(({ value }) => value)).toEqual(["MR", "US"]);
  expect(offered([{ value: "pleural_effusion" }], [], [], "pleural ef")).toHaveLength(1);
});

test("Enter means the value that is the same, else the first offered, else the word", () => {
  const offers = [{ value: "pleural_effusion" }, { value: "Pleural" }];
  expect(bestOf(offers, "pleural")).toBe("Pleural");
  expect(bestOf(offers, "pleu")).toBe("pleural_effusion");
  expect(bestOf([], "C34")).toBe("C34");
});
