import { useEffect, useState } from "react";
import type { FrameLoader } from "./loader";

export interface Shown {
  bitmap: ImageBitmap | undefined;
  error: unknown;
  busy: boolean;
}

/** The picture at `url`; until it is there, the picture before it stays on screen. */
export function useFrame(loader: FrameLoader, url: string | undefined): Shown {
  const [shown, setShown] = useState<{ url: string; bitmap?: ImageBitmap; error?: unknown }>();
  useEffect(() => {
    if (url === undefined) return;
    let current = true;
    loader.load(url).then(
      (bitmap) => current && setShown({ url, bitmap }),
      (error: unknown) => current && setShown({ url, error }),
    );
    return () => {
      current = false;
    };
  }, [loader, url]);
  if (url === undefined) return { bitmap: undefined, error: undefined, busy: false };
  const ready = loader.ready(url);
  if (ready !== undefined) return { bitmap: ready, error: undefined, busy: false };
  const settled = shown?.url === url;
  return { bitmap: shown?.bitmap, error: settled ? shown.error : undefined, busy: !settled };
}
