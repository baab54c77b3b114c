import { expect, test } from "vitest";
import { between, boxFrom } from "./boxes";

test("a box lies inside the image, whichever corner came first", () => {
  expect(between([50.2, 40.7], [10.9, 5.1], 100, 80)).toEqual([10, 5, 51, 41]);
  expect(between([-20, -1], [500, 500], 100, 80)).toEqual([0, 0, 100, 80]);
  expect(between([10, 10], [10.4, 60], 100, 80)).toBeUndefined();
});

test("a box is typed as four numbers", () => {
  expect(boxFrom(" 10, 5 60;15", 100, 80)).toEqual([10, 5, 60, 15]);
  expect(boxFrom("10 5 60", 100, 80)).toBeUndefined();
  expect(boxFrom("a b c d", 100, 80)).toBeUndefined();
});
