/** Messages and files on their way: what each is, how far it is, what became of it. */
import { bringSource, isUnread, sourceOf, type SourceInFull } from "../../api/records";
import { describe, Problem } from "../../api/problem";
import type { Picked } from "../upload/queue";

export type Stage = "waiting" | "sending" | "reading" | "done" | "failed";

export interface Brought {
  key: number;
  name: string;
  stage: Stage;
  /** What it came to, once it is read. */
  source?: SourceInFull;
  /** Why it was not sent. */
  why?: string;
}

/** What is looked at to know what a file is. */
const PEEK = 4096;

/** What a file is: by its name, else by how it begins. */
const formatOf = async (file: File): Promise<string | undefined> =>
  formatBy(file.name, await file.slice(0, PEEK).text());

export function formatBy(name: string, begin: string): string | undefined {
  const head = begin.trimStart();
  if (/^(MSH|FHS|BHS)./.test(head)) return "hl7v2";
  if (/\.(hl7|hl7v2|er7)$/i.test(name)) return "hl7v2";
  if (/\.(ndjson|jsonl)$/i.test(name)) return "fhir-ndjson";
  if (head.startsWith("##fileformat=VCF") || /\.vcf$/i.test(name)) return "vcf";
  if (isCodes(head)) return "codes";
  if (head.startsWith("{")) return severalLines(head) ? "fhir-ndjson" : "fhir";
  return undefined;
}

/** A table that maps codes, or a ConceptMap. */
function isCodes(head: string): boolean {
  if (head.startsWith("{")) return /"resourceType"\s*:\s*"ConceptMap"/.test(head);
  const [header = ""] = head.split(/[\r\n]/);
  return /\bsource_code\b/i.test(header) && /\btarget_code\b/i.test(header);
}

/** Whether the first line is a whole resource and another follows. */
function severalLines(head: string): boolean {
  const [first = "", second = ""] = head.split("\n");
  if (!second.trimStart().startsWith("{")) return false;
  try {
    JSON.parse(first);
    return true;
  } catch {
    return false;
  }
}

/** How many are sent at once. */
const AT_ONCE = 3;
const LOOK_AGAIN_MS = 400;
/** After so many looks it is left to the stream to tell. */
const LOOKS = 150;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What is being brought; it lives longer than the page, as sending goes on while one looks elsewhere. */
export class Bringing {
  private all: Brought[] = [];
  private queue: { key: number; file: File }[] = [];
  private working = 0;
  private listeners = new Set<() => void>();
  /** Said where a file is no message. */
  unknown = "";

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  current = (): Brought[] => this.all;

  forget = (): void => this.set(this.all.filter(({ stage }) => stage !== "done" && stage !== "failed"));

  async add(files: Iterable<Picked> | AsyncIterable<Picked>): Promise<void> {
    for await (const { path, file } of files) {
      const key = (this.all.at(-1)?.key ?? 0) + 1;
      this.set([...this.all, { key, name: path, stage: "waiting" }]);
      this.queue.push({ key, file });
      if (this.working < AT_ONCE) void this.work();
    }
  }

  private async work(): Promise<void> {
    this.working += 1;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      await this.bring(next.key, next.file);
    }
    this.working -= 1;
  }

  private async bring(key: number, file: File): Promise<void> {
    try {
      const format = await formatOf(file);
      if (format === undefined) {
        this.change(key, { stage: "failed", why: this.unknown });
        return;
      }
      this.change(key, { stage: "sending" });
      const id = await bringSource(file, format);
      this.change(key, { stage: "reading" });
      const source = await outcome(id);
      this.change(key, { stage: "done", ...(source === undefined ? {} : { source }) });
    } catch (error) {
      const { title, detail } = describe(error);
      this.change(key, { stage: "failed", why: detail ?? title });
    }
  }

  private change(key: number, part: Partial<Brought>): void {
    this.set(this.all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }

  private set(all: Brought[]): void {
    this.all = all;
    for (const listener of this.listeners) listener();
  }
}

/** What became of it; it is durable, but may not be known yet. */
async function outcome(id: string): Promise<SourceInFull | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    try {
      const source = await sourceOf(id);
      if (!isUnread(source)) return source;
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
    }
    await pause(LOOK_AGAIN_MS);
  }
  return undefined;
}

export const bringing = new Bringing();
