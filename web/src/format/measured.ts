/** What was measured, in words. */
import { t } from "@lingui/core/macro";

const WORDS: Record<string, string> = {
  mm2: "mm²",
  cm2: "cm²",
  mm3: "mm³",
  cm3: "cm³",
  "[hnsf'U]": "HU",
  "{SUVbw}g/ml": "SUV",
  "{SUVlbm}g/ml": "SUV-LBM",
  "{pixels}": "px",
  deg: "°",
  "1": "",
};

/** A number with its unit, as a person writes it. */
export function written(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 1 ? 1 : 2;
  const word = WORDS[unit] ?? unit;
  return `${value.toFixed(digits)}${word === "°" || word === "" ? "" : " "}${word}`;
}

interface Said {
  quantity?: string;
  name?: string;
  derivation?: string | null;
  value: number;
  unit: string;
}

/** `long 12.3 mm, short 8.0 mm` */
export function valuesInWords(values: readonly unknown[]): string {
  return values.map((value) => inWords(value as Said)).join(", ");
}

function inWords({ quantity, name, derivation, value, unit }: Said): string {
  const what = wordFor(derivation ?? quantity ?? "") ?? derivation ?? name ?? "";
  return `${what} ${written(value, unit)}`.trim();
}

function wordFor(what: string): string | undefined {
  switch (what) {
    case "long-axis":
      return t`long`;
    case "short-axis":
      return t`short`;
    case "area":
      return t`area`;
    case "perimeter":
      return t`perimeter`;
    case "radius":
      return t`radius`;
    case "mean":
      return t`mean`;
    case "standard-deviation":
      return "SD";
    case "minimum":
      return "min";
    case "maximum":
      return "max";
    default:
      return undefined;
  }
}

/** `EllipticalROI` as a person calls it. */
export function toolName(tool: string): string {
  switch (tool) {
    case "Length":
      return t`Length`;
    case "Bidirectional":
      return t`Two diameters`;
    case "Angle":
      return t`Angle`;
    case "CobbAngle":
      return t`Cobb angle`;
    case "EllipticalROI":
      return t`Ellipse`;
    case "CircleROI":
      return t`Circle`;
    case "RectangleROI":
      return t`Rectangle`;
    case "PlanarFreehandROI":
    case "SplineROI":
    case "LivewireContour":
      return t`Outline`;
    case "ArrowAnnotate":
      return t`Arrow`;
    case "Probe":
      return t`Value at a point`;
    default:
      return tool;
  }
}
