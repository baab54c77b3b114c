import { plural, t } from "@lingui/core/macro";
import type { Exam } from "../../api/exams";
import { patientUrl } from "../../api/patients";
import type { Found } from "../../api/search";
import type { Action } from "../../api/session";
import { personUrl, reportUrl } from "../../api/records";
import { dicomDate, personName, sexWord } from "../../format/dicom";
import { kindWords } from "../../pages/records/words";
import type { IconName } from "../../parts/Icon";
import { PLACES } from "../places";
import type { Recent } from "./recent";

export interface Choice {
  key: string;
  to: string;
  icon: IconName;
  label: string;
  about: string;
  /** Looked for in the list of exams. */
  search?: string;
}

export interface Group {
  label: string;
  choices: Choice[];
}

const joined = (...parts: (string | undefined | null)[]): string =>
  parts.filter((part) => part !== undefined && part !== null && part !== "").join(" · ");

/** What can be chosen before anything is typed: where one was, and every page. */
export function before(recent: Recent[], may: Action[]): Group[] {
  return [
    { label: t`You were here`, choices: recent.map((place) => ({ ...place, key: place.to, icon: "back" })) },
    { label: t`Pages`, choices: pages("", may) },
  ];
}

/** What was found, the kinds in the order in which people mostly mean them. */
export function choices(q: string, found: Found | undefined, may: Action[]): Group[] {
  const groups = [{ label: t`Pages`, choices: pages(q, may) }];
  if (found === undefined) return groups;
  return [
    { label: t`By UID`, choices: found.places.map(place) },
    { label: t`Patients`, choices: found.patients.map(patient) },
    { label: t`Records by number`, choices: found.records.flatMap(numbered) },
    { label: t`Exams`, choices: [...found.exams.map((exam) => ofExam(exam, "exam")), ...more(q, found)] },
    {
      label: t`Exams by their series`,
      choices: found.byValue.map(({ exam, field, value }) => ofExam(exam, "value", `${field}: ${value}`)),
    },
    { label: t`Attached files`, choices: found.attachments.flatMap(attachment) },
    { label: t`Peers`, choices: found.peers.map(peer) },
    ...groups,
  ];
}

export const flat = (groups: Group[]): Choice[] => groups.flatMap((group) => group.choices);

function pages(q: string, may: Action[]): Choice[] {
  const wanted = q.trim().toLowerCase();
  return PLACES.filter(
    ({ action, label }) => may.includes(action) && label().toLowerCase().startsWith(wanted),
  ).map(({ to, icon, label }) => ({ key: `page ${to}`, to, icon, label: label(), about: "" }));
}

function ofExam(exam: Exam, kind: string, why = ""): Choice {
  return {
    key: `${kind} ${exam.studyInstanceUid}`,
    to: `/exams/${exam.studyInstanceUid}`,
    icon: "image",
    label: personName(exam.patientName) || t`No name`,
    about: joined(
      exam.modalities.join(" "),
      dicomDate(exam.studyDate) || t`no date`,
      exam.studyDescription,
      why === "" && exam.accessionNumber !== "" ? t`accession ${exam.accessionNumber}` : why,
    ),
  };
}

function patient(one: Found["patients"][number]): Choice {
  return {
    key: `patient ${one.key}`,
    to: patientUrl(one.key),
    icon: "account",
    label: personName(one.patientName) || t`No name`,
    about: joined(
      one.patientId === "" ? t`no ID` : `ID ${one.patientId}`,
      one.issuer,
      sexWord(one.patientSex),
      !one.patientBirthDate ? "" : t`born ${dicomDate(one.patientBirthDate)}`,
      plural(one.examCount, { one: "# exam", other: "# exams" }),
    ),
  };
}

function place({
  exam,
  seriesInstanceUid: series,
  sopInstanceUid: sop,
  about,
}: Found["places"][number]): Choice {
  const study = exam.studyInstanceUid;
  const query = !series ? "" : `?series=${series}${!sop ? "" : `&instance=${sop}`}`;
  return {
    key: `uid ${sop ?? series ?? study}`,
    to: `/exams/${study}${query}`,
    icon: "image",
    label: placeWords(personName(exam.patientName) || t`No name`, series, sop),
    about: joined(about, dicomDate(exam.studyDate), sop ?? series ?? study),
  };
}

/** A file is with what it belongs to; of a patient's the address would be an ID, so there is none. */
function attachment({ file, subject, id }: Found["attachments"][number]): Choice[] {
  if (!id || subject !== "exam") return [];
  const to = `/exams/${id}?tab=attachments`;
  return [{ key: `file ${file.id}`, to, icon: "file", label: file.name, about: t`with its exam` }];
}

/** A report opens in the reader, everything else on the record of its patient; what is nobody's has no page. */
function numbered({ record, person, kind, title, status, begins }: Found["records"][number]): Choice[] {
  const of = person === null || person === undefined ? [] : [`${personUrl(person)}?record=${record}`];
  const places = kind === "DiagnosticReport" ? [reportUrl(record)] : of;
  return places.map((to) => ({
    key: `record ${record}`,
    to,
    icon: "report",
    label: title || kindWords(kind),
    about: joined(kindWords(kind), status, begins ? dicomDate(begins.slice(0, 10)) : ""),
  }));
}

function peer({ name, aeTitle }: Found["peers"][number]): Choice {
  return { key: `peer ${name}`, to: "/peers", icon: "peers", label: name, about: aeTitle };
}

function more(q: string, found: Found): Choice[] {
  if (found.examsInAll <= found.exams.length) return [];
  const count = plural(found.examsInAll, { one: "# exam", other: "# exams" });
  const all = found.exact ? count : t`more than ${count}`;
  return [{ key: "all", to: "/exams", icon: "exams", label: t`Show all in the list`, about: all, search: q }];
}

type Uid = string | null | undefined;

function placeWords(name: string, series: Uid, sop: Uid): string {
  if (sop) return t`Image of ${name}`;
  return series ? t`Series of ${name}` : t`Exam of ${name}`;
}
