/** Where one looks in an exam, as its address says it: UIDs, numbers, and nothing about a person. */
import type { ExamDetail, Series } from "../../api/exams";
import type { Window } from "./windows";

export interface LookPlace {
  series: string;
  instance?: string;
  /** Of an instance with several frames, from 1. */
  frame?: number;
  /** Left out: as stored in the object. */
  window?: Window | undefined;
  inverted?: boolean;
}

/** What the address asks for; whatever it doesn't say is left to the page. */
export function placeFrom(query: URLSearchParams): Partial<LookPlace> {
  const frame = Number(query.get("frame") ?? Number.NaN);
  const window = windowFrom(query.get("window"));
  const [series, instance] = [query.get("series"), query.get("instance")];
  return {
    ...(series !== null && { series }),
    ...(instance !== null && { instance }),
    ...(Number.isInteger(frame) && frame > 0 && { frame }),
    ...(window !== undefined && { window }),
    ...(query.has("inverted") && { inverted: true }),
  };
}

function windowFrom(text: string | null): Window | undefined {
  const [center = Number.NaN, width = Number.NaN, ...rest] = (text ?? "").split(",").map(Number);
  const whole = text !== null && rest.length === 0 && Number.isFinite(center) && Number.isFinite(width);
  return whole && width > 0 ? { center, width } : undefined;
}

/** The address of a place in an exam. */
export function placeAddress(
  study: string,
  { series, instance, frame, window, inverted }: LookPlace,
): string {
  const query = [
    `series=${series}`,
    instance === undefined ? "" : `instance=${instance}`,
    frame === undefined || frame === 1 ? "" : `frame=${frame}`,
    window === undefined ? "" : `window=${window.center},${window.width}`,
    inverted === true ? "inverted" : "",
  ];
  return `/exams/${study}?${query.filter((part) => part !== "").join("&")}`;
}

/** The series the address asks for, by itself or by an instance of it. */
export function askedSeries({ series }: ExamDetail, place: Partial<LookPlace>): Series | undefined {
  const { series: wanted, instance } = place;
  const named = series.find(({ seriesInstanceUid }) => seriesInstanceUid === wanted);
  return named ?? series.find(({ instances }) => instances.some((one) => one.sopInstanceUid === instance));
}
