import { expect, it } from "vitest";
import { keysOf, remoteExam } from "./peers";

const NOTHING = { patientName: "", patientId: "", accession: "", from: "", to: "" };

it("a name is looked for by its beginning, unless it says otherwise", () => {
  expect(keysOf({ ...NOTHING, patientName: "Mül" })["PatientName"]).toBe("Mül*");
  expect(keysOf({ ...NOTHING, patientName: "*ler" })["PatientName"]).toBe("*ler");
  expect(keysOf(NOTHING)["PatientName"]).toBe("");
});

it("days become a range, open where one is missing", () => {
  expect(keysOf({ ...NOTHING, from: "2024-01-31", to: "2024-02-01" })["StudyDate"]).toBe("20240131-20240201");
  expect(keysOf({ ...NOTHING, from: "2024-01-31" })["StudyDate"]).toBe("20240131-");
  expect(keysOf(NOTHING)["StudyDate"]).toBe("");
});

it("a match is read whatever is missing from it", () => {
  const match = {
    "0020000D": { Value: ["1.2.3"] },
    "00100010": { Value: [{ Alphabetic: "Doe^Jane" }] },
    "00080061": { Value: ["CT", "PT"] },
    "00201208": { Value: [12] },
    "00081030": {},
  };
  expect(remoteExam(match)).toMatchObject({
    study: "1.2.3",
    patientName: "Doe^Jane",
    modalities: "CT, PT",
    instances: "12",
    description: "",
    accession: "",
  });
});
