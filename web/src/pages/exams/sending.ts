import { useSyncExternalStore } from "react";
import type { Transfer } from "../../api/peers";

/** Exams on their way to a peer, begun on this page. */
export interface Sending {
  peer: string;
  transfers: Transfer[];
}

let sending: Sending | undefined;
const listeners = new Set<() => void>();

/** Kept while the program is open, so that a look at an exam in between loses nothing. */
export function setSending(next: Sending | undefined): void {
  sending = next;
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export const useSending = (): Sending | undefined => useSyncExternalStore(subscribe, () => sending);

export interface Tally {
  done: number;
  failed: number;
  cancelled: number;
  underWay: number;
}

/** How the transfers stand now; those the list no longer tells of stand as they did. */
export function tally(begun: Transfer[], now: Transfer[]): Tally {
  const states = begun.map((one) => (now.find(({ id }) => id === one.id) ?? one).state);
  const count = (...wanted: string[]) => states.filter((state) => wanted.includes(state)).length;
  return {
    done: count("done"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    underWay: count("waiting", "running"),
  };
}
