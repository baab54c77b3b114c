/** Fields of criteria: what they are called, what they hold, and how they can be tested. */
import { t } from "@lingui/core/macro";
import type { FactTable } from "../../api/cohorts";
import { newLine, type Line, type Op } from "./draft";

/** Columns that are not for people: numbers of rows, and days that stand beside a date. */
const HIDDEN = new Set(["patient", "id", "exam", "report", "day"]);

const LABELS: Record<string, () => string> = {
  date: () => t`date`,
  age: () => t`age then`,
  sex: () => t`sex`,
  birth_day: () => t`day of birth`,
  birth_year: () => t`year of birth`,
  death_day: () => t`day of death`,
  first_exam: () => t`first exam`,
  last_exam: () => t`last exam`,
  exams: () => t`number of exams`,
  study_uid: () => t`Study Instance UID`,
  at: () => t`moment`,
  year: () => t`year`,
  modalities: () => t`modality`,
  modality: () => t`modality`,
  body_part: () => t`body part`,
  description: () => t`description`,
  manufacturer: () => t`manufacturer`,
  model: () => t`model`,
  series_count: () => t`number of series`,
  instance_count: () => t`number of images`,
  reports: () => t`number of reports`,
  orders: () => t`number of orders`,
  held: () => t`images are here (1) or still in a PACS (0)`,
  series_uid: () => t`Series Instance UID`,
  laterality: () => t`side`,
  protocol: () => t`acquisition protocol`,
  instances: () => t`number of images`,
  rows: () => t`rows`,
  columns: () => t`columns`,
  slice_thickness: () => t`slice thickness`,
  spacing_between_slices: () => t`spacing between slices`,
  pixel_spacing: () => t`pixel spacing`,
  kvp: () => t`tube voltage`,
  tube_current: () => t`tube current`,
  exposure: () => t`exposure`,
  kernel: () => t`kernel`,
  contrast_agent: () => t`contrast agent`,
  field_strength: () => t`field strength`,
  repetition_time: () => t`repetition time`,
  echo_time: () => t`echo time`,
  inversion_time: () => t`inversion time`,
  flip_angle: () => t`flip angle`,
  scanning_sequence: () => t`scanning sequence`,
  sequence_name: () => t`sequence name`,
  diffusion_b_value: () => t`diffusion b-value`,
  view_position: () => t`view position`,
  radiopharmaceutical: () => t`radiopharmaceutical`,
  transducer_frequency: () => t`transducer frequency`,
  image_type: () => t`image type`,
  attributes: () => t`any DICOM attribute`,
  system: () => t`code system`,
  code: () => t`code`,
  display: () => t`words`,
  state: () => t`state`,
  title: () => t`title`,
  status: () => t`status`,
  words: () => t`text`,
  findings: () => t`speaks of`,
  finding: () => t`exactly the finding`,
  kinds: () => t`finding`,
  assertion: () => t`is said to be`,
  temporality: () => t`over time`,
  experiencer: () => t`of whom`,
  location: () => t`place`,
  severity: () => t`severity`,
  size: () => t`size`,
  scheme: () => t`scheme`,
  value: () => t`value`,
  modifiers: () => t`modifiers`,
  end_day: () => t`end`,
  class: () => t`class`,
  standard_system: () => t`standard code system`,
  standard_code: () => t`standard code`,
  unit: () => t`unit`,
  value_text: () => t`value in words`,
  usual_value: () => t`value in the usual unit`,
  usual_unit: () => t`usual unit`,
  usual_by: () => t`how it was converted`,
  sop_uid: () => t`SOP Instance UID`,
  frame: () => t`frame`,
  report_uid: () => t`SOP Instance UID of the report`,
  derivation: () => t`made of many as`,
  finding_system: () => t`code system of the finding`,
  finding_code: () => t`code of the finding`,
  finding_display: () => t`the finding in words`,
  site_system: () => t`code system of the place`,
  site_code: () => t`code of the place`,
  site_display: () => t`the place in words`,
  tracking_uid: () => t`tracking UID`,
  made_by: () => t`measured by`,
  algorithm: () => t`algorithm`,
  project: () => t`project`,
  consent: () => t`consent`,
  gene: () => t`gene`,
  variant: () => t`variant`,
  zygosity: () => t`zygosity`,
  significance: () => t`significance`,
};

export const ATTRIBUTE = "attributes.";

export function fieldWords(field: string): string {
  if (field.startsWith(ATTRIBUTE)) return field.slice(ATTRIBUTE.length) || t`any DICOM attribute`;
  return LABELS[field]?.() ?? field.replaceAll("_", " ");
}

const UNITS: Record<string, string> = {
  size: "mm",
  slice_thickness: "mm",
  spacing_between_slices: "mm",
  pixel_spacing: "mm",
  kvp: "kV",
  tube_current: "mA",
  exposure: "mAs",
  field_strength: "T",
  repetition_time: "ms",
  echo_time: "ms",
  inversion_time: "ms",
  flip_angle: "°",
  diffusion_b_value: "s/mm²",
  transducer_frequency: "kHz",
};

/** The unit of its numbers, where the facts have one. */
export const unitOf = (field: string): string => (field === "age" ? t`years` : (UNITS[field] ?? ""));

export type Holds = "text" | "number" | "date" | "words";

const DAYS = new Set(["date", "at", "birth_day", "death_day", "first_exam", "last_exam", "end_day"]);

export function holds(table: FactTable | undefined, field: string): Holds {
  if (DAYS.has(field)) return "date";
  const of = table?.columns.find(({ name }) => name === field)?.of;
  return of === "number" || of === "words" ? of : "text";
}

/** What can be said of a field of these. */
export function opsOf(field: string, of: Holds): Op[] {
  if (field.startsWith(ATTRIBUTE)) return ["is", "begins", "has", "range", "known"];
  if (of === "words") return ["says", "known"];
  return of === "text" ? ["is", "begins", "has", "known"] : ["range", "known"];
}

export function opWords(op: Op, not: boolean): string {
  if (op === "is") return not ? t`is not` : t`is`;
  if (op === "begins") return not ? t`does not begin with` : t`begins with`;
  if (op === "has") return not ? t`does not contain` : t`contains`;
  if (op === "says") return not ? t`does not say` : t`says`;
  if (op === "range") return not ? t`is not from` : t`is from`;
  if (op === "known") return not ? t`is not known` : t`is known`;
  return not ? t`not as written` : t`as written`;
}

/** Names of columns a person can choose, those that are mostly wanted first. */
export function fieldsOf(table: FactTable | undefined, first: string[]): { first: string[]; more: string[] } {
  const all = (table?.columns ?? []).map(({ name }) => name).filter((name) => !HIDDEN.has(name));
  return {
    first: first.filter((name) => all.includes(name)),
    more: all.filter((name) => !first.includes(name)),
  };
}

/** Fields that hold words of somebody: a part of them is mostly meant. */
const WORDS = new Set([
  "description",
  "display",
  "finding_display",
  "site_display",
  "title",
  "protocol",
  "value_text",
]);

/** A line for a field, asked in the way that is mostly meant. */
export function lineFor(table: FactTable | undefined, field: string): Line {
  if (field === "attributes") return newLine(ATTRIBUTE, "is");
  const of = holds(table, field);
  if (of === "words") return newLine(field, "says");
  if (of !== "text") return newLine(field, "range");
  if (field === "code" || field === "standard_code") return newLine(field, "begins");
  return newLine(field, WORDS.has(field) ? "has" : "is");
}

/** Values a field can only have, offered where the facts tell none. */
const KNOWN: Record<string, string[]> = {
  "patient.sex": ["female", "male", "other", "unknown"],
  "exam.modalities": ["CT", "MR", "PT", "US", "CR", "DX", "MG", "NM", "XA", "SM"],
  "series.modality": ["CT", "MR", "PT", "US", "CR", "DX", "MG", "NM", "XA", "SM", "SR", "SEG"],
  "series.laterality": ["L", "R", "B"],
  "finding.assertion": ["present", "absent", "possible"],
  "finding.temporality": ["current", "new", "changed", "unchanged", "resolved", "historical", "hypothetical"],
  "finding.experiencer": ["patient", "family", "other"],
  "finding.laterality": ["left", "right", "bilateral", "midline"],
  "finding.severity": ["minimal", "mild", "moderate", "severe"],
  "image_measurement.laterality": ["left", "right", "bilateral"],
  "image_measurement.made_by": ["drawing", "person", "device"],
  "image_measurement.unit": ["mm", "cm", "mm2", "cm2", "mm3", "mL", "deg", "[hnsf'U]", "{SUVbw}g/ml"],
  "membership.state": ["in", "left"],
  "membership.consent": ["agreed", "refused", "unknown"],
  "category.scheme": ["BI-RADS", "Lung-RADS", "LI-RADS", "PI-RADS", "TI-RADS", "O-RADS"],
  "order.state": ["requested", "scheduled", "arrived", "performed", "cancelled", "discontinued", "reported"],
  "report.status": ["registered", "partial", "preliminary", "final", "amended", "corrected", "cancelled"],
  "encounter.class": ["IMP", "AMB", "EMER", "ACUTE", "NONAC", "OBSENC", "SS", "VR", "HH"],
  "variant.zygosity": ["heterozygous", "homozygous", "hemizygous"],
};

export const knownValues = (table: string, field: string): string[] => KNOWN[`${table}.${field}`] ?? [];

/** Keys of the lexicon are words with bars between them. */
export const valueWords = (field: string, value: string): string =>
  ["finding", "findings", "kinds", "location"].includes(field) ? value.replaceAll("_", " ") : value;
