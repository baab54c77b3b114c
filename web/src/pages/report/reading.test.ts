import { expect, it } from "vitest";
import { marksOf, pieces, placeOf, textOf, words, type Reading } from "./reading";

const finding = (start: number, end: number) => ({ span: { start, end } });
const reading = (...findings: object[]) =>
  ({
    findings,
    measurements: [],
    categories: [],
    recommendations: [],
    communications: [],
  }) as unknown as Reading;

it("spans are bytes, also behind letters of two and more", () => {
  const text = "Größe: kein Erguss.";
  const at = new TextEncoder().encode(text.slice(0, text.indexOf("Erguss"))).length;
  const cut = pieces(text, marksOf(reading(finding(at, at + 6))));
  expect(cut.map((piece) => piece.text)).toEqual(["Größe: kein ", "Erguss", "."]);
  expect(cut[1]?.marks).toHaveLength(1);
  expect(words(text, { start: at, end: at + 6 })).toBe("Erguss");
});

it("marks may lie over each other, and no letter is lost", () => {
  const text = "large pleural effusion";
  const cut = pieces(text, marksOf(reading(finding(0, 22), finding(6, 13))));
  expect(cut.map(({ text: part, marks }) => [part, marks.length])).toEqual([
    ["large ", 1],
    ["pleural", 2],
    [" effusion", 1],
  ]);
});

it("marks beyond the text are left out", () => {
  expect(pieces("short", marksOf(reading(finding(2, 99))))).toEqual([{ text: "short", start: 0, marks: [] }]);
});

it("the text of a version is its plain attachments, else the conclusion", () => {
  const data = btoa(String.fromCharCode(...new TextEncoder().encode("Größe")));
  const content = { presentedForm: [{ contentType: "text/plain; charset=utf-8", data }], conclusion: "c" };
  expect(textOf({ content } as never)).toBe("Größe");
  expect(textOf({ content: { conclusion: "c" } } as never)).toBe("c");
});

it("a finding is where what was measured of it is; without numbers it is nowhere", () => {
  const measured = (about: number, series: string | null, images: string[]) => ({
    finding: about,
    series,
    images,
  });
  const measurements = [measured(0, null, []), measured(1, "2", ["4"])];
  const read = { measurements } as unknown as Reading;
  expect(placeOf(read, { kind: "finding", at: 1 })).toMatchObject({ series: "2", images: ["4"] });
  expect(placeOf(read, { kind: "measurement", at: 1 })).toMatchObject({ series: "2" });
  expect(placeOf(read, { kind: "finding", at: 0 })).toBeUndefined();
  expect(placeOf(read, { kind: "category", at: 1 })).toBeUndefined();
});
