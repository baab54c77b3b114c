import { describe, expect, it } from "vitest";
import type { DataSet } from "./dicomJson";
import { readReport } from "./report";

const code = (meaning: string, value = "1") => ({
  vr: "SQ",
  Value: [{ "00080100": { Value: [value] }, "00080104": { Value: [meaning] } }],
});

const finding: DataSet = {
  "0040A040": { Value: ["CONTAINER"] },
  "0040A043": code("Imaging Report"),
  "0040A730": {
    Value: [
      {
        "0040A040": { Value: ["NUM"] },
        "0040A043": code("Diameter"),
        "0040A300": { Value: [{ "0040A30A": { Value: [12.5] }, "004008EA": code("millimeter", "mm") }] },
      },
      { "0040A040": { Value: ["TEXT"] }, "0040A043": code("Finding"), "0040A160": { Value: ["A nodule."] } },
      {
        "0040A040": { Value: ["PNAME"] },
        "0040A043": code("Observer"),
        "0040A123": { Value: [{ Alphabetic: "Roe^Ann" }] },
      },
      {
        "0040A040": { Value: ["DATETIME"] },
        "0040A043": code("When"),
        "0040A120": { Value: ["20260314091500+0100"] },
      },
      {
        "0040A040": { Value: ["IMAGE"] },
        "00081199": { Value: [{ "00081155": { Value: ["1.2.3"] } }] },
      },
    ],
  },
};

describe("a structured report", () => {
  it("is a tree of names and values, with units", () => {
    const { name, children } = readReport(finding);
    expect(name).toBe("Imaging Report");
    expect(children.map(({ name, value }) => `${name}: ${value}`)).toEqual([
      "Diameter: 12.5 mm",
      "Finding: A nodule.",
      "Observer: Roe, Ann",
      "When: 14 Mar 2026 09:15 UTC+0100",
      ": an image",
    ]);
    expect(children[4]?.refers).toBe("1.2.3");
  });

  it("that nests for ever is cut", () => {
    const deep: DataSet = {};
    deep["0040A730"] = { Value: [deep] };
    expect(() => readReport(deep)).not.toThrow();
  });

  it("without anything is empty", () => {
    expect(readReport({})).toEqual({ name: "", value: "", children: [] });
  });
});
