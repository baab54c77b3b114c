import type { KeyboardEvent } from "react";

/**
 * Home and End on the list itself. A browser's own way there is an animation over rows that are drawn as it
 * passes; it gives up half-way, or never begins, when the rows change under it.
 */
export function walkList(event: KeyboardEvent<HTMLElement>): void {
  if (event.target === event.currentTarget) toAnEnd(event, event.currentTarget);
}

/** Arrow keys walk from row to row, by link or by tick box; Home and End go to the ends of the list. */
export function walk(event: KeyboardEvent<HTMLAnchorElement | HTMLInputElement>): void {
  const target = event.currentTarget;
  const scroll = target.closest<HTMLElement>(".exams-scroll");
  if (scroll === null) return;
  if (toAnEnd(event, scroll)) {
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

/** Goes to the start or the end of the list, if that is what the key says. */
function toAnEnd(event: KeyboardEvent, scroll: HTMLElement): boolean {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (!plain || (event.key !== "Home" && event.key !== "End")) return false;
  event.preventDefault();
  scroll.scrollTop = event.key === "Home" ? 0 : scroll.scrollHeight;
  return true;
}
