/** What a reading of a report holds, and its marks in the text. Spans are bytes of UTF-8; strings count otherwise. */
import { t } from "@lingui/core/macro";
import type { Json, RecordInFull, VersionRow } from "../../api/records";

export interface Span {
  start: number;
  end: number;
}

export interface Finding {
  finding: string;
  span: Span;
  sentence: number;
  section: string;
  assertion: "absent" | "possible" | "present";
  temporality: string;
  change: string | null;
  experiencer: string;
  laterality: string | null;
  location: string[];
  severity: string | null;
  rule: string;
  evidence: { rule: string; span: Span }[];
}

export interface Measurement {
  values: number[];
  unit: string;
  quantity: string;
  range: boolean;
  comparator: string | null;
  finding: number | null;
  subject: string | null;
  laterality: string | null;
  series: string | null;
  images: string[];
  prior: { values: number[]; unit: string; date: string | null } | null;
  earlier: boolean;
  span: Span;
}

export interface Category {
  system: string;
  value: string;
  earlier: boolean;
  span: Span;
}

export interface Recommendation {
  test: string | null;
  interval: { text: string } | null;
  none_needed: boolean;
  span: Span;
}

export interface Communication {
  critical: boolean;
  to: Span | null;
  time: Span | null;
  span: Span;
}

export interface Reading {
  engine: string;
  lexicon: string;
  findings: Finding[];
  measurements: Measurement[];
  categories: Category[];
  recommendations: Recommendation[];
  communications: Communication[];
  sections: { kind: string; span: Span; title: Span | null }[];
}

/** The newest reading of a version; those come newest first. */
export function readingOf({ readings }: RecordInFull, version: number): Reading | undefined {
  return readings.find((one) => one.version === version)?.reading as unknown as Reading | undefined;
}

/** A text model's word on a finding, which the rules read otherwise. */
export interface Dispute {
  model: string;
  assertion: Finding["assertion"];
  temporality: string | null;
}

interface Word extends Omit<Dispute, "model"> {
  finding: number;
  differs: boolean;
}

/** What the model that was asked last says otherwise, by the number of the finding. */
export function disputesOf({ readings }: RecordInFull, version: number): Map<number, Dispute> {
  const [last] = readings.find((one) => one.version === version)?.opinions ?? [];
  if (last === undefined) return new Map();
  const words = (last.words as unknown as Word[]).filter(({ differs }) => differs);
  return new Map(words.map(({ finding, ...said }) => [finding, { ...said, model: last.model }]));
}

/** "model assertions 2: absent, in the past" */
export function disputeWords({ model, assertion, temporality }: Dispute): string {
  const when = said(temporality);
  const word = when === "" ? assertionWords(assertion) : `${assertionWords(assertion)}, ${when}`;
  return t`model ${model}: ${word}`;
}

interface Attachment {
  contentType?: string;
  data?: string;
}

/** The plain text of a report as it held in a version, put together as the server does. */
export function textOf({ content }: Pick<VersionRow, "content">): string {
  const { presentedForm, content: documents, conclusion } = content as Json;
  const attached = [
    ...(Array.isArray(presentedForm) ? (presentedForm as Attachment[]) : []),
    ...(Array.isArray(documents)
      ? (documents as { attachment?: Attachment }[]).flatMap(({ attachment }) => attachment ?? [])
      : []),
  ];
  const texts = attached.flatMap(plain);
  if (texts.length > 0) return texts.join("\n");
  return typeof conclusion === "string" ? conclusion : "";
}

function plain({ contentType, data }: Attachment): string[] {
  if (contentType?.startsWith("text/plain") !== true || data === undefined) return [];
  try {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    return [new TextDecoder("utf-8", { fatal: true }).decode(bytes)];
  } catch {
    return [];
  }
}

/** Something in the text that is marked. */
export interface Mark {
  kind: "finding" | "measurement" | "category" | "recommendation" | "communication";
  /** Its number among its kind. */
  at: number;
  span: Span;
}

/** A stretch of the text under the same marks. */
export interface Piece {
  text: string;
  start: number;
  marks: Mark[];
}

export function marksOf(reading: Reading): Mark[] {
  const all = (kind: Mark["kind"], list: { span: Span }[]) =>
    list.map(({ span }, at): Mark => ({ kind, at, span }));
  return [
    ...all("finding", reading.findings),
    ...all("measurement", reading.measurements),
    ...all("category", reading.categories),
    ...all("recommendation", reading.recommendations),
    ...all("communication", reading.communications),
  ];
}

/** Cuts the text wherever a mark begins or ends. Together the pieces are the text. */
export function pieces(text: string, marks: Mark[]): Piece[] {
  const bytes = new TextEncoder().encode(text);
  const inside = marks.filter(({ span }) => span.start < span.end && span.end <= bytes.length);
  const cuts = new Set([0, bytes.length]);
  for (const { span } of inside) cuts.add(span.start).add(span.end);
  const sorted = [...cuts].toSorted((a, b) => a - b);
  const decoder = new TextDecoder();
  return sorted.slice(0, -1).map((start, at) => {
    const end = sorted[at + 1] ?? bytes.length;
    return {
      text: decoder.decode(bytes.subarray(start, end)),
      start,
      marks: inside.filter(({ span }) => span.start <= start && end <= span.end),
    };
  });
}

/** Where a report says that something is seen. */
export type NamedPlace = Pick<Measurement, "series" | "images">;

const isNamed = ({ series, images }: NamedPlace): boolean => series !== null || images.length > 0;

/** The images that are named with a mark: a measurement's own, a finding's by what was measured of it. */
export function placeOf(
  { measurements }: Reading,
  { kind, at }: Pick<Mark, "kind" | "at">,
): NamedPlace | undefined {
  if (kind === "finding") return measurements.find((one) => one.finding === at && isNamed(one));
  const own = kind === "measurement" ? measurements[at] : undefined;
  return own !== undefined && isNamed(own) ? own : undefined;
}

export const placeWords = ({ series, images }: NamedPlace): string =>
  [series === null ? "" : t`series ${series}`, images.length === 0 ? "" : t`image ${images.join(", ")}`]
    .filter((part) => part !== "")
    .join(", ");

/** The words of a span. */
export const words = (text: string, { start, end }: Span): string =>
  new TextDecoder().decode(new TextEncoder().encode(text).subarray(start, end));

/** `pleural_effusion` → "Pleural effusion". */
export function keyWords(key: string): string {
  const plain = key.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

const ASSERTIONS: Record<Finding["assertion"], () => string> = {
  present: () => t`present`,
  absent: () => t`absent`,
  possible: () => t`possible`,
};

export const assertionWords = (assertion: Finding["assertion"]): string => ASSERTIONS[assertion]();

const WORDS: Record<string, () => string> = {
  hypothetical: () => t`only in case`,
  historical: () => t`in the past`,
  resolved: () => t`resolved`,
  new: () => t`new`,
  changed: () => t`changed`,
  unchanged: () => t`unchanged`,
  increased: () => t`increased`,
  decreased: () => t`decreased`,
  left: () => t`left`,
  right: () => t`right`,
  bilateral: () => t`both sides`,
  midline: () => t`midline`,
  minimal: () => t`minimal`,
  mild: () => t`mild`,
  moderate: () => t`moderate`,
  severe: () => t`severe`,
  family: () => t`a relative's`,
  other: () => t`somebody else's`,
};

/** A time or a side in words. */
export const timeWords = (word: string): string => said(word);

const said = (word: string | null): string => (word === null ? "" : (WORDS[word]?.() ?? ""));

/** Everything about a finding but its name and whether it is there. */
export function findingDetails(finding: Finding): string[] {
  const change = finding.change === finding.temporality ? null : finding.change;
  return [
    finding.temporality === "current" ? "" : said(finding.temporality),
    said(change),
    said(finding.laterality),
    ...finding.location.map((place) => place.replaceAll("_", " ")),
    said(finding.severity),
    said(finding.experiencer),
  ].filter((part) => part !== "");
}

export function measurementWords(measurement: Measurement): string {
  const { values, unit, range, comparator, prior, earlier } = measurement;
  const numbers = values.join(range ? " – " : " × ");
  const now = `${comparator ?? ""}${numbers} ${unitWords(unit)}`.trim();
  if (earlier) return t`${now}, an earlier value`;
  if (prior === null) return now;
  const before = `${prior.values.join(" × ")} ${unitWords(prior.unit)}`.trim();
  return prior.date === null ? t`${now}, before ${before}` : t`${now}, before ${before} (${prior.date})`;
}

const UNITS: Record<string, string> = {
  "[hnsf'U]": "HU",
  "[HU]": "HU",
  deg: "°",
  "1": "",
  mm2: "mm²",
  cm2: "cm²",
  cm3: "cm³",
  mm3: "mm³",
};

const unitWords = (unit: string): string => UNITS[unit] ?? unit;

const SYSTEMS: Record<string, string> = {
  birads: "BI-RADS",
  lung_rads: "Lung-RADS",
  lungrads: "Lung-RADS",
  lirads: "LI-RADS",
  pirads: "PI-RADS",
  tirads: "TI-RADS",
  orads: "O-RADS",
};

export const systemWords = (system: string): string => SYSTEMS[system] ?? keyWords(system);
