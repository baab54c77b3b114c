import { useCallback, useMemo, useState } from "react";
import type { Window } from "./windows";

/** What is on screen and how. */
export interface Look {
  index: number;
  last: number;
  /** Where the last step went; pictures are fetched ahead in this direction. */
  direction: 1 | -1;
  /** `undefined`: the window stored in the object. */
  window: Window | undefined;
  inverted: boolean;
  zoom: number;
  pan: { x: number; y: number };
  playing: boolean;
  /** Frames per second. */
  speed: number;
  go: (to: number) => void;
  step: (by: number) => void;
  setWindow: (window: Window | undefined) => void;
  invert: () => void;
  setZoom: (zoom: number) => void;
  setPan: (pan: { x: number; y: number }) => void;
  setPlaying: (playing: boolean) => void;
  setSpeed: (speed: number) => void;
  reset: () => void;
}

const NO_PAN = { x: 0, y: 0 };
const CALM_SPEED = 12;

/** Begins in the middle, where there is most to see, unless another frame is asked for (-1: none is). */
export function useLook(
  length: number,
  first = -1,
  start: Partial<Pick<Look, "window" | "inverted">> = {},
): Look {
  const [at, setAt] = useState<{ index: number; direction: 1 | -1 }>({
    index: first >= 0 ? first : Math.floor(length / 2),
    direction: 1,
  });
  const [window, setWindow] = useState(start.window);
  const [inverted, setInverted] = useState(start.inverted ?? false);
  const [zoom, setZoomRaw] = useState(1);
  const [pan, setPan] = useState(NO_PAN);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(CALM_SPEED);
  const go = useCallback(
    (to: number) =>
      setAt((before) => {
        const index = Math.max(0, Math.min(length - 1, to));
        return { index, direction: index < before.index ? -1 : 1 };
      }),
    [length],
  );
  const step = useCallback(
    (by: number) =>
      setAt((before) => {
        const index = Math.max(0, Math.min(length - 1, before.index + by));
        return { index, direction: by < 0 ? -1 : 1 };
      }),
    [length],
  );
  const setZoom = useCallback((to: number) => {
    const bounded = Math.max(1, Math.min(8, to));
    setZoomRaw(bounded);
    if (bounded === 1) setPan(NO_PAN);
  }, []);
  const reset = useCallback(() => {
    setWindow(undefined);
    setInverted(false);
    setZoom(1);
  }, [setZoom]);
  const invert = useCallback(() => setInverted((before) => !before), []);
  return useMemo(
    () => ({
      ...at,
      last: length - 1,
      ...{ window, inverted, zoom, pan, playing, speed },
      ...{ go, step, setWindow, invert, setZoom, setPan, setPlaying, setSpeed, reset },
    }),
    [at, length, window, inverted, zoom, pan, playing, speed, go, step, invert, setZoom, reset],
  );
}
