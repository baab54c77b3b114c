// Which image belongs in which place, by modality. Pure: the protocols only carry it out.
import type { DisplaySet, Metadata } from "../host/ohif";

export type Kind = "fusion" | "compare" | "breasts" | "radiographs" | "grid" | "single";

export interface Plan {
  kind: Kind;
  /** Display sets by place; a place may stay empty. */
  places: (string | undefined)[];
}

/** Non-images, and what lies over images, never hang by themselves. */
const OVER_IMAGES = new Set([
  "SEG",
  "RTSTRUCT",
  "RTPLAN",
  "RTDOSE",
  "PR",
  "SR",
  "KO",
  "DOC",
  "RWV",
  "REG",
  "ANN",
]);

/**
 * How an exam hangs. `wanted` is a series the address asks for; `priors` says whether another exam is open beside.
 */
export function planFor(sets: DisplaySet[], wanted?: string, priors = false): Plan {
  const images = sets
    .filter(
      (set) => !OVER_IMAGES.has(set.Modality) && (set.numImageFrames ?? 0) > 0 && set.unsupported !== true,
    )
    .toSorted((a, b) => (a.SeriesNumber ?? 0) - (b.SeriesNumber ?? 0));
  const first = images.find((set) => set.SeriesInstanceUID === wanted);
  if (first !== undefined)
    return { kind: "single", places: ids([first, ...images.filter((set) => set !== first)]) };
  if (priors) return { kind: "compare", places: ids(ordered(images)) };
  return fusion(images) ?? breasts(images) ?? byModality(images);
}

function ids(sets: (DisplaySet | undefined)[]): (string | undefined)[] {
  return sets.map((set) => set?.displaySetInstanceUID);
}

/** CT and PET of the same patient position. */
function fusion(images: DisplaySet[]): Plan | undefined {
  const volumes = images.filter(({ isReconstructable }) => isReconstructable === true);
  for (const pet of volumes.filter(({ Modality }) => Modality === "PT")) {
    const ct = volumes.find((set) => set.Modality === "CT" && sameFrame(set, pet));
    if (ct !== undefined) return { kind: "fusion", places: ids([ct, pet]) };
  }
  return undefined;
}

function sameFrame(a: DisplaySet, b: DisplaySet): boolean {
  const [one, other] = [first(a)["FrameOfReferenceUID"], first(b)["FrameOfReferenceUID"]];
  return one !== undefined && one === other;
}

/** Right cranio-caudal, left cranio-caudal, right oblique, left oblique: as mammograms hang everywhere. */
const BREAST_PLACES = ["R CC", "L CC", "R MLO", "L MLO"];

function breasts(images: DisplaySet[]): Plan | undefined {
  const mammograms = images.filter(({ Modality }) => Modality === "MG");
  if (mammograms.length < 2) return undefined;
  const places = BREAST_PLACES.map((place) => mammograms.find((set) => breastView(set) === place));
  if (places.filter((set) => set !== undefined).length < 2) return undefined;
  return { kind: "breasts", places: ids(places) };
}

/** `R CC`; empty where a file doesn't say. View codes are of SNOMED CT (PS3.16 CID 4014). */
export function breastView(set: DisplaySet): string {
  const image = first(set);
  const side = text(image["ImageLaterality"]) || text(image["Laterality"]) || text(image["FrameLaterality"]);
  const code = items(image["ViewCodeSequence"])[0] ?? {};
  const named =
    `${text(code["CodeMeaning"])} ${text(image["ViewPosition"])} ${text(set.SeriesDescription)}`.toUpperCase();
  const view =
    ["R-10242", "399162004"].includes(text(code["CodeValue"])) || /\bCC\b|CRANIO-?CAUDAL/.test(named)
      ? "CC"
      : ["R-10226", "399368009"].includes(text(code["CodeValue"])) ||
          /\bMLO\b|MEDIO-?LATERAL OBLIQUE/.test(named)
        ? "MLO"
        : "";
  const known = side || (/\bR\s?(CC|MLO)\b/.test(named) ? "R" : /\bL\s?(CC|MLO)\b/.test(named) ? "L" : "");
  return view === "" || known === "" ? "" : `${known} ${view}`;
}

const RADIOGRAPHS = new Set(["CR", "DX", "RG", "RF"]);
const SIDE_BY_SIDE = new Set(["MR"]);

function byModality(images: DisplaySet[]): Plan {
  const main = images[0]?.Modality ?? "";
  const places = ids(ordered(images));
  if (RADIOGRAPHS.has(main) && images.length > 1) return { kind: "radiographs", places };
  if (SIDE_BY_SIDE.has(main) && images.length > 1) return { kind: "grid", places };
  return { kind: "single", places };
}

/** Radiographs: frontal before lateral. Everything else in the exam's own order, scouts last. */
function ordered(images: DisplaySet[]): DisplaySet[] {
  return images
    .map((set, at) => ({ set, rank: rank(set), at }))
    .toSorted((a, b) => a.rank - b.rank || a.at - b.at)
    .map(({ set }) => set);
}

function rank(set: DisplaySet): number {
  const image = first(set);
  if (RADIOGRAPHS.has(set.Modality)) {
    const view = text(image["ViewPosition"]).toUpperCase();
    if (["PA", "AP"].includes(view)) return 0;
    return ["LL", "RL", "LAT", "LATERAL"].includes(view) ? 2 : 1;
  }
  const type = image["ImageType"];
  return Array.isArray(type) && type.includes("LOCALIZER") ? 1 : 0;
}

/**
 * How a mammogram is turned so that the chest wall is towards the middle and the head is up, from what its file
 * says of its directions (PS3.3 §C.7.6.1.1.1); undefined when it says nothing.
 */
export function turnOf(set: DisplaySet): { flipHorizontal: boolean; flipVertical: boolean } | undefined {
  const directions = first(set)["PatientOrientation"];
  const [row = "", column = ""] = Array.isArray(directions)
    ? directions.map(String)
    : text(directions).split("\\");
  const side = breastView(set)[0];
  if (side === undefined || !/^[AP]/.test(row)) return undefined;
  // On the left of the screen hangs the right breast, its chest wall at the right: going right is going back.
  const toChestWall = side === "R" ? "P" : "A";
  return {
    flipHorizontal: !row.startsWith(toChestWall),
    flipVertical: breastView(set).endsWith("MLO") && column.startsWith("H"),
  };
}

function first(set: DisplaySet): Metadata {
  return set.images?.[0] ?? set.instances?.[0] ?? set.instance ?? {};
}

function items(value: unknown): Metadata[] {
  if (Array.isArray(value)) return value as Metadata[];
  return typeof value === "object" && value !== null ? [value as Metadata] : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
