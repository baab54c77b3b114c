// What stands in the four corners of an image: who, when and what; where; how it is shown. Units always.
import { dicomDate, dicomTime, personName } from "../../../src/format/dicom";
import type { DisplaySet, Metadata } from "../host/ohif";

/** What the viewer gives for a corner's item. */
interface Shown {
  displaySet?: DisplaySet;
  /** The image that is shown; undefined in planes cut out of a volume. */
  instance?: Metadata;
  referenceInstance?: Metadata;
  displaySets?: DisplaySet[];
  viewportData?: { viewportType?: string } | null;
  imageSliceData?: { imageIndex: number; numberOfSlices: number };
  voi?: { windowCenter?: number | null; windowWidth?: number | null };
  scale?: number | null;
}

type Line = (shown: Shown) => string;

const text = (value: unknown): string => {
  if (typeof value === "string" || typeof value === "number") return String(value);
  // Names come as objects or lists of objects with their groups.
  if (Array.isArray(value)) return value.map(text).join(", ");
  if (typeof value === "object" && value !== null && "Alphabetic" in value) return String(value.Alphabetic);
  return "";
};

const of = ({ instance, referenceInstance }: Shown): Metadata => instance ?? referenceInstance ?? {};

const patient: Line = (shown) => personName(text(of(shown)["PatientName"]));
const patientId: Line = (shown) => text(of(shown)["PatientID"]);
const when: Line = (shown) =>
  `${dicomDate(text(of(shown)["StudyDate"]))} ${dicomTime(text(of(shown)["StudyTime"]))}`.trim();
const exam: Line = (shown) => text(of(shown)["StudyDescription"]);

const series: Line = (shown) => {
  const { Modality, SeriesNumber, SeriesDescription } = of(shown);
  return [text(Modality), text(SeriesNumber), text(SeriesDescription)]
    .filter((part) => part !== "")
    .join(" · ");
};
const slice: Line = ({ imageSliceData }) =>
  imageSliceData === undefined || imageSliceData.numberOfSlices < 1
    ? ""
    : `Image ${imageSliceData.imageIndex + 1} of ${imageSliceData.numberOfSlices}`;

const position: Line = (shown) => {
  // In planes cut out of a volume no image of the file is shown, and none's place is true.
  if (shown.viewportData?.viewportType !== "stack") return "";
  const at = of(shown)["SliceLocation"];
  const z = Array.isArray(of(shown)["ImagePositionPatient"])
    ? (of(shown)["ImagePositionPatient"] as unknown[])[2]
    : at;
  const number = Number(z);
  return shown.instance === undefined || z === undefined || z === null || Number.isNaN(number)
    ? ""
    : `Position ${number.toFixed(1)} mm`;
};
const thickness: Line = (shown) => {
  const number = Number(of(shown)["SliceThickness"] ?? NaN);
  return number > 0 ? `Thickness ${Number(number.toFixed(2))} mm` : "";
};
const laterality: Line = (shown) => {
  const { ImageLaterality, Laterality, ViewPosition, PatientPosition } = of(shown);
  return [text(ImageLaterality) || text(Laterality), text(ViewPosition), text(PatientPosition)]
    .filter((part) => part !== "")
    .join(" ");
};

/** What a window is counted in: Hounsfield units for CT, uptake for PET, else as the file says. */
function unit(shown: Shown): string {
  const { Modality, RescaleType, Units } = of(shown);
  // Where one lies over the other, the window is that of the upper one.
  if ((shown.displaySets?.length ?? 1) > 1) return "";
  if (Modality === "CT") return " HU";
  if (Modality === "PT" && Units === "BQML") return " SUV";
  const named = text(RescaleType);
  return named === "" || named === "US" ? "" : ` ${named}`;
}
const window: Line = (shown) => {
  const { windowCenter, windowWidth } = shown.voi ?? {};
  if (typeof windowCenter !== "number" || typeof windowWidth !== "number") return "";
  const digits = windowWidth < 20 ? 1 : 0;
  return `W ${windowWidth.toFixed(digits)} L ${windowCenter.toFixed(digits)}${unit(shown)}`;
};
const zoom: Line = ({ scale }) => (typeof scale !== "number" ? "" : `Zoom ${Math.round(scale * 100)} %`);
const lossy: Line = (shown) => {
  const { LossyImageCompression, LossyImageCompressionRatio } = of(shown);
  if (LossyImageCompression !== "01") return "";
  const ratio = Number(text(LossyImageCompressionRatio).split(/[,\\]/).at(-1));
  return ratio > 1 ? `Lossy ${ratio.toFixed(0)} : 1` : "Lossy";
};

const item = (id: string, title: string, line: Line) => ({
  id,
  title,
  inheritsFrom: "ohif.overlayItem",
  contentF: line,
});

export const CORNERS = {
  "viewportOverlay.topLeft": [
    item("name", "Patient", patient),
    item("id", "Patient ID", patientId),
    item("when", "Date and time of the exam, on the scanner's clock", when),
    item("exam", "Exam", exam),
  ],
  "viewportOverlay.topRight": [
    item("series", "Modality, series number, series", series),
    item("laterality", "Side, view, position of the patient", laterality),
  ],
  "viewportOverlay.bottomLeft": [
    item("window", "Width and centre of the window", window),
    item("zoom", "100 %: one image pixel on one screen pixel", zoom),
    item("lossy", "Compressed with loss", lossy),
  ],
  "viewportOverlay.bottomRight": [
    item("slice", "Image in the stack", slice),
    item("position", "Position along the body's axis", position),
    item("thickness", "Slice thickness", thickness),
  ],
};
