import { expect, it } from "vitest";
import { inAYear, newRequest, toRelease, wrong, type Draft } from "./request";

const good: Draft = {
  ...newRequest(new Date(2026, 10, 27)),
  project: "lung",
  title: " Nodules ",
  purpose: "To learn",
  recipients: [
    { name: "Rita ", email: "rita@uni.example", institution: "" },
    { name: "", email: " ", institution: "" },
  ],
  terms: true,
};

it("a whole request can be sent; an empty row of people is none", () => {
  expect(wrong(good, "2026-11-27")).toEqual([]);
  expect(toRelease(good, "f00d")).toEqual({
    frozen: "f00d",
    project: "lung",
    title: "Nodules",
    purpose: "To learn",
    recipients: [{ name: "Rita", email: "rita@uni.example", institution: "" }],
    terms: true,
    expires: "2027-11-27",
    forms: ["dicom", "tables"],
  });
  expect(toRelease({ ...good, ethics: " EK-1 " }, "f00d").ethics).toBe("EK-1");
});

it.each<[string, Partial<Draft>, RegExp]>([
  ["no project", { project: "" }, /Choose the project/],
  ["no title", { title: "  " }, /title/],
  ["no purpose", { purpose: "" }, /what the data is for/],
  ["nobody", { recipients: [] }, /at least one person/],
  ["no address", { recipients: [{ name: "Rita", email: "", institution: "" }] }, /e-mail/],
  ["a day gone by", { expires: "2026-11-26" }, /past/],
  ["no form", { forms: [] }, /one form/],
  ["terms not accepted", { terms: false }, /terms/],
])("%s is said with what to do", (_, part, says) => {
  const troubles = wrong({ ...good, ...part }, "2026-11-27");
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(says);
});

it("a year on is the same day, also from the end of February", () => {
  expect(inAYear(new Date(2026, 0, 31))).toBe("2027-01-31");
  expect(inAYear(new Date(2028, 1, 29))).toBe("2029-03-01");
});
