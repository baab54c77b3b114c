// The server's resource for segmentations of an exam.
import { api, need, type Schemas } from "../../../src/api/client";
import { isForGuests } from "../guest";
import { sendChange, toSignIn, whyRefused } from "../session";

export interface Segment {
  number: number;
  label: string;
  color: number[];
}

export interface Mask {
  segment: number;
  sop: string;
  frame?: number | null;
  bits: string;
}

export interface Change {
  label: string;
  segments: Segment[];
  rows: number;
  columns: number;
  masks: Mask[];
}

export type Listed = Schemas["SegmentationItem"];

export interface Whole extends Change {
  series: string;
  author: string;
  own: boolean;
  version: number;
}

export type Answer =
  | { kind: "kept"; version: number }
  | { kind: "newer"; version: number }
  | { kind: "refused"; why: string }
  | { kind: "later" };

export async function segmentationsOf(study: string): Promise<Listed[]> {
  const params = { path: { study } };
  return (await need(api.GET("/api/v1/exams/{study}/segmentations", { params }))).segmentations;
}

export async function segmentation(study: string, series: string): Promise<Whole> {
  const params = { path: { study, series } };
  return await need(api.GET("/api/v1/exams/{study}/segmentations/{series}", { params }));
}

const address = (study: string, series: string) => `/api/v1/exams/${study}/segmentations/${series}`;

export async function send(study: string, series: string, change: Change, version: number): Promise<Answer> {
  if (isForGuests) return { kind: "refused", why: "What guests draw is not kept." };
  try {
    return await answered(await sendChange(address(study, series), change, version));
  } catch {
    return { kind: "later" };
  }
}

async function answered(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return { kind: "kept", version: (body as Schemas["Saved"]).version };
  if (response.status === 412)
    return { kind: "newer", version: (body as Schemas["NewerSegmentation"]).current };
  if (response.status === 401) toSignIn();
  if ([401, 429].includes(response.status) || response.status >= 500) return { kind: "later" };
  return { kind: "refused", why: whyRefused(body) };
}

export async function takeAway(study: string, series: string): Promise<boolean> {
  if (isForGuests) return false;
  const response = await sendChange(address(study, series), null, 0).catch(() => undefined);
  return response?.ok === true;
}
