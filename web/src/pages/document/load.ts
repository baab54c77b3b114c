import { api, need } from "../../api/client";
import { documentKind, type DocumentKind } from "./kinds";
import { bytes, text, type DataSet } from "./dicomJson";
import { readLetter, type Letter } from "./letter";
import { readReport, type Item } from "./report";
import { readWaveforms, type Group } from "./waveform";

export interface DocumentHead {
  title: string;
  kind: DocumentKind;
  /** DICOM's own date and time of the content. */
  date: string;
  time: string;
  /** PS3.3 §C.17.2: whether it is complete, whether somebody stands for it. */
  completion: string;
  verification: string;
  description: string;
}

export type DocumentContent =
  | { kind: "report"; root: Item }
  | { kind: "letter"; letter: Letter }
  | { kind: "waveform"; groups: Group[]; notes: string[] }
  | { kind: "pdf" };

export interface LoadedDocument {
  head: DocumentHead;
  content: DocumentContent;
}

export async function loadDocument(study: string, sop: string): Promise<LoadedDocument> {
  const { series } = await need(api.GET("/api/v1/exams/{study}", { params: { path: { study } } }));
  const found = series.find(({ instances }) =>
    instances.some(({ sopInstanceUid }) => sopInstanceUid === sop),
  );
  const instance = found?.instances.find(({ sopInstanceUid }) => sopInstanceUid === sop);
  const kind = documentKind(instance?.sopClassUid ?? "");
  if (found === undefined || kind === undefined) throw new Error("this exam has no such document");
  const address = `/dicom-web/studies/${study}/series/${found.seriesInstanceUid}/instances/${sop}/metadata`;
  const answer = await fetch(address, { headers: { Accept: "application/dicom+json" } });
  if (!answer.ok) throw new Error(`its content could not be read (${answer.status})`);
  const [set = {}] = (await answer.json()) as DataSet[];
  return { head: headOf(set, kind, found.seriesDescription), content: await contentOf(set, kind) };
}

function headOf(set: DataSet, kind: DocumentKind, series: string): DocumentHead {
  const root = kind === "report" ? readReport(set).name : "";
  return {
    kind,
    title: text(set, "00420010") || root || series || text(set, "00080060"),
    date: text(set, "00080023") || text(set, "00080020"),
    time: text(set, "00080033") || text(set, "00080030"),
    completion: text(set, "0040A491"),
    verification: text(set, "0040A493"),
    description: series,
  };
}

async function contentOf(set: DataSet, kind: DocumentKind): Promise<DocumentContent> {
  if (kind === "report") return { kind, root: readReport(set) };
  if (kind === "waveform") return { kind, ...(await readWaveforms(set)) };
  if (kind === "pdf") return { kind };
  const content = await bytes(set["00420011"]);
  return { kind, letter: readLetter(new TextDecoder(encodingOf(content)).decode(content)) };
}

/** XML says its own encoding in its first line; UTF-8 unless it does. */
function encodingOf(content: Uint8Array): string {
  const start = new TextDecoder("latin1").decode(content.subarray(0, 200));
  const named = /^[^>]*encoding=["']([\w-]+)["']/.exec(start)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return "utf-8";
  }
}
