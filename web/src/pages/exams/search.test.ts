import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { given } from "../../api/exams";
import { daysAgo, isSearching, NO_SEARCH, useSettled, useStoredSearch } from "./search";

describe("search as you type", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("asks once per pause, not once per key", () => {
    const { result, rerender } = renderHook(({ value }) => useSettled(value, 140), {
      initialProps: { value: "" },
    });
    for (const value of ["d", "do", "doe"]) {
      rerender({ value });
      act(() => void vi.advanceTimersByTime(100));
    }
    expect(result.current).toBe("");
    act(() => void vi.advanceTimersByTime(140));
    expect(result.current).toBe("doe");
  });
});

describe("the stored search", () => {
  beforeEach(() => sessionStorage.clear());

  it("outlives a visit to another page, and stays out of the address", () => {
    const first = renderHook(() => useStoredSearch());
    act(() => first.result.current[1]({ q: "doe" }));
    first.unmount();
    expect(renderHook(() => useStoredSearch()).result.current[0].q).toBe("doe");
    expect(window.location.href).not.toContain("doe");
  });

  it("starts empty when what was kept can't be read", () => {
    sessionStorage.setItem("exam-search", "{broken");
    expect(renderHook(() => useStoredSearch()).result.current[0]).toEqual(NO_SEARCH);
  });
});

it("sends only what was given", () => {
  expect(given({ ...NO_SEARCH, q: "doe" })).toEqual({ q: "doe" });
  expect(isSearching(NO_SEARCH)).toBe(false);
});

it("days are the reader's own", () => {
  expect(daysAgo(0, new Date(2026, 10, 1))).toBe("2026-11-01");
  expect(daysAgo(1, new Date(2026, 10, 1))).toBe("2026-10-31");
});
