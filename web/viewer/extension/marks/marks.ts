// Keeps segmentations as they are painted: what changed is sent mask by mask when the hand lets go.
import type { Labels, Segmentation } from "../host/cornerstone";
import type { DisplaySet, Host } from "../host/ohif";
import { located } from "../work/located";
import { publish } from "../work/store";
import { session } from "../session";
import { segmentation, segmentationsOf, send, takeAway, type Change, type Listed, type Mask } from "./door";
import { masksOf, pack, paint, same, unpack } from "./masks";
import { forget, remember, resume } from "./unsent";

/** One of ours: what the server has of it. */
interface Kept {
  study: string;
  series: string;
  version: number;
  /** By segment, image and frame. */
  masks: Map<string, Uint8Array>;
  /** Label and segments, as they were sent. */
  head: string;
  busy: boolean;
  again: boolean;
  tries: number;
  trouble: string | undefined;
}

/** A brush gives many changes; they are sent when it rests. */
const QUIET_MS = 700;
/** Until something that nobody answered is asked again. */
const AGAIN_MS = 5000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export class Marks {
  readonly #kept = new Map<string, Kept>();
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #asked = new Set<string>();
  readonly #listed = new Map<string, Listed[]>();
  /** Being drawn from what the server has: nothing of it is a change. */
  readonly #loading = new Set<string>();
  readonly #showing = new Set<string>();
  #account = "";
  #ended = false;

  constructor(
    private readonly host: Host,
    private readonly handIsDown: () => boolean,
  ) {}

  end(): void {
    this.flush();
    this.#ended = true;
  }

  // What the viewer tells.

  changed(segmentationId: string): void {
    if (this.#ended || this.#loading.has(segmentationId)) return;
    clearTimeout(this.#waiting.get(segmentationId));
    const act = () => (this.handIsDown() ? this.changed(segmentationId) : void this.#keep(segmentationId));
    this.#waiting.set(segmentationId, setTimeout(act, QUIET_MS));
    this.#tell();
  }

  /** Of one that isn't kept yet a name alone is nothing to keep. */
  renamed(segmentationId: string): void {
    if (this.#kept.has(segmentationId)) this.changed(segmentationId);
  }

  removed(segmentationId: string): void {
    const kept = this.#kept.get(segmentationId);
    this.#kept.delete(segmentationId);
    clearTimeout(this.#waiting.get(segmentationId));
    this.#waiting.delete(segmentationId);
    if (kept !== undefined && !kept.busy) this.#takeAway(kept);
    this.#tell();
  }

  #takeAway({ study, series, version }: Kept): void {
    forget(this.#account, study, series);
    if (version === 0) return;
    // Leaving the viewer takes everything off the screen, too.
    setTimeout(() => {
      if (!this.#ended) void takeAway(study, series).then(() => this.#ask(study));
    }, QUIET_MS);
  }

  flush(): void {
    for (const id of [...this.#waiting.keys()]) void this.#keep(id);
  }

  /** Sends what is new in it; one change after another. */
  async #keep(id: string): Promise<void> {
    clearTimeout(this.#waiting.get(id));
    this.#waiting.delete(id);
    const found = stored(id);
    if (found === undefined) return;
    const kept = this.#kept.get(id) ?? begin(found);
    if (kept === undefined) return;
    this.#kept.set(id, kept);
    if (kept.busy) {
      kept.again = true;
      return;
    }
    kept.busy = true;
    kept.again = false;
    this.#tell();
    const { change, now } = await this.#difference(found, kept);
    const nothing = change.masks.length === 0 && (headOf(change) === kept.head || kept.version === 0);
    if (!nothing) await this.#send(id, kept, change, now);
    kept.busy = false;
    // It was taken away while it was on its way.
    if (!this.#kept.has(id)) this.#takeAway(kept);
    if (this.#kept.get(id)?.again === true) void this.#keep(id);
    this.#tell();
  }

  async #difference(
    found: Segmentation,
    kept: Kept,
  ): Promise<{ change: Change; now: Map<string, Uint8Array> }> {
    const now = new Map<string, Uint8Array>();
    const places = new Map<string, Omit<Mask, "bits">>();
    let [rows, columns] = [0, 0];
    for (const { imageId, labels, height, width } of labelmaps(found)) {
      const place = located(imageId)?.place;
      if (place === undefined) continue;
      [rows, columns] = [height, width];
      for (const [segment, mask] of masksOf(labels)) {
        const key = [segment, place.sop, place.frame ?? ""].join("/");
        now.set(key, mask);
        places.set(key, { segment, sop: place.sop, ...(place.frame && { frame: place.frame }) });
      }
    }
    const masks: Mask[] = [];
    for (const key of new Set([...now.keys(), ...kept.masks.keys()])) {
      const mask = now.get(key);
      if (same(mask, kept.masks.get(key))) continue;
      const [segment = "", sop = "", frame = ""] = key.split("/");
      const gone = { segment: Number(segment), sop, ...(frame !== "" && { frame: Number(frame) }) };
      masks.push({ ...(places.get(key) ?? gone), bits: mask === undefined ? "" : await pack(mask) });
    }
    return { change: { label: found.label, segments: this.#segments(found), rows, columns, masks }, now };
  }

  #segments({ segmentationId, segments }: Segmentation) {
    const { viewportGridService, segmentationService } = this.host.servicesManager.services;
    const viewportId = viewportGridService.getActiveViewportId();
    return Object.values(segments)
      .filter((segment) => segment !== undefined)
      .map(({ segmentIndex, label }) => ({
        number: segmentIndex,
        label,
        color: [
          ...(segmentationService.getSegmentColor(viewportId, segmentationId, segmentIndex) ?? [255, 0, 0]),
        ].slice(0, 3),
      }));
  }

  /** On top of a newer version only what changed here is laid; the rest of it stays. */
  async #send(id: string, kept: Kept, change: Change, now: Map<string, Uint8Array>): Promise<void> {
    remember(this.#account, kept.study, kept.series, { version: kept.version, change });
    const answer = await send(kept.study, kept.series, change, kept.version);
    switch (answer.kind) {
      case "kept":
        forget(this.#account, kept.study, kept.series);
        Object.assign(kept, { version: answer.version, masks: now, head: headOf(change) });
        Object.assign(kept, { tries: 0, trouble: undefined });
        return;
      case "newer":
        kept.version = answer.version;
        kept.again = true;
        return;
      case "refused":
        kept.trouble = answer.why;
        return;
      case "later":
        kept.trouble = "offline";
        setTimeout(() => this.changed(id), Math.min(FIRST_WAIT_MS * 2 ** kept.tries, LONGEST_WAIT_MS));
        kept.tries += 1;
    }
  }

  // What the server tells.

  /** Asks what there is for exams that are new here, and shows one's own. */
  async open(studies: string[]): Promise<void> {
    const fresh = studies.filter((study) => !this.#asked.has(study));
    for (const study of fresh) this.#asked.add(study);
    await Promise.all(fresh.map((study) => this.#ask(study)));
    await this.#showOwn();
  }

  async #ask(study: string): Promise<void> {
    const listed = await this.#resumed(study).catch(() => undefined);
    if (listed !== undefined) this.#listed.set(study, listed);
    else if (!this.#ended) setTimeout(() => void this.#askAgain(study), AGAIN_MS);
    this.#tell();
  }

  async #askAgain(study: string): Promise<void> {
    if (this.#ended) return;
    await this.#ask(study);
    await this.#showOwn();
  }

  async #resumed(study: string): Promise<Listed[]> {
    this.#account = (await session()).account.name;
    await resume(this.#account, study);
    return segmentationsOf(study);
  }

  /** One's own come back by themselves, as soon as a viewport shows their images. */
  async #showOwn(): Promise<void> {
    for (const [study, listed] of this.#listed)
      for (const { series, own } of listed) if (own && !this.#shows(series)) await this.show(study, series);
  }

  #shows(series: string): boolean {
    return [...this.#kept.values()].some((kept) => kept.series === series);
  }

  /** Draws a segmentation over its images. Somebody else's becomes one's own when it is changed. */
  async show(study: string, series: string): Promise<void> {
    if (this.#showing.has(series)) return;
    this.#showing.add(series);
    await this.#draw(study, series).finally(() => this.#showing.delete(series));
  }

  async #draw(study: string, series: string): Promise<void> {
    const { segmentationService } = this.host.servicesManager.services;
    const whole = await segmentation(study, series).catch(() => undefined);
    const first = whole?.masks[0];
    if (whole === undefined || first === undefined || this.#shows(series)) return;
    const set = this.#displaySetOf(first.sop);
    if (set === undefined) return;
    const id = crypto.randomUUID();
    this.#loading.add(id);
    const segments = Object.fromEntries(
      whole.segments.map(({ number, label }, at) => [
        number,
        { label, segmentIndex: number, active: at === 0 },
      ]),
    );
    await segmentationService.createLabelmapForDisplaySet(set, {
      segmentationId: id,
      label: whole.label,
      segments,
    });
    const masks = await this.#fill(id, whole.masks);
    const kept = { study, series, version: whole.version, masks, head: headOf(whole) };
    if (whole.own) this.#kept.set(id, { ...kept, busy: false, again: false, tries: 0, trouble: undefined });
    await this.#represent(set, id, whole.segments);
    window.cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(id);
    this.#loading.delete(id);
    this.#tell();
  }

  #displaySetOf(sop: string): DisplaySet | undefined {
    return this.host.servicesManager.services.displaySetService
      .getActiveDisplaySets()
      .find(
        ({ Modality, images, instances }) =>
          Modality !== "SEG" && (images ?? instances ?? []).some((image) => image["SOPInstanceUID"] === sop),
      );
  }

  async #fill(id: string, masks: Mask[]): Promise<Map<string, Uint8Array>> {
    const found = stored(id);
    const byImage = new Map<string, { labels: Labels }>();
    if (found !== undefined)
      for (const one of labelmaps(found)) {
        const place = located(one.imageId)?.place;
        if (place !== undefined) byImage.set([place.sop, place.frame ?? ""].join("/"), one);
      }
    const kept = new Map<string, Uint8Array>();
    for (const { segment, sop, frame, bits } of masks) {
      const mask = await unpack(bits);
      kept.set([segment, sop, frame ?? ""].join("/"), mask);
      const image = byImage.get([sop, frame ?? ""].join("/"));
      if (image !== undefined) paint(image.labels, segment, mask);
    }
    return kept;
  }

  /** In every viewport that shows its images. */
  async #represent(set: DisplaySet, id: string, segments: Change["segments"]): Promise<void> {
    const { viewportGridService, segmentationService } = this.host.servicesManager.services;
    for (const [viewportId, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
      if (!displaySetInstanceUIDs.includes(set.displaySetInstanceUID)) continue;
      await segmentationService.addSegmentationRepresentation(viewportId, {
        segmentationId: id,
        type: "Labelmap",
      });
      for (const { number, color } of segments)
        segmentationService.setSegmentColor(viewportId, id, number, [...color, 255]);
    }
  }

  #tell(): void {
    const all = [...this.#kept.values()];
    const trouble = all.map((one) => one.trouble).find((one) => one !== undefined && one !== "offline");
    publish({
      marks: {
        unsent: this.#waiting.size + all.filter(({ busy }) => busy).length,
        offline: all.some((one) => one.trouble === "offline"),
        trouble,
        kept: all.some(({ version }) => version > 0),
        others: [...this.#listed].flatMap(([study, listed]) =>
          listed.filter(({ own }) => !own).map((one) => ({ ...one, study })),
        ),
      },
    });
  }
}

function stored(id: string): Segmentation | undefined {
  return window.cornerstoneTools.segmentation.state.getSegmentation(id);
}

/** Every slice of it, with the image it lies on. */
function* labelmaps({ representationData: { Labelmap } }: Segmentation) {
  const layers = Object.values(Labelmap?.labelmaps ?? {}).map(({ imageIds }) => imageIds ?? []);
  for (const id of layers.length > 0 ? layers.flat() : (Labelmap?.imageIds ?? [])) {
    const image = window.cornerstone.cache.getImage(id);
    if (image?.referencedImageId === undefined) continue;
    const labels = image.voxelManager.getScalarData();
    yield { imageId: image.referencedImageId, labels, height: image.rows, width: image.columns };
  }
}

const headOf = ({ label, segments }: Pick<Change, "label" | "segments">): string =>
  JSON.stringify([label, segments]);

/** A segmentation that the server doesn't know yet. */
function begin(found: Segmentation): Kept | undefined {
  const [first] = labelmaps(found);
  const study = first && located(first.imageId)?.study;
  if (study === undefined) return undefined;
  const number = BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`);
  const fresh = { version: 0, masks: new Map<string, Uint8Array>(), head: "" };
  return {
    study,
    series: `2.25.${number}`,
    ...fresh,
    busy: false,
    again: false,
    tries: 0,
    trouble: undefined,
  };
}
