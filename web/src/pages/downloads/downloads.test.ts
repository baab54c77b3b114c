import { describe, expect, it } from "vitest";
import { NO_CHOICE, wishOf } from "./FormFields";
import { whatWent } from "./words";

const parts = [{ studyInstanceUid: "1.2.3" }];

describe("what is asked of the server", () => {
  it("says nothing of columns where there is no table", () => {
    expect(wishOf({ ...NO_CHOICE, columns: "PatientID" }, parts)).toEqual({ form: "dicom", parts });
  });

  it("takes columns as people type them", () => {
    const typed = { ...NO_CHOICE, form: "csv" as const, columns: " PatientID, 00180050;Modality " };
    expect(wishOf(typed, parts).columns).toEqual(["PatientID", "00180050", "Modality"]);
    expect(wishOf({ ...typed, every: true }, parts).columns).toEqual(["all"]);
  });
});

it("the server's reason is told as a sentence", () => {
  expect(whatWent("nothing of it is held any more")).toBe("Nothing of it is held any more.");
});
