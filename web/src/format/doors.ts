import { t } from "@lingui/core/macro";

/** How each door is told to people. */
const DOORS: Record<string, () => string> = {
  "c-store": () => t`Sent by DICOM (C-STORE)`,
  stow: () => t`Sent over the web (STOW-RS)`,
  import: () => t`Imported from a folder`,
  upload: () => t`Uploaded in the browser`,
  fetch: () => t`Fetched from another archive`,
  mllp: () => t`Sent by HL7 (MLLP)`,
  made: () => t`Made for the demonstration`,
};

export const doorWords = (door: string): string => DOORS[door]?.() ?? door;
