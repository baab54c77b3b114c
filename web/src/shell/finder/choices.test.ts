import { describe, expect, it } from "vitest";
import type { Found } from "../../api/search";
import { before, choices, flat } from "./choices";

const NOTHING: Found = {
  patients: [],
  exams: [],
  examsInAll: 0,
  exact: true,
  byValue: [],
  places: [],
  attachments: [],
  peers: [],
  records: [],
};

describe("what can be chosen", () => {
  it("offers only pages one may see, by how they begin", () => {
    const labels = (q: string) => flat(choices(q, NOTHING, ["query", "status"])).map(({ label }) => label);
    expect(labels("st")).toEqual(["Storage"]);
    expect(labels("act")).toEqual([]);
  });

  it("puts the places one was at before the pages", () => {
    const groups = before([{ to: "/exams/1.2", label: "Doe, Jane", about: "CT" }], ["status"]);
    expect(flat(groups)[0]).toMatchObject({ to: "/exams/1.2", label: "Doe, Jane" });
  });

  it("opens a report in the reader and an order on the record of its patient", () => {
    const of = (kind: string, person: number | null) => ({ record: 7, person, kind, title: "", status: "" });
    const records = [of("DiagnosticReport", null), of("ServiceRequest", 3), of("ServiceRequest", null)];
    const to = flat(choices("FO7001", { ...NOTHING, records }, [])).map((choice) => choice.to);
    expect(to).toEqual(["/reports/7", "/people/3?record=7"]);
  });

  it("never makes an address of an ID", () => {
    const file = {
      id: "f1",
      name: "a.pdf",
      mediaType: "",
      size: 1,
      digest: "",
      receivedAt: "",
      account: "",
    };
    const found = { ...NOTHING, attachments: [{ file, subject: "patient" }] };
    expect(flat(choices("a.pdf", found, []))).toEqual([]);
  });

  it("offers the list where there are more exams than are shown", () => {
    const found = { ...NOTHING, examsInAll: 2000, exact: false };
    expect(flat(choices("ct", found, []))[0]).toMatchObject({
      to: "/exams",
      search: "ct",
      about: "more than 2,000 exams",
    });
  });
});
