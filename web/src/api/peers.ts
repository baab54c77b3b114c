import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Peer = Schemas["PeerBody"];
export type Transfer = Schemas["Transfer"];

export const peersQuery = queryOptions({
  queryKey: ["peers"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/peers", { signal }))).peers,
});

/** Whether Isocenter knows where to call it. */
export const isCalled = ({ host, port }: Peer): boolean => Boolean(host) && Boolean(port);

const UNDER_WAY = ["waiting", "running"];

export const isUnderWay = (transfer: Transfer): boolean => UNDER_WAY.includes(transfer.state);

/** Looked at often while something moves, now and then otherwise: another person may have begun one. */
export const transfersQuery = queryOptions({
  queryKey: ["transfers"],
  queryFn: async ({ signal }) => (await need(api.GET("/api/v1/transfers", { signal }))).transfers,
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? 1_000 : 15_000),
});

const named = (name: string) => ({ params: { path: { name } } });

export const putPeer = (peer: Peer) => need(api.POST("/api/v1/peers", { body: peer }));

export async function removePeer(name: string): Promise<void> {
  await need(api.DELETE("/api/v1/peers/{name}", named(name)));
}

export type PeerTold = Schemas["PeerTold"];
export type PeerTerms = Schemas["PeerTermsBody"];

/** What a peer's owner allows, and how far it has told what it holds. */
export const peerTermsQuery = (name: string) =>
  queryOptions({
    queryKey: ["peers", name, "terms"],
    queryFn: ({ signal }) => need(api.GET("/api/v1/peers/{name}/terms", { ...named(name), signal })),
  });

export const setPeerTerms = (name: string, terms: PeerTerms) =>
  need(api.PUT("/api/v1/peers/{name}/terms", { ...named(name), body: terms }));

/** Has it asked for the exams of the last days. */
export async function lookNow(name: string): Promise<void> {
  await need(api.POST("/api/v1/peers/{name}/look", named(name)));
}

/** Milliseconds the peer took to answer. */
export async function echo(name: string): Promise<number> {
  return (await need(api.POST("/api/v1/peers/{name}/echo", named(name)))).milliseconds;
}

export interface TransferWish {
  study: string;
  /** Instances a second; undefined: as fast as it goes. */
  rate: number | undefined;
}

const wish = ({ study, rate }: TransferWish) => ({
  studyInstanceUid: study,
  ...(rate === undefined ? {} : { instancesPerSecond: rate }),
});

export const fetchExam = (peer: string, asked: TransferWish) =>
  need(api.POST("/api/v1/peers/{name}/fetch", { ...named(peer), body: wish(asked) }));

export const sendExam = (peer: string, asked: TransferWish) =>
  need(api.POST("/api/v1/peers/{name}/send", { ...named(peer), body: wish(asked) }));

/** It stops within moments; what has arrived stays. */
export const cancelTransfer = (id: number) =>
  need(api.DELETE("/api/v1/transfers/{id}", { params: { path: { id } } }));

/** One that failed or was cancelled, from its beginning. */
export const retryTransfer = (id: number) =>
  need(api.POST("/api/v1/transfers/{id}/retry", { params: { path: { id } } }));

/** An exam that a peer says it has. */
export interface RemoteExam {
  study: string;
  patientName: string;
  patientId: string;
  date: string;
  modalities: string;
  description: string;
  accession: string;
  instances: string;
}

export interface RemoteSearch {
  patientName: string;
  patientId: string;
  accession: string;
  from: string;
  to: string;
}

/** The most matches that are shown: more than anybody reads. */
const SHOWN = 200;

/** Asks a peer which exams it has (C-FIND at the level of exams). */
export async function remoteExams(peer: string, search: RemoteSearch) {
  const body = { level: "STUDY", keys: keysOf(search), limit: SHOWN };
  const found = await need(api.POST("/api/v1/peers/{name}/query", { ...named(peer), body }));
  return { exams: found.matches.map((match) => remoteExam(match as DicomJson)), complete: found.complete };
}

export function keysOf({
  patientName,
  patientId,
  accession,
  from,
  to,
}: RemoteSearch): Record<string, string> {
  const days = [from, to].map((day) => day.replaceAll("-", ""));
  return {
    PatientName: patientName === "" || patientName.includes("*") ? patientName : `${patientName}*`,
    PatientID: patientId,
    AccessionNumber: accession,
    StudyDate: from === "" && to === "" ? "" : days.join("-"),
    StudyInstanceUID: "",
    StudyTime: "",
    StudyDescription: "",
    ModalitiesInStudy: "",
    NumberOfStudyRelatedInstances: "",
  };
}

type DicomJson = Record<string, { Value?: unknown[] } | undefined>;

const TAGS = {
  study: "0020000D",
  patientName: "00100010",
  patientId: "00100020",
  date: "00080020",
  modalities: "00080061",
  description: "00081030",
  accession: "00080050",
  instances: "00201208",
} as const;

export function remoteExam(match: DicomJson): RemoteExam {
  const text = (key: keyof typeof TAGS) => (match[TAGS[key]]?.Value ?? []).map(word).join(", ");
  return {
    study: text("study"),
    patientName: text("patientName"),
    patientId: text("patientId"),
    date: text("date"),
    modalities: text("modalities"),
    description: text("description"),
    accession: text("accession"),
    instances: text("instances"),
  };
}

/** A value of DICOM JSON; names come with their spellings (PS3.18 §F.2.2). */
function word(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "object" && value !== null && "Alphabetic" in value) return String(value.Alphabetic);
  return "";
}
