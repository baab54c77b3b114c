/** Criteria in words: for lists, for differences, and for those who hear the page. */
import { plural, t } from "@lingui/core/macro";
import type { Count, Near, On, Pairs, Pick } from "../../api/cohorts";
import { count } from "../../format/units";
import { writing } from "../../language/language";
import { testOf, type ControlsDraft, type Draft, type Line, type Row } from "./draft";
import { spanOf } from "./edit";
import { fieldWords, opWords, unitOf, valueWords } from "./fields";
import { kindOf } from "./kinds";
import { placed, type Placed } from "./places";

const either = (words: string[]): string =>
  new Intl.ListFormat(writing(), { type: "disjunction" }).format(words);

/** "size at least 8 mm"; nothing of a line that says nothing. */
export function lineWords(line: Line): string {
  if (testOf(line).length === 0) return "";
  const { field, op, not, values, text } = line;
  const name = fieldWords(field);
  if (op === "raw") return `${name}: ${JSON.stringify(line.raw)}`;
  if (op === "known") return `${name} ${opWords(op, not)}`;
  if (op === "has") return `${name} ${opWords(op, not)} “${text.trim()}”`;
  if (op === "range") return rangeWords(line, name);
  if (op === "says") return `${name} ${opWords(op, not)} ${saidWords(line)}`;
  const all = either(values.map((value) => valueWords(field, value)));
  return op === "is" && !not ? `${name} ${all}` : `${name} ${opWords(op, not)} ${all}`;
}

function saidWords({ values, findings = [] }: Line): string {
  const named = findings.map((key) => t`${valueWords("findings", key)} in other words`);
  return either([...values.map((said) => `“${said}”`), ...named]);
}

function rangeWords({ field, not, min, max }: Line, name: string): string {
  const unit = unitOf(field) === "" ? "" : ` ${unitOf(field)}`;
  if (min !== "" && max === "")
    return not ? t`${name} not at least ${min}${unit}` : t`${name} at least ${min}${unit}`;
  if (min === "") return not ? t`${name} not at most ${max}${unit}` : t`${name} at most ${max}${unit}`;
  if (min === max && !not) return `${name} ${min}${unit}`;
  return not ? t`${name} not from ${min} to ${max}${unit}` : t`${name} from ${min} to ${max}${unit}`;
}

export function pickWords(pick: Pick): string {
  if (pick === "first") return t`the first`;
  if (pick === "last") return t`the last`;
  return t`number ${pick.nth}`;
}

/** "Exam: modality CT, body part CHEST, at least 2". */
export function rowWords({ of, lines, pick, atLeast }: Row): string {
  const parts = lines.map(lineWords).filter((words) => words !== "");
  if (pick !== undefined) parts.push(pickWords(pick));
  if (atLeast !== undefined && atLeast > 1) parts.push(t`at least ${atLeast} of them`);
  const label = kindOf(of).label();
  return parts.length === 0 ? label : t`${label}: ${parts.join(", ")}`;
}

const daysWords = (days: number): string => plural(days, { one: "# day", other: "# days" });

/** "0 to 90 days later". */
export function nearWords(near: Near): string {
  const { way, from, to } = spanOf(near);
  if (way === "sameExam") return t`in the same exam`;
  if (way === "anyTime") return t`at any time`;
  if (way === "around") return aroundWords(from, to);
  const later = way === "after";
  if (from === 0 && to === 0) return t`on the same day`;
  if (to === undefined && (from ?? 0) === 0)
    return later ? t`on that day or later` : t`on that day or earlier`;
  if (to === undefined)
    return later ? t`${daysWords(from ?? 0)} later or more` : t`${daysWords(from ?? 0)} earlier or more`;
  return later ? t`${from ?? 0} to ${daysWords(to)} later` : t`${from ?? 0} to ${daysWords(to)} earlier`;
}

function aroundWords(before: number | undefined, after: number | undefined): string {
  if (before === undefined && after === undefined) return t`at any time`;
  if (before === undefined) return t`at most ${daysWords(after ?? 0)} later`;
  if (after === undefined) return t`at most ${daysWords(before)} earlier`;
  return t`from ${daysWords(before)} earlier to ${daysWords(after)} later`;
}

/** A criterion with how it stands to the one above it. */
export function placedWords({ row, beside, between, denied }: Placed): string {
  const words = rowWords(row);
  if (between) return t`none of this between: ${words}`;
  if (beside === undefined) return denied ? t`does not have ${words}` : words;
  const near = nearWords(beside.near);
  return beside.absent ? t`${near}, none of this: ${words}` : t`${near}: ${words}`;
}

/** Every criterion on a line of its own, for comparing. */
export const draftLines = (draft: Draft): string[] => [
  ...(draft.root.join === "any" ? [t`any of these`] : []),
  ...placed(draft).map((one) => `${"· ".repeat(one.depth)}${placedWords(one)}`),
  ...(draft.exams === undefined ? [] : examsLine(draft)),
  ...(draft.sample === undefined ? [] : [t`a sample of ${draft.sample.patients} patients`]),
  ...(draft.controls === undefined ? [] : controlsLines(draft.controls)),
];

/** "2 controls of each, alike in age within 2 years, sex". */
function controlsLines({ root, ratio, match }: ControlsDraft): string[] {
  const alike = match.map(({ on, within }) => alikeWords(on, within)).join(", ");
  return [
    t`${plural(ratio, { one: "# control", other: "# controls" })} of each, alike in ${alike}`,
    ...placed({ root }).map((one) => `${"· ".repeat(one.depth + 1)}${placedWords(one)}`),
  ];
}

export function onWords(on: On): string {
  if (on === "age") return t`age at the exam`;
  if (on === "sex") return t`sex`;
  if (on === "manufacturer") return t`manufacturer of the scanner`;
  return on === "model" ? t`model of the scanner` : t`year of the exam`;
}

function alikeWords(on: On, within = 0): string {
  const name = onWords(on);
  return within === 0 ? name : t`${name} within ${plural(within, { one: "# year", other: "# years" })}`;
}

/** How many cases and controls there are, and who found nobody. */
export function pairsWords({ cases, controls, incomplete, withoutControl }: Pairs): string {
  const parts = [t`Cases: ${countWords(cases)}, controls: ${countWords(controls)}`];
  if (incomplete.count !== 0) parts.push(t`cases with fewer than asked for: ${countWords(incomplete)}`);
  if (withoutControl !== undefined && withoutControl.count !== 0)
    parts.push(t`cases without any, left out: ${countWords(withoutControl)}`);
  return parts.join("; ");
}

function examsLine(draft: Draft): string[] {
  const meant = placed(draft).find(({ row }) => row.label === draft.exams);
  return meant === undefined ? [] : [t`the exams that are meant: ${rowWords(meant.row)}`];
}

/** "about 120", "fewer than 11", "7". */
export function countWords({ count: number, fewerThan, protection }: Count): string {
  if (typeof number !== "number") return t`fewer than ${fewerThan ?? 0}`;
  return protection === "rounded" ? t`about ${count(number)}` : count(number);
}

/** How a count was protected, for people. */
export function protectionWords({ protection, fewerThan }: Count): string {
  if (protection === "hidden")
    return t`Fewer than ${fewerThan ?? 0} are not told, so that nobody can be known by them.`;
  if (protection === "rounded")
    return t`Rounded, so that no single patient shows. The same question has the same answer.`;
  return t`Exact: your account may see the patients.`;
}
