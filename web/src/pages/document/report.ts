// Structured reports of any template, as a tree one can read (PS3.3 §C.17.3).
import { t } from "@lingui/core/macro";
import { dicomDate, dicomTime, personName } from "../../format/dicom";
import { items, meaning, text, type DataSet } from "./dicomJson";

export interface Item {
  name: string;
  value: string;
  /** What it points at, where it does. */
  refers?: string;
  children: Item[];
}

/** Deeper than any report people wrote; a hostile one ends here. */
const DEEPEST = 40;

export function readReport(set: DataSet): Item {
  return readItem(set, 0);
}

function readItem(set: DataSet, depth: number): Item {
  const children = depth < DEEPEST ? items(set, "0040A730").map((child) => readItem(child, depth + 1)) : [];
  const referenced = items(set, "00081199")[0];
  const refers = referenced === undefined ? undefined : text(referenced, "00081155");
  return {
    name: meaning(set, "0040A043"),
    value: valueOf(set),
    children,
    ...(refers === undefined || refers === "" ? {} : { refers }),
  };
}

function valueOf(set: DataSet): string {
  switch (text(set, "0040A040")) {
    case "NUM":
      return measured(set);
    case "CODE":
      return meaning(set, "0040A168");
    case "PNAME":
      return personName(text(set, "0040A123"));
    case "DATE":
      return dicomDate(text(set, "0040A121"));
    case "TIME":
      return dicomTime(text(set, "0040A122"));
    case "DATETIME":
      return moment(text(set, "0040A120"));
    case "UIDREF":
      return text(set, "0040A124");
    case "SCOORD":
    case "SCOORD3D":
      return region(set);
    case "IMAGE":
      return t`an image`;
    case "COMPOSITE":
      return t`an object`;
    case "WAVEFORM":
      return t`a trace`;
    default:
      return text(set, "0040A160");
  }
}

function measured(set: DataSet): string {
  const [value] = items(set, "0040A300");
  if (value === undefined) return meaning(set, "0040A301") || t`not measured`;
  const unit = items(value, "004008EA")[0];
  const code = unit === undefined ? "" : text(unit, "00080100");
  // UCUM's sign for "no unit" says nothing to a reader.
  return `${text(value, "0040A30A")} ${/^(1|\{.*\})$/.test(code) ? "" : code}`.trim();
}

function moment(value: string): string {
  const zone = /([+-]\d{4})$/.exec(value)?.[1];
  return [dicomDate(value.slice(0, 8)), dicomTime(value.slice(8, 14)), zone === undefined ? "" : `UTC${zone}`]
    .filter((part) => part !== "")
    .join(" ");
}

function region(set: DataSet): string {
  const shape = text(set, "00700023").toLowerCase();
  const points = (set["00700022"]?.Value?.length ?? 0) / (text(set, "0040A040") === "SCOORD3D" ? 3 : 2);
  return points > 1 ? t`${shape} of ${points} points` : shape;
}
