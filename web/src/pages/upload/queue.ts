import { t } from "@lingui/core/macro";
import { Problem } from "../../api/problem";
import { Rate } from "./rate";

/** A file on its way: where it stood in the chosen folder, and its content. */
export interface Picked {
  path: string;
  file: File;
}

/** What became of a file. `failed`: it never reached the server; everything else is the server's word. */
export type Outcome =
  "stored" | "alreadyHeld" | "conflict" | "quarantined" | "refused" | "ignored" | "failed";

export interface Verdict {
  outcome: Outcome;
  reason?: string | undefined;
}

/** A file that needs a look, and why. */
export interface Trouble extends Verdict {
  path: string;
}

/** The server's side of an upload. */
export interface Transport {
  start: () => Promise<string>;
  /** What arrived under this upload before; `undefined` when the server knows no such upload. */
  arrived: (id: string) => Promise<{ path: string; size: number; outcome: Outcome }[] | undefined>;
  put: (
    id: string,
    picked: Picked,
    onProgress: (sent: number) => void,
    signal: AbortSignal,
  ) => Promise<Verdict>;
  finish: (id: string) => Promise<unknown>;
  /** Resolves once somebody is signed in. */
  signedIn: () => Promise<void>;
}

/** What keeps everything from moving until it is mended: no server, or nobody signed in. */
export type Hindrance = "connection" | "session";

/** Where the id of an unfinished upload outlives a reload. */
export interface Memory {
  load: () => string | undefined;
  save: (id: string | undefined) => void;
}

export type Phase = "idle" | "reading" | "sending" | "paused" | "done" | "stopped";

export interface Progress {
  phase: Phase;
  files: number;
  bytes: number;
  doneFiles: number;
  doneBytes: number;
  /** Files that an earlier, interrupted run had brought already. */
  resumed: number;
  counts: Record<Outcome, number>;
  troubles: readonly Trouble[];
  bytesPerSecond: number;
  secondsLeft: number;
  /** What everything waits for. */
  hindrance: Hindrance | undefined;
  /** Why nothing moves at all, when the upload itself was refused. */
  refusal: unknown;
}

const LANES = 6;
/** For trouble with one file. A server that is away is waited for, as long as it takes. */
const ATTEMPTS = 6;
const LONGEST_PAUSE_MS = 4_000;
/** A list that a person can read; the counts tell the rest. */
const TROUBLES_SHOWN = 2_000;
const TELL_EVERY_MS = 120;

const noCounts = (): Record<Outcome, number> => ({
  stored: 0,
  alreadyHeld: 0,
  conflict: 0,
  quarantined: 0,
  refused: 0,
  ignored: 0,
  failed: 0,
});

/** Sends thousands of files a few at a time, tries again when the line drops, and can be taken up after a reload. */
export class UploadQueue {
  private phase: Phase = "idle";
  private waiting: Picked[] = [];
  private failed: Picked[] = [];
  private sending = new Map<Picked, number>();
  private known = new Map<string, number>();
  private id: Promise<string> | undefined;
  private reading = 0;
  private files = 0;
  private bytes = 0;
  private doneFiles = 0;
  private doneBytes = 0;
  private resumed = 0;
  private counts = noCounts();
  private troubles: Trouble[] = [];
  private refusal: unknown;
  private hindrance: Hindrance | undefined;
  private stop = new AbortController();
  private rate = new Rate();
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private snapshot: Progress;

  constructor(
    private readonly transport: Transport,
    private readonly memory: Memory,
    private readonly pause: (ms: number) => Promise<void> = (ms) =>
      new Promise((done) => setTimeout(done, ms)),
  ) {
    this.snapshot = this.progress();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): Progress => this.snapshot;

  /** Whether an earlier upload was cut off and can be taken up by choosing the same folder again. */
  unfinished(): boolean {
    return this.phase === "idle" && this.memory.load() !== undefined;
  }

  /** Takes files as they are found; sending starts with the first. */
  async add(found: AsyncIterable<Picked> | Iterable<Picked>): Promise<void> {
    if (this.phase === "done" || this.phase === "stopped") this.reset();
    this.reading += 1;
    this.phase = "sending";
    try {
      const id = await this.upload();
      for await (const picked of found) {
        if (this.stop.signal.aborted) break;
        this.accept(picked);
        this.pump(id);
      }
    } catch (error) {
      this.refuse(error);
    } finally {
      this.reading -= 1;
      this.settle();
    }
  }

  /** Sends once more what never reached the server. */
  async retryFailed(): Promise<void> {
    const again = this.failed;
    this.failed = [];
    this.troubles = this.troubles.filter((trouble) => trouble.outcome !== "failed");
    this.files -= again.length;
    this.doneFiles -= again.length;
    for (const { file } of again) {
      this.bytes -= file.size;
      this.doneBytes -= file.size;
    }
    this.counts.failed = 0;
    this.phase = "sending";
    await this.add(again);
  }

  /** Stops now. What arrived stays; the rest can be sent later by choosing the folder again. */
  cancel(): void {
    this.stop.abort();
    this.waiting = [];
    this.phase = "stopped";
    this.tell(true);
  }

  /** Back to an empty page. */
  reset(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.waiting = [];
    this.failed = [];
    this.sending.clear();
    this.known.clear();
    this.id = undefined;
    this.files = this.bytes = this.doneFiles = this.doneBytes = this.resumed = 0;
    this.counts = noCounts();
    this.troubles = [];
    this.refusal = undefined;
    this.hindrance = undefined;
    this.rate = new Rate();
    this.phase = "idle";
    this.tell(true);
  }

  /** Gives up an earlier upload that was cut off. */
  forget(): void {
    this.memory.save(undefined);
    this.tell(true);
  }

  private upload(): Promise<string> {
    this.id ??= this.resumeOrStart();
    return this.id;
  }

  private async resumeOrStart(): Promise<string> {
    const earlier = this.memory.load();
    const arrived = earlier === undefined ? undefined : await this.transport.arrived(earlier);
    if (earlier !== undefined && arrived !== undefined) {
      for (const { path, size, outcome } of arrived) if (outcome !== "failed") this.known.set(path, size);
      return earlier;
    }
    const id = await this.transport.start();
    this.memory.save(id);
    return id;
  }

  private accept(picked: Picked): void {
    this.files += 1;
    this.bytes += picked.file.size;
    if (this.known.get(picked.path) === picked.file.size) {
      this.resumed += 1;
      this.doneFiles += 1;
      this.doneBytes += picked.file.size;
    } else {
      this.waiting.push(picked);
    }
    this.tell();
  }

  private pump(id: string): void {
    while (this.sending.size < LANES && !this.stop.signal.aborted) {
      const picked = this.waiting.shift();
      if (picked === undefined) return;
      this.sending.set(picked, 0);
      void this.deliver(id, picked);
    }
  }

  private async deliver(id: string, picked: Picked): Promise<void> {
    const stop = this.stop;
    const verdict = await this.persist(id, picked, stop.signal);
    if (stop.signal.aborted) return;
    this.record(picked, verdict);
    this.pump(id);
    this.settle();
  }

  private async persist(id: string, picked: Picked, signal: AbortSignal): Promise<Verdict> {
    const stopped = () => signal.aborted;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const verdict = await this.transport.put(id, picked, (sent) => this.advance(picked, sent), signal);
        this.hindrance = undefined;
        return verdict;
      } catch (error) {
        const hindrance = hindranceOf(error);
        const given = hindrance === undefined && (attempt >= ATTEMPTS || !passing(error));
        if (stopped() || given) return { outcome: "failed", reason: why(error) };
        this.advance(picked, 0);
        this.hindrance = hindrance;
        this.tell(true);
        if (hindrance === "session") await this.transport.signedIn();
        else await this.pause(Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt));
        if (stopped()) return { outcome: "failed", reason: why(error) };
      }
    }
  }

  private advance(picked: Picked, sent: number): void {
    const before = this.sending.get(picked);
    if (before === undefined) return;
    this.sending.set(picked, Math.min(sent, picked.file.size));
    this.rate.add(Math.max(0, sent - before), Date.now());
    this.tell();
  }

  private record(picked: Picked, verdict: Verdict): void {
    this.advance(picked, picked.file.size);
    this.sending.delete(picked);
    this.doneFiles += 1;
    this.doneBytes += picked.file.size;
    this.counts[verdict.outcome] += 1;
    if (verdict.outcome === "failed") this.failed.push(picked);
    const quiet = verdict.outcome === "stored" || verdict.outcome === "alreadyHeld";
    if (!quiet && this.troubles.length < TROUBLES_SHOWN) {
      this.troubles = [...this.troubles, { path: picked.path, ...verdict }];
    }
    this.tell();
  }

  /** Ends the upload once everything found was dealt with. */
  private settle(): void {
    const busy = this.reading > 0 || this.waiting.length > 0 || this.sending.size > 0;
    if (busy || this.phase !== "sending") return;
    this.phase = "done";
    if (this.counts.failed === 0 && this.refusal === undefined) void this.finish();
    this.tell(true);
  }

  private async finish(): Promise<void> {
    const id = await this.id;
    if (id === undefined) return;
    this.memory.save(undefined);
    this.id = undefined;
    // Every file is safe already; a lost goodbye changes nothing.
    await this.transport.finish(id).catch(() => undefined);
  }

  private refuse(error: unknown): void {
    this.refusal = error;
    this.id = undefined;
    this.waiting = [];
  }

  private tell(now = false): void {
    if (now) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.publish();
    } else {
      this.timer ??= setTimeout(() => this.publish(), TELL_EVERY_MS);
    }
  }

  private publish(): void {
    this.timer = undefined;
    this.snapshot = this.progress();
    for (const listener of this.listeners) listener();
  }

  private progress(): Progress {
    const under = [...this.sending.values()].reduce((sum, sent) => sum + sent, 0);
    const doneBytes = this.doneBytes + under;
    const bytesPerSecond = this.rate.perSecond(Date.now());
    return {
      phase: this.phase,
      files: this.files,
      bytes: this.bytes,
      doneFiles: this.doneFiles,
      doneBytes,
      resumed: this.resumed,
      counts: { ...this.counts },
      troubles: this.troubles,
      bytesPerSecond,
      secondsLeft: (this.bytes - doneBytes) / bytesPerSecond,
      hindrance: this.hindrance,
      refusal: this.refusal,
    };
  }
}

/** Trouble that isn't this file's: giving up on it would give up on all. */
function hindranceOf(error: unknown): Hindrance | undefined {
  if (error instanceof TypeError) return "connection";
  return error instanceof Problem && error.status === 401 ? "session" : undefined;
}

/** Trouble that passes by itself: a busy or restarting server. */
function passing(error: unknown): boolean {
  return error instanceof Problem && (error.status >= 500 || error.status === 429 || error.status === 408);
}

function why(error: unknown): string {
  if (error instanceof Problem)
    return error.detail === undefined ? error.message : `${error.message}. ${error.detail}`;
  if (error instanceof TypeError) return t`No connection to the server`;
  return error instanceof Error ? error.message : t`Unknown trouble`;
}
