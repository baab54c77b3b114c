/** Changes of a draft that are more than one field. */
import type { Near } from "../../api/cohorts";
import { keyedLines, kindOf } from "./kinds";
import {
  leftOut,
  newCard,
  newGroup,
  newKey,
  newLine,
  newRow,
  type Beside,
  type Draft,
  type Group,
  type Line,
  type Part,
  type Row,
} from "./draft";
import { placed } from "./places";

/** A criterion of a kind, with the lines that are mostly wanted. */
export const startRow = (of: string): Row => newRow(of, keyedLines(of));

/** The other row of a pair: of the same exam where both are, else in the time after. */
export function startBeside(anchor: string, of: string): Beside {
  const near: Near =
    kindOf(anchor).exams && kindOf(of).exams && anchor !== of && of !== "exam"
      ? "sameExam"
      : { days: { from: anchor === of ? 1 : 0, to: anchor === of ? 365 : 90 } };
  return { key: newKey(), near, absent: false, has: startRow(of) };
}

/** Days in the words of a form: two ends counted from zero, and in which direction. */
export interface Span {
  way: "after" | "before" | "around" | "sameExam" | "anyTime";
  /** The nearer end; of `around` the days before. */
  from: number | undefined;
  /** The farther end; of `around` the days after. */
  to: number | undefined;
}

export function spanOf(near: Near): Span {
  if (typeof near === "string") return { way: near, from: undefined, to: undefined };
  const { from, to } = near.days;
  if (to !== undefined && to <= 0 && from !== 0) return { way: "before", from: minus(to), to: minus(from) };
  if (from !== undefined && from >= 0) return { way: "after", from, to };
  return { way: "around", from: minus(from), to };
}

/** Without a zero that is less than zero. */
const minus = (days: number | undefined): number | undefined => (days === undefined ? undefined : 0 - days);

export function nearOf({ way, from, to }: Span): Near {
  if (way === "sameExam" || way === "anyTime") return way;
  // A window that is open at the near end begins on the day itself.
  if (way === "after") return days(from ?? 0, to);
  if (way === "before") return days(minus(to), minus(from ?? 0));
  return days(minus(from), to);
}

function days(from: number | undefined, to: number | undefined): Near {
  return { days: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
}

export const withPart = (group: Group, part: Part): Group => ({ ...group, parts: [...group.parts, part] });

export const replaced = <T extends { key: number }>(all: T[], one: T): T[] =>
  all.map((other) => (other.key === one.key ? one : other));

export const without = <T extends { key: number }>(all: T[], one: T): T[] =>
  all.filter((other) => other.key !== one.key);

/** Moves one place up or down. */
export function moved<T extends { key: number }>(all: T[], one: T, by: -1 | 1): T[] {
  const at = all.findIndex(({ key }) => key === one.key);
  const other = all[at + by];
  if (other === undefined) return all;
  return all.with(at, other).with(at + by, one);
}

/** The draft with one of its rows changed, wherever it stands. */
export function withRow(draft: Draft, row: Row): Draft {
  return { ...draft, root: inGroup(draft.root, row) };
}

function inGroup(group: Group, row: Row): Group {
  return {
    ...group,
    parts: group.parts.map((part) =>
      part.kind === "group" ? inGroup(part, row) : { ...part, row: inRow(part.row, row) },
    ),
  };
}

function inRow(here: Row, row: Row): Row {
  if (here.key === row.key) return row;
  const beside = here.beside.map((one) => ({
    ...one,
    has: inRow(one.has, row),
    ...(one.without === undefined ? {} : { without: inRow(one.without, row) }),
  }));
  return { ...here, beside };
}

/** Only the exams of this criterion are meant; nothing: those of every criterion that asks for exams. */
export function meanExamsOf(draft: Draft, key: number | undefined): Draft {
  const label = "exams";
  const rows = placed(draft).filter(({ row }) => row.label === label);
  const unlabelled = rows.reduce((all, one) => withRow(all, leftOut(one.row, "label")), draft);
  const rest: Draft = leftOut(unlabelled, "exams");
  const row = placed(rest).find(({ row }) => row.key === key)?.row;
  return row === undefined ? rest : { ...withRow(rest, { ...row, label }), exams: label };
}

/** A label whose criterion was removed labels nothing. */
export function tidied(draft: Draft): Draft {
  if (draft.exams === undefined || placed(draft).some(({ row }) => row.label === draft.exams)) return draft;
  return leftOut(draft, "exams");
}

/** The draft narrowed to a value of a facet: said of the exam that is asked for, else by a criterion of its own. */
export function narrowed(draft: Draft, facet: string, value: string): Draft {
  if (facet === "sex") return asked(draft, newRow("patient", [newLine("sex", "is", [value])]));
  if (facet === "condition") return asked(draft, newRow("condition", [newLine("code", "is", [value])]));
  const exams = placed(draft).filter(({ row, denied }) => row.of === "exam" && !denied);
  const meant = exams.find(({ row }) => row.label !== undefined && row.label === draft.exams);
  const only = meant ?? (exams.length === 1 ? exams[0] : undefined);
  if (facet === "finding") {
    const has = newRow("finding", [newLine("kinds", "is", [value]), newLine("assertion", "is", ["present"])]);
    if (only === undefined) return asked(draft, has);
    const beside: Beside = { key: newKey(), near: "sameExam", absent: false, has };
    return withRow(draft, { ...only.row, beside: [...only.row.beside, beside] });
  }
  const line = examLine(facet, value);
  if (only === undefined) return asked(draft, newRow("exam", [line]));
  const lines = [...only.row.lines.filter((one) => one.field !== line.field || !isEmpty(one)), line];
  return withRow(draft, { ...only.row, lines });
}

const isEmpty = ({ op, values, text, min, max }: Line): boolean =>
  op !== "raw" && op !== "known" && values.length === 0 && text === "" && min === "" && max === "";

/** Ages are told by tens of years. */
function examLine(facet: string, value: string): Line {
  if (facet === "age") return { ...newLine("age", "range"), min: value, max: String(Number(value) + 9) };
  if (facet === "year") return { ...newLine("year", "range"), min: value, max: value };
  const field = { modality: "modalities", bodyPart: "body_part" }[facet] ?? facet;
  return newLine(field, "is", [value]);
}

function asked(draft: Draft, row: Row): Draft {
  const { root } = draft;
  if (root.join === "all" || root.parts.length === 0)
    return { ...draft, root: withPart({ ...root, join: "all" }, newCard(row)) };
  return { ...draft, root: newGroup("all", [root, newCard(row)]) };
}
