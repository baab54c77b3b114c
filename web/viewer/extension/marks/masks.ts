// Between labelmaps, a number for each pixel, and masks, a bit for each pixel of one segment, as they are sent.
import type { Labels } from "../host/cornerstone";

/** One bit a pixel, the first pixel in the lowest bit of the first byte (PS3.5 §8.1.1), for each segment there is. */
export function masksOf(labels: ArrayLike<number>): Map<number, Uint8Array> {
  const masks = new Map<number, Uint8Array>();
  for (let at = 0; at < labels.length; at += 1) {
    const segment = labels[at] ?? 0;
    if (segment === 0) continue;
    let mask = masks.get(segment);
    if (mask === undefined) masks.set(segment, (mask = new Uint8Array(Math.ceil(labels.length / 8))));
    mask[at >> 3] = (mask[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return masks;
}

/** Writes a segment's pixels into a labelmap; what other segments have stays where this one has nothing. */
export function paint(labels: Labels, segment: number, mask: Uint8Array): void {
  for (let at = 0; at < labels.length; at += 1)
    if (((mask[at >> 3] ?? 0) >> (at & 7)) & 1) labels[at] = segment;
}

export function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

async function through(bytes: Uint8Array, stream: GenericTransformStream): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** zlib (RFC 1950) in base64: masks are mostly empty. */
export async function pack(mask: Uint8Array): Promise<string> {
  const packed = await through(mask, new CompressionStream("deflate"));
  let text = "";
  for (const byte of packed) text += String.fromCharCode(byte);
  return btoa(text);
}

export function unpack(text: string): Promise<Uint8Array> {
  return through(
    Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
    new DecompressionStream("deflate"),
  );
}
