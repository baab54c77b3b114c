import { describe, expect, it } from "vitest";
import type { Attribute } from "../../api/exams";
import { linesOf, tagText } from "./tree";

const name: Attribute = {
  tag: "00100010",
  keyword: "PatientName",
  name: "Patient's Name",
  vr: "PN",
  value: ["Doe^Jane"],
};
const code: Attribute = {
  tag: "00080100",
  keyword: "CodeValue",
  name: "Code Value",
  vr: "SH",
  value: ["T-D4000"],
};
const sequence: Attribute = {
  tag: "00082218",
  keyword: "AnatomicRegionSequence",
  name: "Anatomic Region Sequence",
  vr: "SQ",
  items: [[code]],
};

const keywords = (attributes: Attribute[], opened: string[], words: string) =>
  linesOf(attributes, new Set(opened), words).map(({ attribute, item }) => item ?? attribute.keyword);

describe("the attribute tree", () => {
  it("shows sequences closed", () => {
    expect(keywords([name, sequence], [], "")).toEqual(["PatientName", "AnatomicRegionSequence"]);
  });

  it("shows items and their content once opened", () => {
    expect(keywords([sequence], ["/00082218"], "")).toEqual(["AnatomicRegionSequence", 1, "CodeValue"]);
  });

  it("finds by keyword, tag or value, and shows where the match stands", () => {
    expect(keywords([name, sequence], [], "codev")).toEqual(["AnatomicRegionSequence", "CodeValue"]);
    expect(keywords([name, sequence], [], "(0010,0010)")).toEqual(["PatientName"]);
    expect(keywords([name, sequence], [], "00100010")).toEqual(["PatientName"]);
    expect(keywords([name, sequence], [], "t-d4000")).toEqual(["AnatomicRegionSequence", "CodeValue"]);
  });

  it("wants every word", () => {
    expect(keywords([name], [], "patient doe")).toEqual(["PatientName"]);
    expect(keywords([name], [], "patient smith")).toEqual([]);
  });
});

it("writes tags as the standard does", () => {
  expect(tagText("00100010")).toBe("(0010,0010)");
});
