import { describe, expect, it } from "vitest";
import { ageAt, dicomDate, dicomTime, personName } from "./dicom";

describe("person names", () => {
  it("put the family name first", () => {
    expect(personName("Doe^Jane^A^Dr")).toBe("Doe, Dr Jane A");
    expect(personName("Doe^Jane^^^MD")).toBe("Doe, Jane, MD");
  });

  it("show every way of writing them", () => {
    expect(personName("Yamada^Tarou=山田^太郎=やまだ^たろう")).toBe(
      "Yamada, Tarou · 山田, 太郎 · やまだ, たろう",
    );
  });

  it("stay as typed where they have no parts, and vanish where empty", () => {
    expect(personName("ANON-17")).toBe("ANON-17");
    expect(personName("^^^^")).toBe("");
    expect(personName(null)).toBe("");
  });
});

describe("dates and times", () => {
  it("are readable in either form", () => {
    expect(dicomDate("20261121")).toBe("21 Nov 2026");
    expect(dicomDate("2026-11-21")).toBe("21 Nov 2026");
    expect(dicomTime("142501.5")).toBe("14:25");
    expect(dicomTime("14:25:01")).toBe("14:25");
  });

  it("that aren't dates come back as they are", () => {
    expect(dicomDate("1994")).toBe("1994");
    expect(dicomDate("20261399")).toBe("20261399");
    expect(dicomDate(undefined)).toBe("");
  });
});

describe("age at the exam", () => {
  it("counts whole years", () => {
    expect(ageAt("19600315", "20260314")).toBe(65);
    expect(ageAt("1960-03-15", "2026-03-15")).toBe(66);
  });

  it("is unknown without dates or with impossible ones", () => {
    expect(ageAt(null, "20260314")).toBeUndefined();
    expect(ageAt("20270101", "20260314")).toBeUndefined();
    expect(ageAt("17890101", "20260314")).toBeUndefined();
  });
});
