import { describe, expect, test } from "vitest";
import type { Condition, Definition } from "../../api/cohorts";
import { comparison, differences } from "./compare";
import {
  fromDefinition,
  newCard,
  newDraft,
  newGroup,
  newLine,
  newRow,
  toDefinition,
  type Draft,
} from "./draft";
import { meanExamsOf, moved, narrowed, nearOf, spanOf, startBeside, tidied, withRow } from "./edit";
import { EXAMPLES } from "./examples";
import { placed } from "./places";

const asks = (patients: Condition): Definition => ({ language: 1, patients });

const FULL = asks({
  all: [
    {
      has: {
        of: "condition",
        tests: [
          { field: "code", startsWith: ["C34"] },
          { field: "status", known: true },
        ],
        pick: { nth: 2 },
        around: [
          {
            near: { days: { from: 0, to: 90 } },
            has: {
              of: "exam",
              label: "exams",
              tests: [{ field: "date", min: "2020-01-01" }],
              around: [
                {
                  near: "sameExam",
                  has: { of: "finding", tests: [{ field: "size", min: 8 }] },
                  absent: true,
                },
              ],
            },
            without: { of: "procedure", tests: [{ field: "display", contains: "biopsy", not: true }] },
          },
        ],
      },
    },
    { not: { has: { of: "exam", atLeast: 3 } } },
    { not: { any: [{ has: { of: "medication" } }, { not: { not: { has: { of: "report" } } } }] } },
  ],
});

describe("a definition", () => {
  test("comes back from a draft as it was", () => {
    const whole = { ...FULL, exams: "exams", sample: { patients: 50, seed: 3 } };
    expect(toDefinition(fromDefinition(whole))).toEqual({
      ...whole,
      patients: {
        all: [
          (FULL.patients as { all: Condition[] }).all[0],
          (FULL.patients as { all: Condition[] }).all[1],
          // A denial of a denial is kept as a group.
          {
            not: {
              any: [{ has: { of: "medication" } }, { not: { all: [{ not: { has: { of: "report" } } }] } }],
            },
          },
        ],
      },
    });
  });

  test("keeps tests the form has no field for", () => {
    const both = asks({
      all: [{ has: { of: "exam", tests: [{ field: "model", anyOf: ["A"], startsWith: ["B"] }] } }],
    });
    expect(toDefinition(fromDefinition(both))).toEqual(both);
  });

  test("keeps words of reports, with findings in other words", () => {
    const words = (test: object) =>
      asks({ all: [{ has: { of: "report", tests: [{ field: "words", ...test }] } }] });
    for (const test of [
      { says: ["ground glass", "nodul*"], orFindings: ["ground_glass"] },
      { orFindings: ["ground_glass"], not: true },
      { says: ["glass"] },
    ])
      expect(toDefinition(fromDefinition(words(test)))).toEqual(words(test));
    const line = { ...newLine("words", "says"), values: [] };
    expect(toDefinition({ root: newGroup("all", [newCard(newRow("report", [line]))]) })).toEqual(
      asks({ all: [{ has: { of: "report" } }] }),
    );
  });

  test("keeps its controls, and asks for none until something is alike", () => {
    const whole: Definition = {
      ...asks({ all: [{ has: { of: "condition" } }] }),
      controls: {
        patients: { all: [{ not: { has: { of: "condition", atLeast: 2 } } }] },
        exams: "scan",
        ratio: 3,
        match: [{ on: "age", within: 2 }, { on: "sex" }],
        seed: 4,
      },
    };
    expect(toDefinition(fromDefinition(whole))).toEqual(whole);
    const draft = fromDefinition(whole);
    if (draft.controls === undefined) throw new Error("no controls");
    const none = toDefinition({ ...draft, controls: { ...draft.controls, match: [] } });
    expect(none).toEqual(asks({ all: [{ has: { of: "condition" } }] }));
  });

  test("that is one criterion becomes a list of one", () => {
    const one = asks({ has: { of: "exam" } });
    expect(toDefinition(fromDefinition(one))).toEqual(asks({ all: [{ has: { of: "exam" } }] }));
  });

  test("leaves out lines and groups that say nothing yet", () => {
    const draft: Draft = {
      root: newGroup("all", [
        newCard(newRow("exam", [newLine("modalities", "is"), newLine("date", "range")])),
        newGroup("any"),
      ]),
    };
    expect(toDefinition(draft)).toEqual(asks({ all: [{ has: { of: "exam" } }] }));
  });

  test("of nothing means everybody, also where any would do", () => {
    expect(toDefinition(newDraft())).toEqual(asks({ all: [] }));
    expect(toDefinition({ root: newGroup("any") })).toEqual(asks({ all: [] }));
  });

  test.each(EXAMPLES.map(({ definition }) => [definition]))(
    "of an example comes back as it was",
    (definition) => {
      expect(toDefinition(fromDefinition(definition))).toEqual(definition);
    },
  );
});

test("criteria stand where the server says they do", () => {
  expect(placed(fromDefinition(FULL)).map(({ place, denied }) => [place, denied])).toEqual([
    ["patients.all[0].has", false],
    ["patients.all[0].has.around[0].has", false],
    ["patients.all[0].has.around[0].has.around[0].has", true],
    ["patients.all[0].has.around[0].without", true],
    ["patients.all[1].not.has", true],
    ["patients.all[2].not.any[0].has", true],
    ["patients.all[2].not.any[1].not.all[0].not.has", true],
  ]);
});

describe("days", () => {
  test.each([
    [{ from: 0, to: 90 }, "after"],
    [{ from: 1 }, "after"],
    [{ from: 0, to: 0 }, "after"],
    [{ from: -30, to: 0 }, "before"],
    [{ from: -30, to: -5 }, "before"],
    [{ to: -5 }, "before"],
    [{ from: -30, to: 30 }, "around"],
    [{ from: -30 }, "around"],
    [{ to: 14 }, "around"],
  ])("%o are said as %s, and come back", (days, way) => {
    const span = spanOf({ days });
    expect(span.way).toBe(way);
    expect(nearOf(span)).toEqual({ days });
  });

  test("between an exam and its finding there are none", () => {
    expect(startBeside("exam", "finding").near).toBe("sameExam");
    expect(startBeside("condition", "exam").near).toEqual({ days: { from: 0, to: 90 } });
    expect(startBeside("exam", "exam").near).toEqual({ days: { from: 1, to: 365 } });
  });
});

describe("pointing at a bar", () => {
  const exam = newRow("exam", [newLine("modalities", "is", ["CT"]), newLine("body_part", "is")]);
  const draft: Draft = { root: newGroup("all", [newCard(exam)]) };

  test("narrows the one exam that is asked for", () => {
    expect(toDefinition(narrowed(draft, "bodyPart", "CHEST")).patients).toEqual({
      all: [
        {
          has: {
            of: "exam",
            tests: [
              { field: "modalities", anyOf: ["CT"] },
              { field: "body_part", anyOf: ["CHEST"] },
            ],
          },
        },
      ],
    });
    expect(toDefinition(narrowed(draft, "age", "60")).patients).toMatchObject({
      all: [{ has: { tests: [{ field: "modalities" }, { field: "age", min: 60, max: 69 }] } }],
    });
  });

  test("asks for a finding in the same exam", () => {
    expect(toDefinition(narrowed(draft, "finding", "nodule")).patients).toMatchObject({
      all: [{ has: { of: "exam", around: [{ near: "sameExam", has: { of: "finding" } }] } }],
    });
  });

  test("adds a criterion where none or several exams are asked for, also to criteria of which any will do", () => {
    const two: Draft = { root: newGroup("any", [newCard(newRow("exam")), newCard(newRow("exam"))]) };
    expect(toDefinition(narrowed(two, "modality", "MR")).patients).toEqual({
      all: [
        { any: [{ has: { of: "exam" } }, { has: { of: "exam" } }] },
        { has: { of: "exam", tests: [{ field: "modalities", anyOf: ["MR"] }] } },
      ],
    });
    expect(toDefinition(narrowed(newDraft(), "sex", "female")).patients).toEqual({
      all: [{ has: { of: "patient", tests: [{ field: "sex", anyOf: ["female"] }] } }],
    });
  });
});

test("the exams that are meant are those of one criterion, until that is removed", () => {
  const draft = fromDefinition(asks({ all: [{ has: { of: "exam" } }, { has: { of: "series" } }] }));
  const [, series] = placed(draft);
  const meant = meanExamsOf(draft, series?.row.key);
  expect(toDefinition(meant)).toMatchObject({
    exams: "exams",
    patients: { all: [{}, { has: { label: "exams" } }] },
  });
  expect(toDefinition(meanExamsOf(meant, undefined)).exams).toBeUndefined();
  const removed = { ...meant, root: { ...meant.root, parts: meant.root.parts.slice(0, 1) } };
  expect(toDefinition(tidied(removed)).exams).toBeUndefined();
});

test("a row is changed wherever it stands, and parts change places", () => {
  const draft = fromDefinition(FULL);
  const without = placed(draft)[3];
  if (without === undefined) throw new Error("no row");
  const changed = withRow(draft, { ...without.row, of: "observation" });
  expect(placed(changed).map(({ row }) => row.of)[3]).toBe("observation");
  const { parts } = draft.root;
  const [first, second] = parts;
  if (first === undefined) throw new Error("no part");
  expect(moved(parts, first, 1).slice(0, 2)).toEqual([second, first]);
  expect(moved(parts, first, -1)).toEqual(parts);
});

test("what changed between two definitions is told by criterion", () => {
  const before = asks({ all: [{ has: { of: "exam" } }, { has: { of: "condition" } }] });
  const after = asks({
    all: [{ has: { of: "exam" } }, { has: { of: "exam", atLeast: 2 } }, { has: { of: "condition" } }],
  });
  expect(differences(before, after)).toEqual([
    { change: "same", text: "Exam" },
    { change: "added", text: "Exam: at least 2 of them" },
    { change: "same", text: "Condition" },
  ]);
  expect(differences(after, before).map(({ change }) => change)).toEqual(["same", "removed", "same"]);
  expect(comparison(before, after).went.patients).toEqual({
    all: [before.patients, { not: after.patients }],
  });
});
