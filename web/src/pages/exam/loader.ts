import { problemFrom } from "../../api/problem";

/** Decoded pictures kept in memory, in bytes of RGBA. A 2,000-slice exam stays bounded. */
const BUDGET = 160 * 1024 * 1024;
/** Requests at once; the picture on screen never waits behind more than these. */
const LANES = 4;

interface Kept {
  bitmap: ImageBitmap;
  bytes: number;
}

/** Fetches and decodes rendered frames, newest wish first, and keeps the recent ones. */
export class FrameLoader {
  private readonly kept = new Map<string, Kept>();
  private readonly flying = new Map<string, Promise<ImageBitmap>>();
  private wishes: string[] = [];
  private bytes = 0;

  /** The picture if it is at hand. */
  ready(url: string): ImageBitmap | undefined {
    const found = this.kept.get(url);
    if (found === undefined) return undefined;
    this.kept.delete(url);
    this.kept.set(url, found);
    return found.bitmap;
  }

  /**
   * The picture, fetched if need be.
   *
   * @throws {Problem} when the server can't render it.
   */
  async load(url: string): Promise<ImageBitmap> {
    return this.ready(url) ?? this.flying.get(url) ?? this.fly(url);
  }

  /** Fetches these in the given order when nothing better is to be done; replaces earlier wishes. */
  wish(urls: string[]): void {
    this.wishes = urls.filter((url) => !this.kept.has(url) && !this.flying.has(url));
    this.pump();
  }

  close(): void {
    this.wishes = [];
    for (const { bitmap } of this.kept.values()) bitmap.close();
    this.kept.clear();
    this.bytes = 0;
  }

  private pump(): void {
    while (this.flying.size < LANES) {
      const url = this.wishes.shift();
      if (url === undefined) return;
      // A wish that fails is told when somebody really asks for the picture.
      this.fly(url).catch(() => undefined);
    }
  }

  private fly(url: string): Promise<ImageBitmap> {
    const flight = fetchBitmap(url)
      .then((bitmap) => this.keep(url, bitmap))
      .finally(() => {
        this.flying.delete(url);
        this.pump();
      });
    this.flying.set(url, flight);
    return flight;
  }

  private keep(url: string, bitmap: ImageBitmap): ImageBitmap {
    const bytes = bitmap.width * bitmap.height * 4;
    this.kept.set(url, { bitmap, bytes });
    this.bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.kept) {
      if (this.bytes <= BUDGET || oldest === url) break;
      // Not closed here: it may still be on screen; the collector frees it afterwards.
      this.kept.delete(oldest);
      this.bytes -= freed;
    }
    return bitmap;
  }
}

async function fetchBitmap(url: string): Promise<ImageBitmap> {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "image/jpeg" } });
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined);
    throw problemFrom(response.status, body);
  }
  return createImageBitmap(await response.blob());
}
