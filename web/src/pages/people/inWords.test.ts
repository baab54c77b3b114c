import { expect, it } from "vitest";
import { changes, concept, inWords } from "./inWords";

const order = {
  resourceType: "ServiceRequest",
  status: "active",
  priority: "routine",
  identifier: [
    { type: { coding: [{ code: "ACSN" }] }, value: "A1" },
    { system: "urn:dicom:uid", value: "urn:oid:1.2.3" },
  ],
  code: { coding: [{ code: "CT01", display: "CT CHEST" }], text: "CT CHEST" },
  occurrenceDateTime: "2024-01-18T08:00:00",
};

it("an order is told with its numbers", () => {
  expect(inWords(order)).toEqual([
    ["What", "CT CHEST (CT01)"],
    ["Status", "active"],
    ["Priority", "routine"],
    ["When", "2024-01-18 08:00:00"],
    ["Accession number", "A1"],
    ["Study Instance UID", "1.2.3"],
  ]);
});

it("only what differs between two versions is a change", () => {
  expect(changes({ ...order, status: "completed" }, order)).toEqual([["Status", "completed"]]);
});

it("whatever form content has, nothing is thrown", () => {
  expect(inWords(null)).toEqual([]);
  expect(inWords({ code: [1, null, "x"], identifier: "x", period: 3, dosage: [{}] })).toEqual([]);
  expect(concept([{ coding: [{ code: "a" }] }, { text: "b" }])).toBe("a; b");
});
