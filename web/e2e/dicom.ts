/** Small DICOM files for the journeys: a body phantom as CT slices, an ultrasound cine, an MR. */
import { Buffer } from "node:buffer";

type Value = string | number | Buffer | undefined;
interface Tag {
  tag: number;
  vr: string;
  value: Value;
}

const LONG = new Set(["OB", "OW", "UN", "SQ", "UT"]);
const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";

/** One element in explicit little endian (PS3.5 §7.1.2). */
function element({ tag, vr, value }: Tag): Buffer {
  const body = bodyOf(vr, value);
  const head = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, "latin1");
  if (LONG.has(vr)) head.writeUInt32LE(body.length, 8);
  else head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function bodyOf(vr: string, value: Value): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(value)) return value;
  if (vr === "US") return Buffer.from(Uint16Array.of(Number(value)).buffer);
  if (vr === "UL") return Buffer.from(Uint32Array.of(Number(value)).buffer);
  const text = Buffer.from(String(value), "utf8");
  const pad = vr === "UI" ? "\0" : " ";
  return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(pad)]);
}

function file(sopClass: string, sop: string, tags: Tag[]): Buffer {
  const meta = [
    { tag: 0x00020001, vr: "OB", value: Buffer.from([0, 1]) },
    { tag: 0x00020002, vr: "UI", value: sopClass },
    { tag: 0x00020003, vr: "UI", value: sop },
    { tag: 0x00020010, vr: "UI", value: EXPLICIT_LITTLE },
    { tag: 0x00020012, vr: "UI", value: "2.25.1" },
  ].map(element);
  const length = meta.reduce((sum, part) => sum + part.length, 0);
  const body = tags.toSorted((a, b) => a.tag - b.tag).map(element);
  const group = element({ tag: 0x00020000, vr: "UL", value: length });
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), group, ...meta, ...body]);
}

export interface Exam {
  uid: string;
  patient: string;
  id: string;
  accession: string;
  description: string;
  /** YYYYMMDD; 14 March 2026 unless said. */
  date?: string;
}

const common = (exam: Exam, modality: string, series: number, instance: number, sopClass: string): Tag[] => [
  { tag: 0x00080005, vr: "CS", value: "ISO_IR 192" },
  { tag: 0x00080016, vr: "UI", value: sopClass },
  { tag: 0x00080018, vr: "UI", value: `${exam.uid}.${series}.${instance}` },
  { tag: 0x00080020, vr: "DA", value: exam.date ?? "20260314" },
  { tag: 0x00080030, vr: "TM", value: "091500" },
  { tag: 0x00080050, vr: "SH", value: exam.accession },
  { tag: 0x00080060, vr: "CS", value: modality },
  { tag: 0x00080070, vr: "LO", value: "Phantom Works" },
  { tag: 0x00080090, vr: "PN", value: undefined },
  { tag: 0x00081030, vr: "LO", value: exam.description },
  { tag: 0x0008103e, vr: "LO", value: `${modality} series ${series}` },
  { tag: 0x00100010, vr: "PN", value: exam.patient },
  { tag: 0x00100020, vr: "LO", value: exam.id },
  { tag: 0x00100030, vr: "DA", value: "19610507" },
  { tag: 0x00100040, vr: "CS", value: "F" },
  { tag: 0x0020000d, vr: "UI", value: exam.uid },
  { tag: 0x0020000e, vr: "UI", value: `${exam.uid}.${series}` },
  { tag: 0x00200010, vr: "SH", value: "1" },
  { tag: 0x00200011, vr: "IS", value: String(series) },
  { tag: 0x00200013, vr: "IS", value: String(instance) },
  { tag: 0x00200052, vr: "UI", value: `${exam.uid}.9` },
];

const image = (rows: number, columns: number, bits: number, pixels: Buffer): Tag[] => [
  { tag: 0x00280002, vr: "US", value: 1 },
  { tag: 0x00280004, vr: "CS", value: "MONOCHROME2" },
  { tag: 0x00280010, vr: "US", value: rows },
  { tag: 0x00280011, vr: "US", value: columns },
  { tag: 0x00280030, vr: "DS", value: "1.5\\1.5" },
  { tag: 0x00280100, vr: "US", value: bits },
  { tag: 0x00280101, vr: "US", value: bits === 16 ? 12 : bits },
  { tag: 0x00280102, vr: "US", value: (bits === 16 ? 12 : bits) - 1 },
  { tag: 0x00280103, vr: "US", value: 0 },
  { tag: 0x7fe00010, vr: bits === 16 ? "OW" : "OB", value: pixels },
];

const CT = "1.2.840.10008.5.1.4.1.1.2";
const MR = "1.2.840.10008.5.1.4.1.1.4";
const US = "1.2.840.10008.5.1.4.1.1.3.1";
const SR = "1.2.840.10008.5.1.4.1.1.88.11";
const SIZE = 192;

/** A slice through a trunk: skin, two lungs, a spine, and a lesion that grows and shrinks. Stored values are HU + 1024. */
export function ctSlice(exam: Exam, series: number, instance: number, count: number): Buffer {
  const pixels = new Uint16Array(SIZE * SIZE);
  const lesion = 6 + 9 * Math.sin((Math.PI * instance) / count);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) pixels[y * SIZE + x] = hounsfield(x, y, lesion) + 1024;
  }
  return file(CT, `${exam.uid}.${series}.${instance}`, [
    ...common(exam, "CT", series, instance, CT),
    { tag: 0x00080008, vr: "CS", value: "ORIGINAL\\PRIMARY\\AXIAL" },
    { tag: 0x00180015, vr: "CS", value: "CHEST" },
    { tag: 0x00180050, vr: "DS", value: "5" },
    { tag: 0x00200032, vr: "DS", value: `-144\\-144\\${instance * 5}` },
    { tag: 0x00200037, vr: "DS", value: "1\\0\\0\\0\\1\\0" },
    { tag: 0x00281050, vr: "DS", value: "40" },
    { tag: 0x00281051, vr: "DS", value: "400" },
    { tag: 0x00281052, vr: "DS", value: "-1024" },
    { tag: 0x00281053, vr: "DS", value: "1" },
    { tag: 0x00281054, vr: "LO", value: "HU" },
    ...image(SIZE, SIZE, 16, Buffer.from(pixels.buffer)),
  ]);
}

function hounsfield(x: number, y: number, lesion: number): number {
  const within = (cx: number, cy: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
  if (!within(96, 96, 86, 62)) return -1000;
  if (!within(96, 96, 82, 58)) return -90;
  if (within(96, 136, 13, 11)) return 700;
  if (within(122, 84, lesion, lesion)) return 60;
  if (within(58, 92, 27, 36) || within(134, 92, 27, 36)) return -820;
  if (within(90, 88, 16, 20)) return 120;
  return 40;
}

export function mrSlice(exam: Exam, instance: number): Buffer {
  const pixels = new Uint16Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const r = Math.hypot((x - 96) / 70, (y - 96) / 84);
      pixels[y * SIZE + x] = r > 1 ? 0 : r > 0.93 ? 900 : Math.round(420 + 160 * Math.sin(r * 14 + instance));
    }
  }
  return file(MR, `${exam.uid}.1.${instance}`, [
    ...common(exam, "MR", 1, instance, MR),
    { tag: 0x00200032, vr: "DS", value: `-144\\-144\\${instance * 5}` },
    { tag: 0x00200037, vr: "DS", value: "1\\0\\0\\0\\1\\0" },
    { tag: 0x00281050, vr: "DS", value: "450" },
    { tag: 0x00281051, vr: "DS", value: "900" },
    ...image(SIZE, SIZE, 16, Buffer.from(pixels.buffer)),
  ]);
}

/** A report: an object that is no picture. */
export function report(exam: Exam): Buffer {
  return file(SR, `${exam.uid}.1.1`, common(exam, "SR", 1, 1, SR));
}

/** The smallest of images, for journeys with thousands of them. */
export function tiny(exam: Exam, instance: number): Buffer {
  const pixels = Buffer.alloc(16 * 16, instance % 256);
  return file(MR, `${exam.uid}.1.${instance}`, [
    ...common(exam, "MR", 1, instance, MR),
    ...image(16, 16, 8, pixels),
  ]);
}

/** A cine of one object with many frames. */
export function ultrasoundCine(exam: Exam, frames: number): Buffer {
  const size = 160;
  const pixels = Buffer.alloc(size * size * frames);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const fan = Math.abs(x - 80) < y * 0.55 && Math.hypot(x - 80, y) < 150;
        const echo = 70 + 60 * Math.sin(y / 5 + frame / 2) * Math.cos(x / 7);
        pixels[frame * size * size + y * size + x] = fan ? echo : 0;
      }
    }
  }
  return file(US, `${exam.uid}.1.1`, [
    ...common(exam, "US", 1, 1, US),
    { tag: 0x00280008, vr: "IS", value: String(frames) },
    { tag: 0x00181063, vr: "DS", value: "40" },
    { tag: 0x00280009, vr: "AT", value: Buffer.from([0x18, 0, 0x63, 0x10]) },
    ...image(size, size, 8, pixels),
  ]);
}

const SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6";

/** The colour of the sample slide at a place, in parts of its size: a number for red, green and blue. */
export const slideColour = (x: number, y: number): [number, number, number] => [
  Math.round(40 + 200 * x),
  Math.round(40 + 200 * y),
  Math.floor(x * 10) % 2 === Math.floor(y * 10) % 2 ? 200 : 90,
];

/** One item: X and Y Offset in Slide Coordinate System, 20 and 40 mm. */
const SLIDE_ORIGIN = Buffer.from(
  "fe ff 00 e0 18 00 00 00 40 00 2a 07 44 53 04 00 32 30 2e 30 40 00 3a 07 44 53 04 00 34 30 2e 30".replaceAll(
    " ",
    "",
  ),
  "hex",
);

/** One level of a whole slide of 2 mm by 1.4 mm, in full tiling; tiles at the edges are filled up with white. */
export function slideLevel(
  exam: Exam,
  instance: number,
  columns: number,
  rows: number,
  tile: number,
): Buffer {
  const [across, down] = [Math.ceil(columns / tile), Math.ceil(rows / tile)];
  const pixels = Buffer.alloc(across * down * tile * tile * 3, 255);
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const frame = Math.floor(y / tile) * across + Math.floor(x / tile);
      const at = frame * tile * tile + (y % tile) * tile + (x % tile);
      pixels.set(slideColour(x / columns, y / rows), at * 3);
    }
  }
  const float = (value: number) => Buffer.from(Float32Array.of(value).buffer);
  return file(SLIDE, `${exam.uid}.1.${instance}`, [
    ...common(exam, "SM", 1, instance, SLIDE),
    { tag: 0x00080008, vr: "CS", value: "ORIGINAL\\PRIMARY\\VOLUME\\NONE" },
    { tag: 0x00200052, vr: "UI", value: `${exam.uid}.9` },
    { tag: 0x00209311, vr: "CS", value: "TILED_FULL" },
    { tag: 0x00280002, vr: "US", value: 3 },
    { tag: 0x00280004, vr: "CS", value: "RGB" },
    { tag: 0x00280006, vr: "US", value: 0 },
    { tag: 0x00280008, vr: "IS", value: String(across * down) },
    { tag: 0x00280010, vr: "US", value: tile },
    { tag: 0x00280011, vr: "US", value: tile },
    { tag: 0x00280100, vr: "US", value: 8 },
    { tag: 0x00280101, vr: "US", value: 8 },
    { tag: 0x00280102, vr: "US", value: 7 },
    { tag: 0x00280103, vr: "US", value: 0 },
    { tag: 0x00480001, vr: "FL", value: float(2) },
    { tag: 0x00480002, vr: "FL", value: float(1.4) },
    { tag: 0x00480006, vr: "UL", value: columns },
    { tag: 0x00480007, vr: "UL", value: rows },
    { tag: 0x00480008, vr: "SQ", value: SLIDE_ORIGIN },
    { tag: 0x00480102, vr: "DS", value: "0\\-1\\0\\-1\\0\\0" },
    { tag: 0x7fe00010, vr: "OB", value: pixels },
  ]);
}
