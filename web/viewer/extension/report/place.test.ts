import { expect, it } from "vitest";
import type { DisplaySet } from "../host/ohif";
import { findPlace } from "./place";

const set = (uid: string, series: number, images: number): DisplaySet => ({
  displaySetInstanceUID: uid,
  StudyInstanceUID: "2.25.1",
  SeriesInstanceUID: `2.25.1.${series}`,
  Modality: "CT",
  SeriesNumber: series,
  numImageFrames: images,
  images: Array.from({ length: images }, (_, at) => ({
    InstanceNumber: at + 1,
    SOPInstanceUID: `2.25.1.${series}.${at + 1}`,
  })),
});

const SETS = [set("a", 1, 24), set("b", 2, 6), { ...set("c", 9, 1), numImageFrames: 0 }];

it("a series and an image are found by their numbers, however they are written", () => {
  const found = findPlace(SETS, "a", { series: "02", images: ["4"] });
  expect([found?.set.displaySetInstanceUID, found?.sop]).toEqual(["b", "2.25.1.2.4"]);
});

it("an image alone is one of the series on screen", () => {
  expect(findPlace(SETS, "b", { series: null, images: ["3"] })?.sop).toBe("2.25.1.2.3");
  expect(findPlace(SETS, "a", { series: null, images: ["20"] })?.sop).toBe("2.25.1.1.20");
});

it("what the exam does not have is not found, nor what cannot be drawn", () => {
  expect(findPlace(SETS, "a", { series: "2", images: ["7"] })).toBeUndefined();
  expect(findPlace(SETS, "a", { series: "5", images: [] })).toBeUndefined();
  expect(findPlace(SETS, "a", { series: "9", images: [] })).toBeUndefined();
});
