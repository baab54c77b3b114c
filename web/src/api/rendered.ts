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
  return `${renderedFrame(at)}?${commas(query)}`;
}

/** The same in the size of the image, and in the best quality where it is lossy. */
export function pictureUrl(at: FrameAddress, window?: Window): string {
  const query = new URLSearchParams({ quality: "95" });
  if (window !== undefined) query.set("window", `${window.center},${window.width},linear`);
  return `${renderedFrame(at)}?${commas(query)}`;
}

const renderedFrame = ({ study, series, instance, frame }: FrameAddress): string =>
  `/dicom-web/studies/${study}/series/${series}/instances/${instance}/frames/${frame}/rendered`;

export const examThumbnail = (study: string, size: number): string =>
  `/dicom-web/studies/${study}/thumbnail?viewport=${size},${size}`;

export const seriesThumbnail = (study: string, series: string, size: number): string =>
  `/dicom-web/studies/${study}/series/${series}/thumbnail?viewport=${size},${size}`;

/** The standard's grammar separates values with plain commas. */
const commas = (query: URLSearchParams): string => query.toString().replaceAll("%2C", ",");
