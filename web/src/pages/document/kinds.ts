/** Objects that aren't pictures and are read all the same, by SOP Class (PS3.4 §B.5). */
export type DocumentKind = "report" | "letter" | "pdf" | "waveform";

const STRUCTURED_REPORTS = "1.2.840.10008.5.1.4.1.1.88.";
const WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9.";
const ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1";
const ENCAPSULATED_CDA = "1.2.840.10008.5.1.4.1.1.104.2";

export function documentKind(sopClass: string): DocumentKind | undefined {
  if (sopClass === ENCAPSULATED_PDF) return "pdf";
  if (sopClass === ENCAPSULATED_CDA) return "letter";
  if (sopClass.startsWith(STRUCTURED_REPORTS)) return "report";
  return sopClass.startsWith(WAVEFORMS) ? "waveform" : undefined;
}
