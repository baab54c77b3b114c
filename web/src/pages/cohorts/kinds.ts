/** The kinds of criteria: what each is called, how it is drawn, and which of its fields are mostly wanted. */
import { t } from "@lingui/core/macro";
import type { IconName } from "../../parts/Icon";
import { newLine, type Line, type Op } from "./draft";

export interface Kind {
  of: string;
  icon: IconName;
  label: () => string;
  about: () => string;
  /** Its rows happened on a day. */
  events: boolean;
  /** Its rows belong to exams. */
  exams: boolean;
  /** Fields offered first. */
  fields: string[];
}

export interface KindGroup {
  label: () => string;
  kinds: Kind[];
}

const event = { events: true, exams: false };
const ofExam = { events: true, exams: true };
const coded = ["code", "display", "date", "age", "status", "standard_code"];

export const KIND_GROUPS: KindGroup[] = [
  {
    label: () => t`Images and reports`,
    kinds: [
      {
        of: "exam",
        icon: "image",
        label: () => t`Exam`,
        about: () => t`modality, body part, scanner, date`,
        ...ofExam,
        fields: ["modalities", "body_part", "description", "manufacturer", "date", "age"],
      },
      {
        of: "series",
        icon: "stack",
        label: () => t`Single series`,
        about: () => t`how it was acquired, any DICOM attribute`,
        ...ofExam,
        fields: ["modality", "body_part", "description", "slice_thickness", "kernel", "attributes"],
      },
      {
        of: "finding",
        icon: "report",
        label: () => t`Report finding`,
        about: () => t`what a report asserts, denies or doubts`,
        ...ofExam,
        fields: ["kinds", "assertion", "size", "laterality", "location", "temporality"],
      },
      {
        of: "image_measurement",
        icon: "ruler",
        label: () => t`Image measurement`,
        about: () => t`lengths, volumes, uptake: drawn here, or told by a DICOM SR`,
        ...ofExam,
        fields: ["code", "value", "unit", "finding_code", "site_code", "laterality", "made_by", "derivation"],
      },
      {
        of: "category",
        icon: "tag",
        label: () => t`Report category`,
        about: () => t`BI-RADS, Lung-RADS and others`,
        ...ofExam,
        fields: ["scheme", "value", "date"],
      },
      {
        of: "report",
        icon: "file",
        label: () => t`Report`,
        about: () => t`words of its text, its title, how final`,
        ...ofExam,
        fields: ["words", "findings", "title", "status", "date"],
      },
      {
        of: "order",
        icon: "message",
        label: () => t`Order`,
        about: () => t`what was asked for, and its state`,
        ...ofExam,
        fields: ["state", "code", "display", "date"],
      },
    ],
  },
  {
    label: () => t`Clinical record`,
    kinds: [
      {
        of: "condition",
        icon: "stethoscope",
        label: () => t`Condition`,
        about: () => t`a diagnosis by its code or words`,
        ...event,
        fields: coded,
      },
      {
        of: "procedure",
        icon: "tool",
        label: () => t`Procedure`,
        about: () => t`what was done to the patient`,
        ...event,
        fields: coded,
      },
      {
        of: "medication",
        icon: "pill",
        label: () => t`Medication`,
        about: () => t`ordered, dispensed or given`,
        ...event,
        fields: coded,
      },
      {
        of: "observation",
        icon: "flask",
        label: () => t`Observation or lab value`,
        about: () => t`by its code, with a range of values`,
        ...event,
        fields: ["code", "value", "unit", "display", "date", "value_text", "usual_value", "usual_unit"],
      },
      {
        of: "encounter",
        icon: "calendar",
        label: () => t`Encounter`,
        about: () => t`a stay or visit`,
        ...event,
        fields: ["class", "date", "status", "display"],
      },
      {
        of: "variant",
        icon: "dna",
        label: () => t`Genomic variant`,
        about: () => t`by gene, change and significance`,
        ...event,
        fields: ["gene", "variant", "significance", "zygosity"],
      },
    ],
  },
  {
    label: () => t`Person`,
    kinds: [
      {
        of: "patient",
        icon: "account",
        label: () => t`Patient`,
        about: () => t`sex, year of birth, number of exams`,
        events: false,
        exams: false,
        fields: ["sex", "birth_year", "exams", "first_exam", "last_exam", "death_day"],
      },
      {
        of: "membership",
        icon: "project",
        label: () => t`Project membership`,
        about: () => t`who is in a project, or was`,
        ...event,
        fields: ["project", "state", "consent", "date", "end_day"],
      },
    ],
  },
];

export const KINDS: Kind[] = KIND_GROUPS.flatMap(({ kinds }) => kinds);

/** What a server of another version may have and these pages don't know yet. */
export const kindOf = (of: string): Kind =>
  KINDS.find((kind) => kind.of === of) ?? {
    of,
    icon: "file",
    label: () => of,
    about: () => "",
    ...event,
    fields: [],
  };

/** Lines a new criterion begins with; what stays empty is not asked for. */
const KEY_LINES: Record<string, [field: string, op: Op, ...values: string[]][]> = {
  exam: [
    ["modalities", "is"],
    ["body_part", "is"],
  ],
  series: [["modality", "is"]],
  finding: [
    ["kinds", "is"],
    ["assertion", "is", "present"],
    ["size", "range"],
  ],
  image_measurement: [
    ["code", "is"],
    ["value", "range"],
    ["unit", "is", "mm"],
  ],
  category: [
    ["scheme", "is"],
    ["value", "is"],
  ],
  report: [["words", "says"]],
  order: [["state", "is"]],
  condition: [["code", "begins"]],
  procedure: [["code", "begins"]],
  medication: [["code", "begins"]],
  observation: [
    ["code", "is"],
    ["value", "range"],
  ],
  encounter: [["class", "is"]],
  variant: [["gene", "is"]],
  patient: [["sex", "is"]],
  membership: [
    ["project", "is"],
    ["state", "is", "in"],
  ],
};

export const keyedLines = (of: string): Line[] =>
  (KEY_LINES[of] ?? []).map(([field, op, ...values]) => newLine(field, op, values));
