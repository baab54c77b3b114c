/** A definition while it is edited: the same tree, with keys to draw it by and lines that may still be empty. */
import type {
  Alike,
  Around,
  Bound,
  Condition,
  Controls,
  Criterion,
  Definition,
  Near,
  Pick,
  Test,
} from "../../api/cohorts";

export type Op = "is" | "begins" | "has" | "says" | "range" | "known" | "raw";

/** A test as it is written. */
export interface Line {
  key: number;
  field: string;
  op: Op;
  not: boolean;
  values: string[];
  /** Findings that are meant beside the words of `says`. */
  findings?: string[];
  /** What is contained. */
  text: string;
  min: string;
  max: string;
  /** What the form has no field for; kept as it is. */
  raw?: Test;
}

/** A criterion. */
export interface Row {
  key: number;
  of: string;
  lines: Line[];
  pick?: Pick;
  atLeast?: number;
  beside: Beside[];
  label?: string;
}

/** Something around a criterion. */
export interface Beside {
  key: number;
  near: Near;
  absent: boolean;
  has: Row;
  without?: Row;
}

export interface Card {
  kind: "card";
  key: number;
  not: boolean;
  row: Row;
}

export interface Group {
  kind: "group";
  key: number;
  not: boolean;
  join: "all" | "any";
  parts: Part[];
}

export type Part = Card | Group;

export interface Draft {
  root: Group;
  exams?: string;
  sample?: { patients: number; seed?: number };
  controls?: ControlsDraft;
}

/** People to compare with, while it is written. */
export interface ControlsDraft {
  root: Group;
  ratio: number;
  match: Alike[];
  exams?: string;
  seed?: number;
}

const LANGUAGE = 1;

let keys = 0;
export const newKey = (): number => (keys += 1);

export const newGroup = (join: Group["join"], parts: Part[] = []): Group => ({
  kind: "group",
  key: newKey(),
  not: false,
  join,
  parts,
});

export const newCard = (row: Row): Card => ({ kind: "card", key: newKey(), not: false, row });

export const newRow = (of: string, lines: Line[] = []): Row => ({ key: newKey(), of, lines, beside: [] });

export function newLine(field: string, op: Op, values: string[] = []): Line {
  return { key: newKey(), field, op, not: false, values, text: "", min: "", max: "" };
}

export const newDraft = (): Draft => ({ root: newGroup("all") });

export function fromDefinition({ patients, exams, sample, controls }: Definition): Draft {
  return {
    root: rootOf(patients),
    ...(exams === undefined ? {} : { exams }),
    ...(sample === undefined ? {} : { sample }),
    ...(controls === undefined ? {} : { controls: controlsDraft(controls) }),
  };
}

function controlsDraft({ patients, ...others }: Controls): ControlsDraft {
  return { ...others, root: rootOf(patients) };
}

function rootOf(condition: Condition): Group {
  const part = partOf(condition);
  return part.kind === "group" && !part.not ? part : newGroup("all", [part]);
}

function partOf(condition: Condition): Part {
  if ("all" in condition) return newGroup("all", condition.all.map(partOf));
  if ("any" in condition) return newGroup("any", condition.any.map(partOf));
  if ("has" in condition) return newCard(rowOf(condition.has));
  const part = partOf(condition.not);
  return part.not ? { ...newGroup("all", [part]), not: true } : { ...part, not: true };
}

function rowOf(criterion: Criterion): Row {
  const { of, label, tests, pick, atLeast, around } = criterion;
  return {
    ...newRow(of, (tests ?? []).map(lineOf)),
    beside: (around ?? []).map(besideOf),
    ...(label === undefined ? {} : { label }),
    ...(pick === undefined ? {} : { pick }),
    ...(atLeast === undefined ? {} : { atLeast }),
  };
}

function besideOf({ near, has, absent, without }: Around): Beside {
  return {
    key: newKey(),
    near,
    absent: absent ?? false,
    has: rowOf(has),
    ...(without === undefined ? {} : { without: rowOf(without) }),
  };
}

const written = (bound: Bound | undefined): string => (bound === undefined ? "" : String(bound));

function lineOf(test: Test): Line {
  const { field, anyOf, startsWith, contains, says, orFindings, min, max, known, not } = test;
  const said: Op[] = [];
  if (anyOf !== undefined && anyOf.length > 0) said.push("is");
  if (startsWith !== undefined && startsWith.length > 0) said.push("begins");
  if (contains !== undefined) said.push("has");
  if ((says ?? orFindings) !== undefined) said.push("says");
  if (min !== undefined || max !== undefined) said.push("range");
  if (known !== undefined) said.push("known");
  const [op, another] = said;
  if (op === undefined || another !== undefined) return { ...newLine(field, "raw"), raw: test };
  const values = { begins: startsWith, says: says ?? [] }[op as string] ?? anyOf;
  return {
    ...newLine(field, op, values),
    ...(orFindings === undefined ? {} : { findings: orFindings }),
    not: op === "known" ? (known === false) !== (not ?? false) : (not ?? false),
    text: contains ?? "",
    min: written(min),
    max: written(max),
  };
}

/** Its criteria as the server takes them; lines that say nothing yet are left out. */
export function toDefinition({ root, exams, sample, controls }: Draft): Definition {
  return {
    language: LANGUAGE,
    patients: conditionOf({ ...root, not: false }),
    ...(exams === undefined ? {} : { exams }),
    ...(sample === undefined || sample.patients < 1 ? {} : { sample }),
    ...(controls === undefined || controls.match.length === 0 ? {} : { controls: controlsOf(controls) }),
  };
}

function controlsOf({ root, ...others }: ControlsDraft): Controls {
  return { patients: conditionOf({ ...root, not: false }), ...others };
}

function conditionOf(part: Part): Condition {
  const condition: Condition = part.kind === "card" ? { has: criterionOf(part.row) } : groupOf(part);
  return part.not ? { not: condition } : condition;
}

/** A group that is still empty says nothing: "any of nothing" would be nobody. */
function groupOf({ join, parts }: Group): Condition {
  const conditions = parts.filter((part) => part.kind === "card" || part.parts.length > 0).map(conditionOf);
  return join === "all" || conditions.length === 0 ? { all: conditions } : { any: conditions };
}

function criterionOf({ of, label, lines, pick, atLeast, beside }: Row): Criterion {
  const tests = lines.flatMap(testOf);
  return {
    of,
    ...(label === undefined ? {} : { label }),
    ...(tests.length === 0 ? {} : { tests }),
    ...(pick === undefined ? {} : { pick }),
    ...(atLeast === undefined || atLeast < 2 ? {} : { atLeast }),
    ...(beside.length === 0 ? {} : { around: beside.map(aroundOf) }),
  };
}

function aroundOf({ near, absent, has, without }: Beside): Around {
  const between = without !== undefined && !absent && near !== "sameExam";
  return {
    near,
    has: criterionOf(has),
    ...(absent ? { absent } : {}),
    ...(between ? { without: criterionOf(without) } : {}),
  };
}

/** What a line says, or nothing. */
export function testOf(line: Line): Test[] {
  const { field, op, not, values, text, raw } = line;
  const other = not ? { not } : {};
  if (field === "" || field === "attributes.") return [];
  if (op === "raw") return raw === undefined ? [] : [raw];
  if (op === "known") return [{ field, known: !not }];
  if (op === "has") return text.trim() === "" ? [] : [{ field, contains: text.trim(), ...other }];
  if (op === "range") return rangeOf(line, other);
  if (op === "says") return saysOf(line, other);
  if (values.length === 0) return [];
  return [op === "begins" ? { field, startsWith: values, ...other } : { field, anyOf: values, ...other }];
}

function saysOf({ field, values, findings = [] }: Line, other: { not?: boolean }): Test[] {
  if (values.length === 0 && findings.length === 0) return [];
  return [
    {
      field,
      ...(values.length === 0 ? {} : { says: values }),
      ...(findings.length === 0 ? {} : { orFindings: findings }),
      ...other,
    },
  ];
}

function rangeOf({ field, min, max }: Line, other: { not?: boolean }): Test[] {
  const [from, to] = [boundOf(min), boundOf(max)];
  if (from === undefined && to === undefined) return [];
  return [
    {
      field,
      ...(from === undefined ? {} : { min: from }),
      ...(to === undefined ? {} : { max: to }),
      ...other,
    },
  ];
}

function boundOf(typed: string): Bound | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(typed)) return typed;
  const number = Number(typed);
  return typed.trim() === "" || Number.isNaN(number) ? undefined : number;
}

/** The same question, whatever it is drawn with. */
export const sameQuestion = (one: Definition, other: Definition): boolean =>
  JSON.stringify(toDefinition(fromDefinition(one))) === JSON.stringify(toDefinition(fromDefinition(other)));

/** The same without some of its fields. */
export function leftOut<T extends object, K extends keyof T & string>(of: T, ...names: K[]): Omit<T, K> {
  const kept = Object.entries(of).filter(([name]) => !names.some((one) => one === name));
  return Object.fromEntries(kept) as Omit<T, K>;
}
