import { describe, expect, it } from "vitest";
import { ROW, rowsInView, TALLEST } from "./rows";

const HEIGHT = 700;

describe("rows in view", () => {
  it("are all of a short list", () => {
    expect(rowsInView(5, 0, HEIGHT)).toEqual({ first: 0, end: 5, before: 0, after: 0 });
    expect(rowsInView(0, 0, HEIGHT)).toEqual({ first: 0, end: 0, before: 0, after: 0 });
  });

  it("stand where they would stand among all rows", () => {
    const view = rowsInView(1000, 20_000, HEIGHT);
    expect(view.before).toBe(view.first * ROW);
    expect(view.first * ROW).toBeLessThanOrEqual(20_000);
    expect(view.end * ROW).toBeGreaterThanOrEqual(20_000 + HEIGHT);
    expect(view.before + (view.end - view.first) * ROW + view.after).toBe(1000 * ROW);
  });

  for (const total of [1000, 153_846, 153_847, 1_000_000, 50_000_000]) {
    it(`begin with the first and end with the last of ${total}`, () => {
      const tall = Math.min(total * ROW, TALLEST);
      expect(rowsInView(total, 0, HEIGHT).first).toBe(0);
      const last = rowsInView(total, tall - HEIGHT, HEIGHT);
      expect(last.end).toBe(total);
      expect(last.before + (last.end - last.first) * ROW).toBeCloseTo(tall, 3);
    });

    it(`cover the view everywhere among ${total}`, () => {
      const tall = Math.min(total * ROW, TALLEST);
      for (let part = 0; part <= 1; part += 0.013) {
        const top = part * (tall - HEIGHT);
        const { first, end, before } = rowsInView(total, top, HEIGHT);
        expect(before).toBeLessThanOrEqual(top + ROW);
        expect(before + (end - first) * ROW).toBeGreaterThanOrEqual(top + HEIGHT - 1e-3);
        expect(end - first).toBeLessThan(HEIGHT / ROW + 20);
      }
    });
  }
});
