import { expect, test } from "vitest";
import { bytesOf, changed, checkOf, confirmed, draftsOf, keyOf, spanOf } from "./checking";
import type { Reading } from "./reading";

const reading = {
  engine: "2",
  lexicon: "l",
  findings: [
    {
      finding: "nodule",
      span: { start: 0, end: 6 },
      assertion: "present",
      temporality: "current",
      laterality: null,
    },
  ],
} as unknown as Reading;

test("what was read is open until somebody decides", () => {
  const drafts = draftsOf(reading, 1, []);
  expect(drafts[0]?.verdict).toBe("open");
  expect(checkOf(drafts, reading, 1).findings).toEqual([]);
  expect(checkOf(confirmed(drafts), reading, 1).findings[0]?.verdict).toBe("confirmed");
});

test("what was kept for this version comes back, not that of another one", () => {
  const kept = { ...checkOf(confirmed(draftsOf(reading, 1, [])), reading, 1), by: "r", at: "" };
  expect(draftsOf(reading, 1, [kept])[0]?.verdict).toBe("confirmed");
  expect(draftsOf(reading, 2, [kept])[0]?.verdict).toBe("open");
});

test("another word corrects, and what was added stays added", () => {
  const [draft] = draftsOf(reading, 1, []);
  if (draft === undefined) throw new Error("nothing was read");
  expect(changed(draft, { assertion: "absent" })).toMatchObject({
    assertion: "absent",
    verdict: "corrected",
  });
  expect(changed({ ...draft, verdict: "added" }, { laterality: "left" }).verdict).toBe("added");
});

test("places are told in bytes", () => {
  expect(bytesOf("Ödem links", 5, 10)).toEqual({ start: 6, end: 11 });
  expect(spanOf("Kein Ödem.", "ödem")).toEqual({ start: 5, end: 10 });
  expect(spanOf("nothing", "  ")).toBeUndefined();
});

test("a name becomes a key", () => {
  expect(keyOf(" Pleural effusion ")).toBe("pleural_effusion");
  expect(keyOf("…")).toBeUndefined();
});
