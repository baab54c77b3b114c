import { problemFrom } from "../../api/problem";
import { pictureUrl, type FrameAddress } from "../../api/rendered";
import type { Window } from "./windows";

/** The picture on screen, as the server renders it in its full size. */
export interface PictureWish {
  at: FrameAddress;
  window: Window | undefined;
  inverted: boolean;
}

export type PictureType = "image/png" | "image/jpeg";

/**
 * Fetches it.
 *
 * @throws {Problem} when the server can't render it.
 */
export async function fetchPicture({ at, window, inverted }: PictureWish, type: PictureType): Promise<Blob> {
  const answer = await fetch(pictureUrl(at, window), {
    credentials: "same-origin",
    headers: { Accept: type },
  });
  if (!answer.ok) {
    const body: unknown = await answer.json().catch(() => undefined);
    throw problemFrom(answer.status, body);
  }
  const picture = await answer.blob();
  return inverted ? invert(picture, type) : picture;
}

/** White minus the picture: what the screen shows of one that is inverted. */
async function invert(picture: Blob, type: PictureType): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.globalCompositeOperation = "difference";
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type, quality: 0.95 });
}

/** Gives the browser a file to keep. */
export function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Whether this browser lets pages put pictures into the clipboard: over TLS, or on this machine. */
export const canCopyPictures = (): boolean =>
  typeof ClipboardItem !== "undefined" && (navigator.clipboard as Clipboard | undefined) !== undefined;

/** Puts it into the clipboard. The item takes the promise, so that the click still counts when it is there. */
export async function copyPicture(wish: PictureWish): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ "image/png": fetchPicture(wish, "image/png") })]);
}
