import { t } from "@lingui/core/macro";
import type { Form } from "../../api/downloads";

/** What a package holds, in a person's words. */
export function formWords(form: Form): string {
  if (form === "dicom") return t`DICOM files`;
  if (form === "nifti") return t`NIfTI volumes`;
  return t`Table of attributes`;
}

/** The server's short reason as a sentence. */
export function whatWent(reason: string): string {
  const sentence = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
