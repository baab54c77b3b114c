// The viewer's units as codes of UCUM.

const CODES: Record<string, string> = {
  mm: "mm",
  cm: "cm",
  px: "{pixels}",
  "mm²": "mm2",
  "cm²": "cm2",
  "px²": "{pixels}",
  HU: "[hnsf'U]",
  SUV: "{SUVbw}g/ml",
  "SUV-bw": "{SUVbw}g/ml",
  "SUV-lbm": "{SUVlbm}g/ml",
  BQML: "Bq/ml",
  s: "s",
  ms: "ms",
  deg: "deg",
};

/** The viewer says beside a unit how it was calibrated: "mm US Region". */
export function ucum(unit: unknown): string {
  if (typeof unit !== "string") return "1";
  return CODES[unit] ?? CODES[unit.split(" ")[0] ?? ""] ?? "1";
}
