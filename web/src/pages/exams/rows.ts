import { useEffect, useState, type RefObject } from "react";

/** Height of a row in CSS pixels. */
export const ROW = 52;

/** Browsers draw nothing beyond some ten million pixels; longer lists are scrolled in proportion. */
export const TALLEST = 8_000_000;

/** Rows drawn above and below what is seen. */
const AROUND = 8;

export interface View {
  first: number;
  /** Behind the last one drawn. */
  end: number;
  /** Empty pixels above the rows drawn. */
  before: number;
  /** Empty pixels below them. */
  after: number;
}

/** Which rows of a list are drawn where, so that a million scroll like ten. */
export function rowsInView(total: number, scrollTop: number, height: number): View {
  const whole = total * ROW;
  const tall = Math.min(whole, TALLEST);
  const at = Math.max(0, Math.min(scrollTop, tall - height));
  const top = tall > height ? (at / (tall - height)) * (whole - height) : 0;
  let first = Math.max(0, Math.floor(top / ROW) - AROUND);
  // Near the start of a list that is scrolled in proportion, fewer rows have room above.
  const missing = top - first * ROW - at;
  if (missing > 0) first = Math.min(Math.floor(top / ROW), first + Math.ceil(missing / ROW));
  const end = Math.min(total, Math.ceil((top + height) / ROW) + AROUND);
  const before = Math.max(0, at - (top - first * ROW));
  return { first, end, before, after: Math.max(0, tall - before - (end - first) * ROW) };
}

/** The rows in view of a scrolling element, followed as it is scrolled and sized. */
export function useRows(scroll: RefObject<HTMLElement | null>, total: number): View {
  const [{ top, height }, setPlace] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return;
    const look = () => setPlace({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [scroll]);
  return rowsInView(total, top, height);
}
