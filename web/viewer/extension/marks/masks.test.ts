// @vitest-environment node
import { expect, it } from "vitest";
import { masksOf, pack, paint, same, unpack } from "./masks";

const labels = Uint8Array.from({ length: 19 }, (_, at) => [0, 1, 2][at % 3] ?? 0);

it("each segment's mask has a bit for each of its pixels, the first in the lowest bit", () => {
  const masks = masksOf(labels);
  expect([...masks.keys()]).toEqual([1, 2]);
  expect([...(masks.get(1) ?? [])]).toEqual([0b10010010, 0b00100100, 0b001]);
});

it("painting the masks gives the labelmap back", () => {
  const again = new Uint8Array(labels.length);
  for (const [segment, mask] of masksOf(labels)) paint(again, segment, mask);
  expect(again).toEqual(labels);
});

it("a mask is packed and unpacked unchanged", async () => {
  const mask = Uint8Array.from({ length: 3000 }, (_, at) => (at % 17 === 0 ? 255 : 0));
  expect(same(await unpack(await pack(mask)), mask)).toBe(true);
  expect(same(mask, undefined)).toBe(false);
});
