/** Real images of each kind, where the sample data lies beside the checkout. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export const SHARED = join(process.env["ISOCENTER_SHARED"] ?? "../../shared", "data");

/** Why journeys with real images are left out. */
export const NO_SHARED = "skipped: the sample data is not here (ISOCENTER_SHARED)";

export const hasShared = existsSync(SHARED);

export interface Kind {
  name: string;
  /** Files and folders below the sample data. */
  paths: string[];
}

export const KINDS: Kind[] = [
  { name: "MR series", paths: ["series/ge-epi-mr"] },
  { name: "PT series", paths: ["series/sts-002/PET/image"] },
  { name: "CT series", paths: ["series/crlm-ct-1004"] },
  { name: "CR, MONOCHROME1 in JPEG 2000", paths: ["dicom/wg04/RG3_J2KI.dcm"] },
  { name: "DX, MONOCHROME1", paths: ["dicom/highdicom/dx_image.dcm"] },
  { name: "US cine, colour in JPEG", paths: ["dicom/pydicom/examples_ybr_color.dcm"] },
  { name: "US, colour", paths: ["dicom/pydicom/examples_rgb_color.dcm"] },
  { name: "US, palette colour", paths: ["dicom/pydicom/examples_palette.dcm"] },
  { name: "CT in JPEG 2000", paths: ["dicom/wg04/CT2_J2KR.dcm"] },
  { name: "CT in HTJ2K", paths: ["dicom/authored/htj2k_lossless.dcm"] },
  { name: "MR in JPEG-LS", paths: ["dicom/wg04/MR4_JLSL.dcm"] },
  { name: "NM in RLE", paths: ["dicom/wg04/NM1_RLE.dcm"] },
  { name: "XA in JPEG", paths: ["dicom/wg04/XA1_JPLY.dcm"] },
  { name: "mammogram in JPEG 2000", paths: ["dicom/wg04/MG1_J2KI.dcm"] },
  { name: "enhanced multi-frame MR", paths: ["dicom/enhanced-mr/Siemens/XA10"] },
  { name: "enhanced multi-frame MR of few frames", paths: ["dicom/pydicom-data/emri_small.dcm"] },
  {
    name: "CT with a segmentation",
    paths: ["dicom/dcmqi/segmentations/ct-3slice", "dicom/dcmqi/segmentations/liver.dcm"],
  },
];

/** The Study Instance UID of a file, or of the first file in a folder. */
export function studyOf(path: string): string {
  const whole = join(SHARED, path);
  if (!statSync(whole).isDirectory()) return studyIn(readFileSync(whole));
  const first = readdirSync(whole, { recursive: true })
    .map(String)
    .toSorted()
    .find((name) => statSync(join(whole, name)).isFile());
  if (first === undefined) throw new Error(`${path} is empty`);
  return studyIn(readFileSync(join(whole, first)));
}

/** (0020,000D) in explicit or implicit VR little endian (PS3.5 §7.1). */
function studyIn(file: Buffer): string {
  const at = file.indexOf(Buffer.from([0x20, 0x00, 0x0d, 0x00]), 132);
  if (at < 0) throw new Error("no Study Instance UID");
  const explicit = file.toString("latin1", at + 4, at + 6) === "UI";
  const length = explicit ? file.readUInt16LE(at + 6) : file.readUInt32LE(at + 4);
  return file.toString("latin1", at + 8, at + 8 + length).replace(/[\0 ]+$/, "");
}
