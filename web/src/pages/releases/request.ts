/** A request while it is written. */
import { t } from "@lingui/core/macro";
import { FORMS, type Form, type NewRelease, type Recipient } from "../../api/releases";

export interface Draft {
  project: string;
  title: string;
  purpose: string;
  recipients: Recipient[];
  terms: boolean;
  expires: string;
  ethics: string;
  forms: Form[];
}

export const NOBODY: Recipient = { name: "", email: "", institution: "" };

export const newRequest = (today: Date): Draft => ({
  project: "",
  title: "",
  purpose: "",
  recipients: [{ ...NOBODY }],
  terms: false,
  expires: inAYear(today),
  ethics: "",
  forms: ["dicom", "tables"],
});

/** The same day next year, as 2026-01-31. */
export function inAYear(today: Date): string {
  const day = new Date(Date.UTC(today.getFullYear() + 1, today.getMonth(), today.getDate()));
  return day.toISOString().slice(0, 10);
}

export const dayOf = (moment: Date): string => {
  const day = new Date(Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate()));
  return day.toISOString().slice(0, 10);
};

const told = ({ name, email, institution }: Recipient): boolean =>
  [name, email, institution].some((text) => text.trim() !== "");

/** What is still wrong with it, each with what to do; nothing where it can be sent. */
export function wrong(draft: Draft, today: string): string[] {
  const named = draft.recipients.filter(told);
  const whole = named.every(({ name, email }) => name.trim() !== "" && /^\S+@\S+$|^\S+$/.test(email.trim()));
  return [
    draft.project === "" ? t`Choose the project in whose terms the data is given.` : "",
    draft.title.trim() === "" ? t`Give it a title.` : "",
    draft.purpose.trim() === "" ? t`Say what the data is for.` : "",
    named.length === 0 ? t`Name at least one person who receives it.` : "",
    whole ? "" : t`Each person needs a name and an e-mail address.`,
    draft.expires < today ? t`The last day is in the past.` : "",
    draft.forms.length === 0 ? t`Choose at least one form.` : "",
    draft.terms ? "" : t`Accept the terms of use.`,
  ].filter((text) => text !== "");
}

export function toRelease(draft: Draft, frozen: string): NewRelease {
  const { project, title, purpose, recipients, expires, ethics, forms } = draft;
  return {
    frozen,
    project,
    title: title.trim(),
    purpose: purpose.trim(),
    recipients: recipients.filter(told).map(({ name, email, institution }) => ({
      name: name.trim(),
      email: email.trim(),
      institution: institution.trim(),
    })),
    terms: draft.terms,
    expires,
    ...(ethics.trim() === "" ? {} : { ethics: ethics.trim() }),
    forms: FORMS.filter((form) => forms.includes(form)),
  };
}
