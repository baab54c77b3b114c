// Joins the viewer's annotations, the keeper and what the panel shows, while exams are open.
import type { Host } from "../host/ohif";
import { differs, drawn, drawnFrom, measured } from "./annotations";
import { door, mayMeasure, workOn } from "./door";
import { annotationUid, trackingUid } from "./identity";
import { Keeper } from "./keeper";
import { publish, type Row } from "./store";
import type { Annotation, Item, Measurement, Report, Work } from "./types";

/** A hand that moves a handle gives many changes; the last of them is kept, when the hand lets go. */
const QUIET_MS = 250;

/** What it came to is worked out a little later than what was drawn; so long it is waited for. */
const VALUES_MS = 1000;

/** Until something that nobody answered is asked again. */
const AGAIN_MS = 5000;

interface Known {
  study: string;
  item: Item;
}

export class Desk {
  #keeper: Keeper | undefined;
  #account = "";
  readonly #items = new Map<string, Known>();
  readonly #reports = new Map<string, Report[]>();
  readonly #asked = new Set<string>();
  readonly #failed = new Set<string>();
  /** Annotations drawn by us, by what they draw: nothing of these is a change. */
  readonly #shown = new Set<string>();
  /** Being drawn; there is nothing to keep before they are whole. */
  readonly #unfinished = new Set<string>();
  readonly #waiting = new Map<string, ReturnType<typeof setTimeout>>();
  /** What a window before left unsent, by exam, until its image is there. */
  readonly #unsent = new Map<string, { study: string; to: Measurement }>();

  #ended = false;

  constructor(
    private readonly host: Host,
    private readonly handIsDown: () => boolean,
  ) {}

  // What the viewer tells.

  added({ annotationUID }: Annotation): void {
    const uid = trackingUid(annotationUID);
    if (uid === undefined || this.#shown.has(annotationUID)) return;
    // One that is known comes back by undoing its removal, and is whole.
    if (this.#items.has(uid)) this.#later(annotationUID);
    else this.#unfinished.add(annotationUID);
  }

  modified({ annotationUID }: Annotation): void {
    if (!this.#unfinished.has(annotationUID)) this.#later(annotationUID);
  }

  completed({ annotationUID }: Annotation): void {
    this.#unfinished.delete(annotationUID);
    this.#later(annotationUID);
  }

  removed({ annotationUID }: Annotation): void {
    this.#unfinished.delete(annotationUID);
    this.#shown.delete(annotationUID);
    this.#later(annotationUID);
  }

  /** Everything that waits for a quiet hand is sent at once: the window closes. */
  flush(): void {
    for (const uid of [...this.#waiting.keys()]) this.#now(uid);
  }

  end(): void {
    this.flush();
    this.#ended = true;
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  #later(annotationUID: string, ms = QUIET_MS): void {
    clearTimeout(this.#waiting.get(annotationUID));
    const act = () => {
      if (this.handIsDown()) this.#later(annotationUID);
      else this.#now(annotationUID, ms === QUIET_MS);
    };
    this.#waiting.set(annotationUID, setTimeout(act, ms));
  }

  /** Compares an annotation with what is kept of it, and sends what is new. */
  #now(annotationUID: string, mayWait = false): void {
    clearTimeout(this.#waiting.get(annotationUID));
    this.#waiting.delete(annotationUID);
    const uid = trackingUid(annotationUID);
    if (uid === undefined) return;
    // Before the server has answered once nobody knows whose this is: it waits, and is not forgotten.
    if (this.#keeper === undefined) {
      this.#later(annotationUID, AGAIN_MS);
      return;
    }
    const known = this.#items.get(uid);
    if (known?.item.own === false) return;
    const annotation = annotationOf(annotationUID);
    if (annotation === undefined) {
      if (known !== undefined && !known.item.removed) this.#change(known.study, known.item.measurement, true);
      return;
    }
    const made = measured(this.host, annotation);
    if (made === undefined) return;
    const kept = known?.item;
    if (kept !== undefined && !kept.removed && !differs(made.measurement, kept.measurement)) return;
    const { tool: drawnWith, values } = made.measurement;
    if (mayWait && values.length === 0 && drawnWith !== "ArrowAnnotate") {
      this.#later(annotationUID, VALUES_MS);
      return;
    }
    const study = known?.study ?? made.study;
    // A spline is drawn again as an outline; what it was drawn with stays its name.
    const tool = kept?.measurement.tool ?? drawnWith;
    this.#change(study, { ...made.measurement, tool }, false);
  }

  #change(study: string, measurement: Measurement, removed: boolean): void {
    const uid = measurement.trackingUid;
    const before = this.#items.get(uid)?.item;
    const now = new Date().toISOString();
    const item: Item = {
      author: this.#account,
      own: true,
      version: before?.version ?? 0,
      madeAt: before?.madeAt ?? now,
      changedAt: now,
      removed,
      measurement,
    };
    this.#items.set(uid, { study, item });
    this.#keeper?.change(study, uid, removed ? null : measurement);
    this.#tell();
  }

  // What the server tells.

  /** Asks for the work on exams that weren't open before, and draws what now has its image. */
  async open(studies: string[]): Promise<void> {
    const fresh = studies.filter((study) => !this.#asked.has(study));
    for (const study of fresh) this.#asked.add(study);
    await Promise.all(fresh.map((study) => this.#ask(study)));
    this.#draw();
  }

  /** Asks again for everything that is open: others go on with their work, too. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#asked].map((study) => this.#ask(study)));
    this.#draw();
  }

  async #ask(study: string): Promise<void> {
    try {
      if (this.#keeper === undefined) publish({ mayMeasure: await mayMeasure() });
      this.#take(study, await workOn(study));
      this.#failed.delete(study);
    } catch {
      this.#failed.add(study);
      setTimeout(() => void this.#askAgain(study), AGAIN_MS);
    }
    publish({ asking: false });
    this.#tell();
  }

  async #askAgain(study: string): Promise<void> {
    if (this.#ended || !this.#failed.has(study)) return;
    await this.#ask(study);
    this.#draw();
  }

  #take(study: string, work: Work): void {
    this.#account = work.account;
    this.#keeper ??= new Keeper(door, localStorage, (uid, kept) => this.#heard(uid, kept), work.account);
    for (const item of work.measurements) this.#learn(study, item);
    this.#reports.set(study, work.reports);
    this.#keeper.resume(study, (uid, to) => this.#resumed(study, uid, to));
  }

  /** A newer version than the one shown takes its place, unless this window has something of its own to send. */
  #learn(study: string, item: Item): void {
    const uid = item.measurement.trackingUid;
    const before = this.#items.get(uid)?.item;
    if (item.own && this.#keeper?.standing(uid).kind !== "kept") return;
    if (item.own) this.#keeper?.seen(study, uid, item.version);
    if (before !== undefined && before.version >= item.version) return;
    this.#items.set(uid, { study, item });
    if (before !== undefined) this.#erase(uid);
  }

  #resumed(study: string, uid: string, to: Measurement | null): void {
    if (to === null) {
      const known = this.#items.get(uid);
      if (known !== undefined) this.#items.set(uid, { study, item: { ...known.item, removed: true } });
      this.#erase(uid);
    } else this.#unsent.set(uid, { study, to });
  }

  #heard(uid: string, kept: { version: number; changedAt: string } | undefined): void {
    const known = this.#items.get(uid);
    if (known !== undefined && kept !== undefined)
      this.#items.set(uid, { ...known, item: { ...known.item, ...kept } });
    this.#tell();
  }

  /** Of two versions this window's is kept, or the other's. */
  decide(uid: string, mine: boolean): void {
    const standing = this.#keeper?.standing(uid);
    const known = this.#items.get(uid);
    if (standing?.kind !== "newer" || known === undefined) return;
    if (mine) return this.#keeper?.insist(uid);
    this.#keeper?.giveUp(uid);
    this.#items.set(uid, { ...known, item: standing.item });
    this.#erase(uid);
    this.#draw();
  }

  /** An earlier version is the newest again. */
  bringBack(uid: string, measurement: Measurement): void {
    const known = this.#items.get(uid);
    if (known === undefined) return;
    this.#change(known.study, measurement, false);
    this.#erase(uid);
    this.#draw();
  }

  rename(uid: string, label: string): void {
    const known = this.#items.get(uid);
    const annotation = annotationOf(annotationUid(uid));
    if (known === undefined) return;
    if (annotation !== undefined) {
      annotation.data.label = label;
      if (annotation.metadata.toolName === "ArrowAnnotate") annotation.data.text = label;
    }
    this.#change(known.study, { ...known.item.measurement, label }, false);
    this.#render();
  }

  /** What the server will never take is taken off the screen by who drew it. */
  drop(uid: string): void {
    this.#keeper?.giveUp(uid);
    const known = this.#items.get(uid);
    if (known !== undefined) this.#items.set(uid, { ...known, item: { ...known.item, removed: true } });
    this.#erase(uid);
    this.#tell();
  }

  // What is drawn.

  #draw(): void {
    for (const [uid, { study, to }] of this.#unsent) {
      const before = this.#items.get(uid)?.item;
      const now = new Date().toISOString();
      const version = before?.version ?? 0;
      const item = { author: this.#account, own: true, version, madeAt: now, changedAt: now, removed: false };
      this.#items.set(uid, { study, item: { ...item, ...before, removed: false, measurement: to } });
      this.#erase(uid);
      this.#unsent.delete(uid);
    }
    for (const { item } of this.#items.values()) if (!item.removed) this.#show(drawn(this.host, item));
    for (const report of [...this.#reports.values()].flat())
      for (const annotation of drawnFrom(this.host, report)) this.#show(annotation);
    this.#render();
    this.#tell();
  }

  #show(annotation: Annotation | undefined): void {
    if (annotation === undefined || annotationOf(annotation.annotationUID) !== undefined) return;
    const { state, locking, config } = window.cornerstoneTools.annotation;
    this.#shown.add(annotation.annotationUID);
    state.addAnnotation(annotation, annotation.metadata.FrameOfReferenceUID ?? "");
    if (annotation.isLocked !== true) return;
    locking.setAnnotationLocked(annotation.annotationUID, true);
    // Other people's work is told from one's own at a glance.
    config.style.setAnnotationStyles(annotation.annotationUID, OTHERS);
  }

  /** Without a removal of what is kept: something newer is drawn in its place. */
  #erase(uid: string): void {
    const annotationUID = annotationUid(uid);
    if (annotationOf(annotationUID) === undefined) return;
    window.cornerstoneTools.annotation.state.removeAnnotation(annotationUID);
    clearTimeout(this.#waiting.get(annotationUID));
    this.#waiting.delete(annotationUID);
  }

  #render(): void {
    const { viewportGridService, cornerstoneViewportService } = this.host.servicesManager.services;
    for (const id of viewportGridService.getState().viewports.keys())
      cornerstoneViewportService.getCornerstoneViewport(id)?.render();
  }

  #tell(): void {
    const rows = [...this.#items].map(([uid, { study, item }]): Row => ({
      study,
      item,
      standing: this.#keeper?.standing(uid) ?? { kind: "kept" },
    }));
    publish({
      rows: rows.toSorted(byOwnerAndTime),
      reports: [...this.#reports].flatMap(([study, reports]) => reports.map((one) => ({ ...one, study }))),
      unsent: this.#keeper?.unsent ?? this.#waiting.size,
      offline: this.#keeper?.offline ?? false,
      failed: [...this.#failed],
    });
  }
}

const AMBER = "rgb(255, 176, 92)";
const OTHERS = {
  color: AMBER,
  colorLocked: AMBER,
  lineDash: "4,3",
  lineDashLocked: "4,3",
  textBoxColor: AMBER,
  textBoxColorLocked: AMBER,
};

function annotationOf(uid: string): Annotation | undefined {
  return window.cornerstoneTools.annotation.state.getAnnotation(uid);
}

function byOwnerAndTime(a: Row, b: Row): number {
  if (a.item.own !== b.item.own) return a.item.own ? -1 : 1;
  return a.item.author.localeCompare(b.item.author) || b.item.madeAt.localeCompare(a.item.madeAt);
}

let open: Desk | undefined;

/** The desk of the exams that are open. */
export const theDesk = (): Desk | undefined => open;

export function setDesk(desk: Desk | undefined): void {
  open = desk;
}
