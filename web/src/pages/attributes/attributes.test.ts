import { describe, expect, it } from "vitest";
import type { Attribute } from "../../api/exams";
import { linesOf, step, type Show } from "./lines";
import { alone, beside, differences } from "./pairs";
import { attributesAddress, sideFrom, sideText, studyIn } from "./side";

const text = (tag: string, keyword: string, ...value: string[]): Attribute => ({
  tag,
  keyword,
  vr: "LO",
  value,
});
const sequence = (tag: string, ...items: Attribute[][]): Attribute => ({
  tag,
  keyword: `S${tag}`,
  vr: "SQ",
  items,
});
const secret = (tag: string, creator: string, value: string): Attribute => ({
  tag,
  creator,
  vr: "LO",
  value: [value],
});

const NAME = text("00100010", "PatientName", "Doe^Jane");
const SHOW: Show = { words: "", onlyDifferences: false, toggled: new Set() };
const keys = (pairs: ReturnType<typeof alone>, show: Partial<Show> = {}) =>
  linesOf(pairs, { ...SHOW, ...show }).map(({ key }) => key);

describe("two instances beside each other", () => {
  it("tells what differs, and what one of them lacks", () => {
    const pairs = beside(
      [NAME, text("00080060", "Modality", "CT"), text("00080070", "Manufacturer", "A")],
      [NAME, text("00080060", "Modality", "MR"), text("00081030", "StudyDescription", "Chest")],
    );
    expect(pairs.map(({ key, state }) => [key, state])).toEqual([
      ["/00080060", "differs"],
      ["/00080070", "left"],
      ["/00081030", "right"],
      ["/00100010", "same"],
    ]);
    expect(differences(pairs)).toBe(3);
  });

  it("finds a private element in whatever block its creator found room", () => {
    const [pair] = beside([secret("00191008", "ACME", "1")], [secret("00191108", "ACME", "1")]);
    expect(pair?.state).toBe("same");
    expect(beside([secret("00191008", "ACME", "1")], [secret("00191008", "OTHER", "1")]).length).toBe(2);
  });

  it("compares bytes that aren't shown by their digest", () => {
    const raw = (sha256: string): Attribute => ({ tag: "00291010", vr: "OB", length: 4, sha256 });
    expect(beside([raw("a")], [raw("b")])[0]?.state).toBe("differs");
  });

  it("opens what differs down to the element, and nothing else", () => {
    const code = (value: string) => [text("00080100", "CodeValue", value), text("00080102", "Scheme", "DCM")];
    const pairs = beside([sequence("00082218", code("1")), NAME], [sequence("00082218", code("2")), NAME]);
    const expected = ["/00082218", "/00082218[1]", "/00082218[1]/00080100"];
    expect(keys(pairs, { onlyDifferences: true })).toEqual(expected);
    expect(differences(pairs)).toBe(1);
  });
});

describe("the tree", () => {
  const pairs = alone([sequence("00082218", [text("00080100", "CodeValue", "T-D4000")]), NAME]);

  it("shows sequences closed, and opens them", () => {
    expect(keys(pairs)).toEqual(["/00082218", "/00100010"]);
    expect(keys(pairs, { toggled: new Set(["/00082218"]) }).length).toBe(4);
  });

  it("finds by value with the sequences around it", () => {
    expect(keys(pairs, { words: "t-d4000" })).toEqual(["/00082218", "/00082218[1]", "/00082218[1]/00080100"]);
    expect(keys(pairs, { words: "(0010,0010) doe" })).toEqual(["/00100010"]);
  });

  it("is walked by keys as trees are", () => {
    const closed = linesOf(pairs, SHOW);
    expect(step(closed, 0, "ArrowRight")).toEqual({ toggle: "/00082218" });
    expect(step(closed, 0, "End")).toEqual({ to: 1 });
    const open = linesOf(pairs, { ...SHOW, toggled: new Set(["/00082218"]) });
    expect(step(open, 0, "ArrowRight")).toEqual({ to: 1 });
    expect(step(open, 2, "ArrowLeft")).toEqual({ to: 1 });
    expect(step(open, 1, "ArrowLeft")).toEqual({ to: 0 });
    expect(step(open, 0, "ArrowLeft")).toEqual({ toggle: "/00082218" });
  });
});

describe("addresses", () => {
  it("name the other side by UIDs or a digest", () => {
    const conflict = { kind: "conflict", sha256: "a".repeat(64) } as const;
    const instance = { kind: "instance", study: "1.2", sop: "1.3" } as const;
    for (const side of [conflict, instance]) expect(sideFrom(sideText(side))).toEqual(side);
    expect(attributesAddress("1.2", "1.4", instance)).toBe(
      "/exams/1.2/instances/1.4/attributes?with=1.2/1.3",
    );
    for (const bad of [null, "", "1.2", "1.2/x", "1.2/1.3/1.4", "conflict/zz"])
      expect(sideFrom(bad)).toBeUndefined();
  });

  it("are understood as people paste them", () => {
    for (const pasted of [
      " 1.2.3 ",
      "https://a.example/exams/1.2.3?series=1",
      "/dicom-web/studies/1.2.3/series/4",
    ])
      expect(studyIn(pasted)).toBe("1.2.3");
    expect(studyIn("Doe^Jane")).toBeUndefined();
  });
});
