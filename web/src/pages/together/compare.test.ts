import { expect, it } from "vitest";
import type { Doubt, WaitingLink } from "../../api/records";
import { doubtLines, linkLines } from "./compare";

const record = {
  id: 1,
  kind: "ServiceRequest",
  person: 1,
  title: "CT CHEST W CONTRAST",
  status: "active",
  state: "scheduled",
  version: 1,
  knownAt: "",
  text: null,
  content: {
    subject: { identifier: { value: "PAT-1" } },
    identifier: [{ type: { coding: [{ code: "ACSN" }] }, value: "A1" }],
    occurrenceDateTime: "2026-03-14T08:00:00",
    category: [{ coding: [{ system: "http://dicom.nema.org/resources/ontology/DCM", code: "CT" }] }],
  },
};
const exam = {
  study: "1.2.3",
  patientId: "PAT-2",
  patientName: "Example^Anna",
  birthDate: 19_600_315,
  accession: "A1",
  date: 20_260_314,
  description: "CT Chest",
  modalities: ["CT", "SR"],
};

it("what agrees and what differs stands line by line", () => {
  const waiting = { link: {}, record, exam, other: null } as unknown as WaitingLink;
  const said = Object.fromEntries(
    linkLines(waiting, undefined, undefined).map(({ label, verdict }) => [label, verdict]),
  );
  expect(said).toEqual({
    "Patient ID": "differs",
    Name: "unknown",
    "Birth date": "unknown",
    "Accession number": "agrees",
    When: "agrees",
    What: "agrees",
    Modality: "agrees",
    Status: "unknown",
  });
});

it("names agree in whatever order", () => {
  const side = (name: string) => ({
    person: 1,
    identifier: { id: 1, system: "", value: "1", kind: "", birthDate: "1960-03-15" },
    name,
    sex: "female",
    records: 0,
    exams: 0,
  });
  const lines = doubtLines({ sides: [side("example anna"), side("anna example")] } as unknown as Doubt);
  expect(lines.find(({ label }) => label === "Name")?.verdict).toBe("agrees");
});
