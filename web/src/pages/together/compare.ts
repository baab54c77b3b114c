/** Both sides of a link or of a doubt, line by line. */
import { t } from "@lingui/core/macro";
import type { Doubt, Person, RecordRow, WaitingLink } from "../../api/records";
import { dicomDate, personName } from "../../format/dicom";
import { concept, when } from "../people/inWords";
import { birthOf, nameOfPerson, sexWords } from "../people/who";
import { standing } from "../records/words";

export type Verdict = "agrees" | "differs" | "unknown";

export interface Line {
  label: string;
  one: string;
  other: string;
  verdict: Verdict;
}

type Json = Record<string, unknown>;

const plain = (value: string): string =>
  value
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const asSet = (value: string): string => plain(value).split(" ").toSorted().join(" ");

function line(label: string, one: string, other: string, same: (a: string, b: string) => boolean): Line {
  const verdict = one === "" || other === "" ? "unknown" : same(one, other) ? "agrees" : "differs";
  return { label, one, other, verdict };
}

const equal = (a: string, b: string): boolean => plain(a) === plain(b);
/** Names may stand in another order. */
const sameWords = (a: string, b: string): boolean => asSet(a) === asSet(b);
const shareWords = (a: string, b: string): boolean => {
  const words = new Set(
    plain(a)
      .split(" ")
      .filter((word) => word.length > 2),
  );
  return plain(b)
    .split(" ")
    .some((word) => words.has(word));
};
const sameDay = (a: string, b: string): boolean => a.slice(0, 10) === b.slice(0, 10);

interface Side {
  patientId: string;
  name: string;
  birth: string;
  accession: string;
  day: string;
  what: string;
  modality: string;
  status: string;
}

const list = (value: unknown): Json[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).filter(
    (one): one is Json => typeof one === "object" && one !== null,
  );
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function sideOfRecord(record: RecordRow, person: Person | undefined): Side {
  const content = record.content as Json;
  const subject = list((list(content["subject"])[0] ?? list(content["patient"])[0])?.["identifier"])[0];
  const accession = list(content["identifier"]).find((one) =>
    list(list(one["type"])[0]?.["coding"]).some(({ code }) => code === "ACSN"),
  );
  const period = list(content["period"])[0];
  return {
    patientId: text(subject?.["value"]),
    name: person === undefined ? "" : nameOfPerson(person),
    birth: person === undefined ? "" : birthOf(person),
    accession: text(accession?.["value"]),
    day: when(
      content["effectiveDateTime"] ??
        content["occurrenceDateTime"] ??
        content["started"] ??
        period?.["start"] ??
        content["authoredOn"],
    ),
    what: record.title || concept(content["code"]),
    modality: modalitiesOf(content),
    status: standing(record),
  };
}

const DICOM = "http://dicom.nema.org/resources/ontology/DCM";

function modalitiesOf(content: Json): string {
  const direct = list(content["modality"]).map(({ code }) => text(code));
  const listed = list(content["category"])
    .flatMap(({ coding }) => list(coding))
    .filter(({ system }) => system === DICOM)
    .map(({ code }) => text(code));
  return [...new Set([...direct, ...listed])].filter((one) => one !== "").join(", ");
}

function sideOfExam(exam: NonNullable<WaitingLink["exam"]>): Side {
  return {
    patientId: exam.patientId,
    name: personName(exam.patientName),
    birth: dashed(exam.birthDate),
    accession: exam.accession,
    day: dashed(exam.date),
    what: exam.description,
    modality: exam.modalities.join(", "),
    status: "",
  };
}

/** 20260131 → `2026-01-31`. */
function dashed(date: number | null | undefined): string {
  const digits = date ? String(date).padStart(8, "0") : "";
  return digits === "" ? "" : `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;
}

/** Both sides of a link that waits. */
export function linkLines(
  { record, exam, other }: WaitingLink,
  person: Person | undefined,
  otherPerson: Person | undefined,
): Line[] {
  const one = record ? sideOfRecord(record, person) : undefined;
  const two = exam ? sideOfExam(exam) : other ? sideOfRecord(other, otherPerson) : undefined;
  if (one === undefined || two === undefined) return [];
  return [
    line(t`Patient ID`, one.patientId, two.patientId, equal),
    line(t`Name`, one.name, two.name, sameWords),
    line(t`Birth date`, one.birth, two.birth, equal),
    line(t`Accession number`, one.accession, two.accession, equal),
    line(t`When`, one.day, two.day, sameDay),
    line(t`What`, one.what, two.what, shareWords),
    line(t`Modality`, one.modality, two.modality, shareModality),
    line(t`Status`, one.status, two.status, () => true),
  ]
    .filter(({ one: a, other: b }) => a !== "" || b !== "")
    .map((each) => (each.label === t`Status` ? { ...each, verdict: "unknown" as const } : each));
}

const shareModality = (a: string, b: string): boolean => {
  const known = new Set(a.split(", "));
  return b.split(", ").some((one) => known.has(one));
};

/** Both sides of a doubt about who is who. */
export function doubtLines({ sides }: Doubt): Line[] {
  const [one, other] = sides;
  if (one === undefined || other === undefined) return [];
  return [
    line(t`Identifier`, one.identifier.value, other.identifier.value, equal),
    line(t`Issuer`, one.identifier.system, other.identifier.system, equal),
    line(t`Name`, titled(one.name), titled(other.name), sameWords),
    line(t`Birth date`, dicomDate(one.identifier.birthDate), dicomDate(other.identifier.birthDate), equal),
    line(t`Sex`, sexWords(one.sex), sexWords(other.sex), equal),
    { label: t`Records`, one: String(one.records), other: String(other.records), verdict: "unknown" },
    { label: t`Exams`, one: String(one.exams), other: String(other.exams), verdict: "unknown" },
  ].filter(({ one: a, other: b }) => a !== "" || b !== "") as Line[];
}

/** Names are compared in small letters. */
const titled = (name: string): string => name.replaceAll(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
