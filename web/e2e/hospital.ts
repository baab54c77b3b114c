/** The exams that the journeys are about; every name is invented. */
import { Buffer } from "node:buffer";
import { ctSlice, mrSlice, ultrasoundCine, type Exam } from "./dicom";

export const CHEST: Exam = {
  uid: "2.25.7001",
  patient: "Example^Anna",
  id: "PAT-7001",
  accession: "ACC7001",
  description: "CT Chest with contrast",
};

export const HEAD: Exam = {
  uid: "2.25.7002",
  patient: "Sample^Bruno",
  id: "PAT-7002",
  accession: "ACC7002",
  description: "MR Head",
};

export const HEART: Exam = {
  uid: "2.25.7003",
  patient: "Muster^Clara",
  id: "PAT-7003",
  accession: "ACC7003",
  description: "Echocardiogram",
};

export interface Named {
  path: string;
  content: Buffer;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A folder as a hospital would hand it over: three exams, and a file that isn't an image. */
export function folder(): Named[] {
  return [
    ...numbers(24).map((n) => ({ path: `chest/series1/IM${n}`, content: ctSlice(CHEST, 1, n, 24) })),
    ...numbers(6).map((n) => ({ path: `chest/series2/IM${n}`, content: ctSlice(CHEST, 2, n, 6) })),
    ...numbers(10).map((n) => ({ path: `head/IM${n}.dcm`, content: mrSlice(HEAD, n) })),
    { path: "heart/cine.dcm", content: ultrasoundCine(HEART, 20) },
    damaged(),
  ];
}

/** A DICOM file that ends in the middle: it belongs into quarantine. */
export function damaged(): Named {
  const whole = ctSlice({ ...CHEST, uid: "2.25.7009" }, 1, 1, 1);
  return { path: "chest/damaged.dcm", content: whole.subarray(0, 700) };
}
