import { t } from "@lingui/core/macro";
import type { Subject, Terms } from "../../api/projects";
import { dicomDate } from "../../format/dicom";

export const roleWords = (role: string): string => (role === "lead" ? t`lead` : t`member`);

/** From when to when. */
export function termWords({ starts = "", ends = "" }: Pick<Terms, "starts" | "ends">): string {
  if (starts === "" && ends === "") return t`no bound`;
  return `${starts === "" ? "…" : dicomDate(starts)} – ${ends === "" ? "…" : dicomDate(ends)}`;
}

/** What a subject said of a use, last. */
export function consentWords(said: Subject["consents"][string] | undefined): string {
  if (said === undefined) return t`nothing said`;
  return said.granted ? t`agreed` : t`refused`;
}

/** How far evidence is. */
export function evidenceWords(state: string): string {
  const words: Record<string, string> = {
    waiting: t`waits`,
    running: t`is gathered`,
    passed: t`passed`,
    failed: t`failed`,
    "given-up": t`given up`,
  };
  return words[state] ?? state;
}

/** What kind of identifier. */
export function categoryWords(category: string): string {
  const words: Record<string, string> = {
    names: t`Names`,
    identifiers: t`Identifiers`,
    "accession-numbers": t`Accession numbers`,
    dates: t`Dates`,
    uids: t`UIDs`,
    contacts: t`Contacts`,
  };
  return words[category] ?? category;
}
