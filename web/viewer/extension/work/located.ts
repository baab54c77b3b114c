// Which image of the archive the viewer means by an address of its own.
import "../host/cornerstone";
import type { Place } from "./types";

/** Where an image stands in the archive. */
export interface Located {
  study: string;
  place: Place;
}

export const meta = (what: string, imageId: string) => window.cornerstone.metaData.get(what, imageId) ?? {};

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function located(imageId: string): Located | undefined {
  const series = meta("generalSeriesModule", imageId);
  const place = {
    series: text(series["seriesInstanceUID"]),
    sop: text(meta("sopCommonModule", imageId)["sopInstanceUID"]),
  };
  const study =
    text(series["studyInstanceUID"]) || text(meta("generalStudyModule", imageId)["studyInstanceUID"]);
  if (place.series === "" || place.sop === "" || study === "") return undefined;
  const frame = Number(/\/frames\/(\d+)/.exec(imageId)?.[1] ?? 1);
  const many = Number(meta("multiframeModule", imageId)["NumberOfFrames"] ?? 1) > 1 || frame > 1;
  return { study, place: many ? { ...place, frame } : place };
}
