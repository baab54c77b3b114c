import { useEffect, useState } from "react";
import type { ExamSearch } from "../../api/exams";

export const NO_SEARCH: ExamSearch = { q: "", modality: "", from: "", to: "" };

const KEY = "exam-search";

/**
 * The search as it stands, kept for this tab only. It never enters the address bar:
 * search words are names and numbers of patients, and addresses are logged and shared.
 */
export function useStoredSearch(): [ExamSearch, (change: Partial<ExamSearch>) => void] {
  const [search, setSearch] = useState(stored);
  const change = (part: Partial<ExamSearch>) => {
    const next = { ...search, ...part };
    storeSearch(next);
    setSearch(next);
  };
  return [search, change];
}

export function storeSearch(search: ExamSearch): void {
  sessionStorage.setItem(KEY, JSON.stringify(search));
}

function stored(): ExamSearch {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return { ...NO_SEARCH, ...(typeof kept === "object" ? kept : {}) };
  } catch {
    return NO_SEARCH;
  }
}

/** The value once it has stood still for `ms`: one question to the server per pause, not per key. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

export const isSearching = (search: ExamSearch): boolean =>
  Object.values(search).some((value: string) => value.trim() !== "");

/** `YYYY-MM-DD` in the reader's own calendar, some days back. */
export function daysAgo(days: number, now: Date): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
