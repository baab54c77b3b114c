import type { Window } from "../pages/exam/windows";

/** Addresses of pictures the server renders (PS3.18 §10.4.1.1). */
export interface FrameAddress {
  study: string;
  series: string;
  instance: string;
  /** Counted from 1 (PS3.18 §10.4.1.1.2). */
  frame: number;
}

export function frameUrl(at: FrameAddress, size: number, window?: Window): string {
  const query = new URLSearchParams({ viewport: `${size},${size}` });
  if (window !== undefined) query.set("window", `${window.center},${window.width},linear`);
  const base = `/dicom-web/studies/${at.study}/series/${at.series}/instances/${at.instance}`;
  return `${base}/frames/${at.frame}/rendered?${commas(query)}`;
}

export const examThumbnail = (study: string, size: number): string =>
  `/dicom-web/studies/${study}/thumbnail?viewport=${size},${size}`;

export const seriesThumbnail = (study: string, series: string, size: number): string =>
  `/dicom-web/studies/${study}/series/${series}/thumbnail?viewport=${size},${size}`;

/** The standard's grammar separates values with plain commas. */
const commas = (query: URLSearchParams): string => query.toString().replaceAll("%2C", ",");
