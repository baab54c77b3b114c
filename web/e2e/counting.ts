/** A stopwatch and a counter of what hands do: clicks, drags, and keys that command rather than write. */
import type { Page } from "@playwright/test";

export interface Hands {
  clicks: number;
  drags: number;
  keys: number;
}

/** Counts what the browser itself says hands did, on every page that opens; scripts' own clicks don't count. */
export async function watchHands(page: Page): Promise<Hands> {
  const hands: Hands = { clicks: 0, drags: 0, keys: 0 };
  await page.exposeFunction("handsDid", (what: keyof Hands) => {
    hands[what] += 1;
  });
  await page.addInitScript(() => {
    // The viewer may stand in a frame; each window is watched once, at its first listener's turn.
    const { handsDid } = window as unknown as { handsDid: (what: string) => Promise<void> };
    const from = { x: 0, y: 0 };
    const told = (what: string, event: Event) => {
      if (event.isTrusted) void handsDid(what);
    };
    addEventListener(
      "pointerdown",
      (event) => {
        [from.x, from.y] = [event.clientX, event.clientY];
      },
      true,
    );
    addEventListener(
      "pointerup",
      (event) => {
        const far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > 8;
        told(far ? "drags" : "clicks", event);
      },
      true,
    );
    addEventListener("drop", (event) => told("drags", event), true);
    addEventListener(
      "keydown",
      (event) => {
        const writes = event.key.length === 1 && (event.target as Element).matches("input, textarea");
        if (!writes) told("keys", event);
      },
      true,
    );
  });
  return hands;
}

/** Prints how long a journey took, and what it asked of the hands; the time is for people, not for a test. */
export async function timed(what: string, hands: Hands, walk: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await walk();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const { clicks, drags, keys } = hands;
  process.stdout.write(`journey: ${what}: ${clicks} clicks, ${drags} drags, ${keys} keys, ${seconds} s\n`);
}
