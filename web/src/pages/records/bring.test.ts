import { expect, it } from "vitest";
import { formatBy } from "./bring";

const named = formatBy;

it("messages are known by their first segment, whatever they are called", () => {
  expect(named("a.txt", "MSH|^~\\&|RIS")).toBe("hl7v2");
  expect(named("batch", "FHS|^~\\&|RIS")).toBe("hl7v2");
  expect(named("broken.hl7", "nothing of the kind")).toBe("hl7v2");
});

it("FHIR is one resource, or one on each line", () => {
  expect(named("bundle.json", '{\n  "resourceType": "Bundle"\n}')).toBe("fhir");
  expect(named("lines", '{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n')).toBe("fhir-ndjson");
  expect(named("patients.ndjson", '{"resourceType":"Patient"}')).toBe("fhir-ndjson");
});

it("a table of codes is known by its columns, or is a ConceptMap", () => {
  expect(named("site.csv", "source_system;source_code;target_system;target_code\n")).toBe("codes");
  expect(named("map.json", '{"resourceType": "ConceptMap"}')).toBe("codes");
});

it("what is neither is not sent", () => {
  expect(named("picture.png", "\u0089PNG")).toBeUndefined();
});
