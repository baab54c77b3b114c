/** What messages, records and links are called. */
import { plural, t } from "@lingui/core/macro";
import type { Json } from "../../api/records";

const FORMATS: Record<string, () => string> = {
  hl7v2: () => t`HL7 message`,
  fhir: () => t`FHIR`,
  "fhir-ndjson": () => t`FHIR, a resource a line`,
  omop: () => t`OMOP table`,
  table: () => t`Table`,
  vcf: () => t`Variants (VCF)`,
  codes: () => t`Table of codes`,
  part: () => t`Part of a set`,
  decision: () => t`A person's decision`,
};

export const formatWords = (format: string): string => FORMATS[format]?.() ?? format;

const STATES: Record<string, () => string> = {
  read: () => t`Read`,
  partly: () => t`Read in part`,
  refused: () => t`Refused`,
  reading: () => t`Being read`,
  again: () => t`Being read again`,
  part: () => t`Kept with its set`,
};

export const sourceStateWords = (state: string): string => STATES[state]?.() ?? state;

export const SOURCE_BADGES: Record<string, string> = {
  read: "badge badge-ok",
  partly: "badge badge-warn",
  refused: "badge badge-danger",
};

const MESSAGES: Record<string, () => string> = {
  ADT: () => t`Patient or visit`,
  ORM: () => t`Order`,
  OMI: () => t`Imaging order`,
  OMG: () => t`Order`,
  ORU: () => t`Result or report`,
  MDM: () => t`Document`,
  SIU: () => t`Appointment`,
  DFT: () => t`Charges`,
  RDE: () => t`Prescription`,
  OMP: () => t`Prescription`,
  RDS: () => t`Medicine handed out`,
  RAS: () => t`Medicine given`,
};

/** `ORU^R01` → "Result or report"; empty for what has no such name. */
export const messageWords = (title: string): string => MESSAGES[title.split(/[\^_]/)[0] ?? ""]?.() ?? "";

const KINDS: Record<string, () => string> = {
  Exam: () => t`Exam`,
  Patient: () => t`Patient`,
  Encounter: () => t`Encounter`,
  ServiceRequest: () => t`Order`,
  DiagnosticReport: () => t`Report`,
  DocumentReference: () => t`Document`,
  ImagingStudy: () => t`Announced exam`,
  Observation: () => t`Observation`,
  Condition: () => t`Condition`,
  Procedure: () => t`Procedure`,
  MedicationRequest: () => t`Prescription`,
  MedicationDispense: () => t`Medicine handed out`,
  MedicationStatement: () => t`Medicine taken`,
  MedicationAdministration: () => t`Medicine given`,
  AllergyIntolerance: () => t`Allergy`,
  Appointment: () => t`Appointment`,
  Specimen: () => t`Specimen`,
  Immunization: () => t`Vaccination`,
  Consent: () => t`Consent`,
  MolecularSequence: () => t`Sequence`,
};

export const kindWords = (kind: string): string => KINDS[kind]?.() ?? kind;

const ORDER_STATES: Record<string, () => string> = {
  requested: () => t`requested`,
  scheduled: () => t`scheduled`,
  arrived: () => t`arrived`,
  performed: () => t`performed`,
  cancelled: () => t`cancelled`,
  discontinued: () => t`discontinued`,
  reported: () => t`reported`,
};

const STATUSES: Record<string, () => string> = {
  active: () => t`active`,
  completed: () => t`completed`,
  final: () => t`final`,
  preliminary: () => t`preliminary`,
  partial: () => t`partial`,
  registered: () => t`registered`,
  amended: () => t`amended`,
  corrected: () => t`corrected`,
  appended: () => t`with an addendum`,
  cancelled: () => t`cancelled`,
  revoked: () => t`revoked`,
  "entered-in-error": () => t`entered in error`,
  finished: () => t`finished`,
  planned: () => t`planned`,
  "in-progress": () => t`in progress`,
  arrived: () => t`arrived`,
  stopped: () => t`stopped`,
  resolved: () => t`resolved`,
  inactive: () => t`inactive`,
  current: () => t`current`,
  unknown: () => t`unknown`,
};

/** Where an order stands, else the record's own status. */
export function standing(record: { state: string; status: string }): string {
  if (record.state !== "") return ORDER_STATES[record.state]?.() ?? record.state;
  return statusWords(record.status);
}

export const statusWords = (status: string): string => STATUSES[status]?.() ?? status;
export const orderStateWords = (state: string): string => ORDER_STATES[state]?.() ?? state;

const CLASSES: Record<string, () => string> = {
  IMP: () => t`inpatient`,
  ACUTE: () => t`inpatient`,
  NONAC: () => t`inpatient`,
  AMB: () => t`outpatient`,
  EMER: () => t`emergency`,
  OBSENC: () => t`observation`,
  PRENC: () => t`before admission`,
  SS: () => t`short stay`,
  HH: () => t`at home`,
  VR: () => t`virtual`,
};

export const classWords = (code: string): string => CLASSES[code]?.() ?? code;

const RULES: Record<string, () => string> = {
  "study-uid": () => t`It names the exam's Study Instance UID`,
  accession: () => t`Same accession number`,
  "order-numbers": () => t`Same order numbers`,
  reference: () => t`One names the other`,
  "patient-time": () => t`Same patient, about the same time`,
  "through-record": () => t`Through a record between them`,
  "within-encounter": () => t`Made during this encounter`,
  decision: () => t`A person said so`,
};

export const ruleWords = (rule: string): string => RULES[rule]?.() ?? rule;

/** What agrees and what doesn't, each in words. */
export function evidenceWords(evidence: Json): string[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    const words = oneEvidence(name, value);
    return words === "" ? [] : [words];
  });
}

function oneEvidence(name: string, value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  switch (name) {
    case "patient":
      return patientWords(text);
    case "studyInstanceUid":
      return t`Study Instance UID ${text}`;
    case "accession":
      return t`accession ${text}`;
    case "placer":
      return t`placer's number ${text}`;
    case "filler":
      return t`filler's number ${text}`;
    case "names":
      return t`named as ${text}`;
    case "hoursApart":
      return apartWords(Number(value));
    case "modality":
      return value === true ? t`same modality` : t`modality not compared`;
    case "words":
      return wordsWords(value);
    case "onlyCandidate":
      return value === true ? t`nothing else fits` : t`something else fits as well`;
    case "doubt":
      return doubtWords(text);
    case "withinItsTime":
      return t`the exam lies within its time`;
    case "first":
      return t`first: ${ruleWords(text)}`;
    case "second":
      return t`then: ${ruleWords(text)}`;
    case "through":
      return "";
    case "name":
      return text === "same" ? t`same name` : t`names: ${text}`;
    case "birthDate":
      return text === "same" ? t`same birth date` : t`birth dates: ${text}`;
    case "birthDates":
      return Array.isArray(value) ? t`birth dates ${value.join(", ")}` : "";
    case "sex":
      return value === true ? t`same sex` : t`sex differs`;
    default:
      return `${name}: ${text === "" ? JSON.stringify(value) : text}`;
  }
}

/** What speaks against a number that agrees. */
function doubtWords(word: string): string {
  switch (word) {
    case "accession-of-another-exam":
      return t`its accession number is another exam's`;
    case "study-of-another-exam":
      return t`it names another exam's study`;
    case "cancelled-and-ordered-again":
      return t`cancelled, and ordered again`;
    case "number-of-two-issuers":
      return t`two issuers gave this number`;
    case "fits-another-better":
      return t`another exam under this number fits better`;
    default:
      return word;
  }
}

function patientWords(word: string): string {
  if (word === "same") return t`same patient`;
  if (word === "differs") return t`another patient`;
  return t`patient not known on both sides`;
}

function apartWords(hours: number): string {
  const whole = Math.round(hours);
  if (whole === 0) return t`less than an hour apart`;
  return plural(whole, { one: "# hour apart", other: "# hours apart" });
}

function wordsWords(value: unknown): string {
  const words = Array.isArray(value) ? value.join(", ") : "";
  return words === "" ? t`no words in common` : t`words in common: ${words}`;
}

/** Whether a piece of evidence speaks against. */
export const isAgainst = (name: string, value: unknown): boolean =>
  value === "differs" ||
  name === "doubt" ||
  (name === "onlyCandidate" && value === false) ||
  (name === "sex" && value === false);

export const percent = (part: number): string => `${Math.round(part * 100)} %`;

export const linkStateWords = (state: string): string => {
  if (state === "linked") return t`belongs together`;
  if (state === "waiting") return t`waits for a decision`;
  if (state === "refused") return t`does not belong together`;
  return state;
};
