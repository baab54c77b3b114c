import { useEffect } from "react";
import type { Look } from "./useLook";

/** Plays the series round and round; waits for a late picture instead of dropping it. */
export function useCine(look: Look, busy: boolean): void {
  const { playing, speed, go, index, last } = look;
  useEffect(() => {
    if (!playing || busy) return;
    const timer = setTimeout(() => go(index === last ? 0 : index + 1), 1000 / speed);
    return () => clearTimeout(timer);
  }, [playing, busy, speed, go, index, last]);
}
