// Keeps what is drawn: sends each change as soon as it is made, one after another for each measurement, tries
// again until it is kept, and remembers in this browser what isn't kept yet.
import type { Item, Measurement } from "./types";

/** What the server said to a change. */
export type Answer =
  | { kind: "kept"; version: number; changedAt: string }
  | { kind: "newer"; item: Item }
  | { kind: "signedOut" }
  /** It will not be taken, however often it is sent. */
  | { kind: "refused"; why: string }
  /** Nobody answered, or the server could not: again later. */
  | { kind: "later" };

export interface Door {
  send: (study: string, uid: string, to: Measurement | null, version: number) => Promise<Answer>;
}

/** `localStorage`, or what stands for it in tests. */
export type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export type Standing =
  | { kind: "kept" }
  | { kind: "sending" }
  | { kind: "waiting" }
  | { kind: "refused"; why: string }
  | { kind: "newer"; item: Item };

interface Entry {
  study: string;
  /** The version this browser has seen; 0 before there is one. */
  version: number;
  /** What is to be kept; null to remove it, undefined when there is nothing to send. */
  wanted: Measurement | null | undefined;
  standing: Standing;
  busy: boolean;
  tries: number;
}

/** What lies in the browser's memory for one change. */
interface Unsent {
  version: number;
  to: Measurement | null;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export class Keeper {
  readonly #entries = new Map<string, Entry>();
  readonly #prefix: string;

  constructor(
    private readonly door: Door,
    private readonly memory: Memory,
    private readonly tell: (uid: string, kept?: { version: number; changedAt: string }) => void,
    account: string,
    private readonly later: (action: () => void, ms: number) => void = (action, ms) => setTimeout(action, ms),
  ) {
    this.#prefix = `isocenter.work/${account}/`;
  }

  /** Told what the server has, so that changes are made from it. */
  seen(study: string, uid: string, version: number): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) this.#entries.set(uid, { ...FRESH, study, version });
    else if (entry.wanted === undefined) entry.version = version;
  }

  knows(uid: string): boolean {
    return this.#entries.has(uid);
  }

  standing(uid: string): Standing {
    return this.#entries.get(uid)?.standing ?? { kind: "kept" };
  }

  /** How many changes aren't kept yet. */
  get unsent(): number {
    return [...this.#entries.values()].filter(({ wanted }) => wanted !== undefined).length;
  }

  /** Whether the server is not answering. */
  get offline(): boolean {
    return [...this.#entries.values()].some(({ standing }) => standing.kind === "waiting");
  }

  change(study: string, uid: string, to: Measurement | null): void {
    const entry = this.#entries.get(uid) ?? { ...FRESH, study };
    this.#entries.set(uid, entry);
    entry.wanted = to;
    this.#remember(study, uid, { version: entry.version, to });
    if (entry.standing.kind === "newer") return;
    void this.#send(uid, entry);
  }

  /** Of two versions made from the same one: this browser's goes on top of the other. */
  insist(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry?.standing.kind !== "newer") return;
    entry.version = entry.standing.item.version;
    entry.standing = { kind: "sending" };
    void this.#send(uid, entry);
  }

  /** Or it is given up, and the other stands. */
  giveUp(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry === undefined) return;
    if (entry.standing.kind === "newer") entry.version = entry.standing.item.version;
    this.#settle(uid, entry);
  }

  /** What an earlier window left unsent for this exam is sent now. What is given is shown already. */
  resume(study: string, show: (uid: string, to: Measurement | null) => void): void {
    for (const key of this.#keys(study)) {
      const uid = key.slice(key.lastIndexOf("/") + 1);
      const unsent = read(this.memory.getItem(key));
      if (unsent === undefined) continue;
      const entry = this.#entries.get(uid) ?? { ...FRESH, study };
      if (entry.wanted !== undefined) continue;
      this.#entries.set(uid, entry);
      // Made from what was there then: whether somebody went on from it, the server tells.
      entry.version = unsent.version;
      entry.wanted = unsent.to;
      show(uid, unsent.to);
      void this.#send(uid, entry);
    }
  }

  async #send(uid: string, entry: Entry): Promise<void> {
    if (entry.busy || entry.wanted === undefined) return;
    // Taken away before it was ever kept.
    if (entry.wanted === null && entry.version === 0) {
      this.#settle(uid, entry);
      return;
    }
    entry.busy = true;
    const sent = entry.wanted;
    this.#stand(uid, entry, { kind: "sending" });
    const answer = await this.door
      .send(entry.study, uid, sent, entry.version)
      .catch((): Answer => ({ kind: "later" }));
    entry.busy = false;
    this.#heard(uid, entry, sent, answer);
  }

  #heard(uid: string, entry: Entry, sent: Measurement | null, answer: Answer): void {
    switch (answer.kind) {
      case "kept":
        entry.tries = 0;
        entry.version = answer.version;
        this.tell(uid, answer);
        if (entry.wanted === sent) {
          this.#settle(uid, entry);
          return;
        }
        this.#remember(entry.study, uid, { version: entry.version, to: entry.wanted ?? null });
        void this.#send(uid, entry);
        return;
      case "newer":
        this.#stand(uid, entry, { kind: "newer", item: answer.item });
        return;
      case "refused":
        this.#stand(uid, entry, { kind: "refused", why: answer.why });
        return;
      // Both stay in the browser's memory: they are sent when somebody is signed in again.
      case "signedOut":
        this.#stand(uid, entry, { kind: "waiting" });
        return;
      case "later": {
        this.#stand(uid, entry, { kind: "waiting" });
        const wait = Math.min(FIRST_WAIT_MS * 2 ** entry.tries, LONGEST_WAIT_MS);
        entry.tries += 1;
        this.later(() => void this.#send(uid, entry), wait);
      }
    }
  }

  #stand(uid: string, entry: Entry, standing: Standing): void {
    entry.standing = standing;
    this.tell(uid);
  }

  #settle(uid: string, entry: Entry): void {
    entry.wanted = undefined;
    entry.tries = 0;
    this.memory.removeItem(this.#key(entry.study, uid));
    this.#stand(uid, entry, { kind: "kept" });
  }

  #remember(study: string, uid: string, unsent: Unsent): void {
    try {
      this.memory.setItem(this.#key(study, uid), JSON.stringify(unsent));
    } catch {
      // A full memory: what is drawn is still sent, and stands in this window until it is.
    }
  }

  #key(study: string, uid: string): string {
    return `${this.#prefix}${study}/${uid}`;
  }

  #keys(study: string): string[] {
    const all = Array.from({ length: this.memory.length }, (_, at) => this.memory.key(at));
    return all.filter((key) => key !== null).filter((key) => key.startsWith(`${this.#prefix}${study}/`));
  }
}

const FRESH: Omit<Entry, "study"> = {
  version: 0,
  wanted: undefined,
  standing: { kind: "kept" },
  busy: false,
  tries: 0,
};

function read(kept: string | null): Unsent | undefined {
  try {
    return kept === null ? undefined : (JSON.parse(kept) as Unsent);
  } catch {
    return undefined;
  }
}
