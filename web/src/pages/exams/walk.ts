import type { KeyboardEvent } from "react";

/** Arrow keys walk from row to row, by link or by tick box; Home and End go to the ends of the list. */
export function walk(event: KeyboardEvent<HTMLAnchorElement | HTMLInputElement>): void {
  const target = event.currentTarget;
  const scroll = target.closest<HTMLElement>(".exams-scroll");
  if (scroll === null) return;
  if (event.key === "Home" || event.key === "End") {
    event.preventDefault();
    scroll.scrollTop = event.key === "Home" ? 0 : scroll.scrollHeight;
    // The row that had the focus goes away with the rest of its neighbourhood.
    scroll.focus();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const kind = target instanceof HTMLInputElement ? "input" : "a";
  const all = [...scroll.querySelectorAll<HTMLElement>(`[data-exam-row] ${kind}`)];
  const next = all[all.indexOf(target) + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  // With Shift, the walk chooses what it passes.
  if (event.shiftKey && next instanceof HTMLInputElement && !next.checked) next.click();
}
