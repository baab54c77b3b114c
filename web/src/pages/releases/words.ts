/** What requests, their states, checks and steps are called. */
import { plural, t } from "@lingui/core/macro";
import type {
  Check,
  Form,
  Letter,
  ReleaseDetail,
  ReleaseState,
  ReleaseSummary,
  Step,
  Told,
} from "../../api/releases";
import { count } from "../../format/units";
import { countWords } from "../cohorts/words";

const STATES: Record<ReleaseState, () => string> = {
  asked: () => t`waits for a decision`,
  refused: () => t`refused`,
  cancelled: () => t`taken back`,
  making: () => t`being made`,
  waiting: () => t`stopped: somebody has to look`,
  failed: () => t`could not be made`,
  ready: () => t`ready`,
  expired: () => t`expired`,
  recalled: () => t`called back`,
};

export const stateWords = (state: ReleaseState): string => STATES[state]();

const BADGES: Partial<Record<ReleaseState, string>> = {
  ready: "badge badge-ok",
  asked: "badge badge-warn",
  waiting: "badge badge-warn",
  failed: "badge badge-danger",
  refused: "badge badge-danger",
  recalled: "badge badge-danger",
};

export const stateBadge = (state: ReleaseState): string => BADGES[state] ?? "badge";

const FORM_WORDS: Record<Form, () => string> = {
  dicom: () => t`DICOM files`,
  nifti: () => t`NIfTI, named by BIDS`,
  tables: () => t`Tables (Parquet and CSV)`,
  reports: () => t`Text of reports, without what identifies people`,
  "in-place": () =>
    t`In place: nothing is copied, the project's DICOMweb service shows the exams and statements (SQL) ask the facts`,
};

export const formWords = (form: Form): string => FORM_WORDS[form]();

const FORM_SHORT: Record<Form, () => string> = {
  dicom: () => "DICOM",
  nifti: () => t`NIfTI`,
  tables: () => t`tables`,
  reports: () => t`reports`,
  "in-place": () => t`in place`,
};

export const formsShort = (forms: Form[]): string => forms.map((form) => FORM_SHORT[form]()).join(", ");

export function toldWords(told: Told): string {
  if (told === null) return "–";
  return typeof told === "number" ? count(told) : countWords(told);
}

const CHECKS: Record<string, () => string> = {
  "small-groups": () => t`Small groups`,
  "rare-values": () => t`Rare values`,
  dates: () => t`Dates`,
  residual: () => t`What is left of identities`,
  policy: () => t`Policy`,
};

export const checkWords = ({ kind }: Pick<Check, "kind">): string => CHECKS[kind]?.() ?? kind;

const SEVERITIES: Record<Check["severity"], () => string> = {
  stop: () => t`stops it`,
  warn: () => t`look at it`,
  ok: () => t`in order`,
};

export const severityWords = (severity: Check["severity"]): string => SEVERITIES[severity]();

const TO_DO: Record<string, () => string> = {
  "small-groups": () =>
    t`Widen the criteria and freeze again, or ask without the tables that tell them apart.`,
  "rare-values": () =>
    t`Leave these values out of the criteria, or approve with a reason that they identify nobody.`,
  dates: () => t`Choose a policy that moves dates, then have it made again.`,
  residual: () =>
    t`Look at what was found in the project's review, put the policy right, then have it made again.`,
  policy: () => t`Have the project's policy approved first.`,
};

/** What helps where a check is not in order. */
export const toDo = ({ kind, severity }: Pick<Check, "kind" | "severity">): string =>
  severity === "ok" ? "" : (TO_DO[kind]?.() ?? "");

const PLACES: Record<string, () => string> = {
  project: () => t`Project`,
  facts: () => t`Facts`,
  frozen: () => t`Frozen cohort`,
  package: () => t`Package`,
  recipient: () => t`Recipient`,
  consent: () => t`Consent`,
};

export const placeOfStep = ({ place }: Pick<Step, "place">): string => PLACES[place]?.() ?? place;

const LETTERS: Record<Letter["about"], () => string> = {
  ready: () => t`It can be received`,
  recalled: () => t`It was called back`,
  withdrawn: () => t`A subject is to be deleted`,
};

export const aboutLetter = ({ about }: Pick<Letter, "about">): string => LETTERS[about]();

const LETTER_STATES: Record<Letter["state"], () => string> = {
  waiting: () => t`to be sent`,
  sent: () => t`sent`,
  failed: () => t`not sent: write it yourself`,
  unsent: () => t`no mail server is set: write it yourself`,
};

export const letterState = ({ state }: Pick<Letter, "state">): string => LETTER_STATES[state]();

export const letterBadge = ({ state }: Pick<Letter, "state">): string =>
  ({ sent: "badge badge-ok", waiting: "badge", failed: "badge badge-danger", unsent: "badge badge-warn" })[
    state
  ];

/** Who or what is waited for, in a sentence; empty where nothing is. */
export function waitsFor(detail: Pick<ReleaseDetail, "state" | "needed" | "decisions" | "askedBy">): string {
  const { state, needed, decisions, askedBy } = detail;
  if (state !== "asked") return "";
  const left = Math.max(1, needed - decisions.filter(({ approve }) => approve).length);
  return plural(left, {
    one: `It waits for # approval of somebody other than ${askedBy}.`,
    other: `It waits for # approvals of people other than ${askedBy}.`,
  });
}

export interface Groups {
  decide: ReleaseSummary[];
  mine: ReleaseSummary[];
  others: ReleaseSummary[];
}

/** What waits for the reader, what the reader asked for or receives, and the rest; the newest first. */
export function grouped(all: ReleaseSummary[], me: string): Groups {
  const groups: Groups = { decide: [], mine: [], others: [] };
  for (const one of all.toSorted((a, b) => b.askedAt.localeCompare(a.askedAt))) {
    if (waitsForMe(one, me)) groups.decide.push(one);
    else if (one.askedBy === me || (one.mayReceive && one.state === "ready")) groups.mine.push(one);
    else groups.others.push(one);
  }
  return groups;
}

export const waitsForMe = ({ state, mayDecide, askedBy }: ReleaseSummary, me: string): boolean =>
  state === "asked" && mayDecide && askedBy !== me;

/** The lines that fetch a package in Python. */
export const pythonLines = (server: string, id: string): string =>
  // eslint-disable-next-line lingui/no-unlocalized-strings -- code is the same in every language
  `from isocenter import Client\ndata = Client("${server}").release("${id}").pull()`;
