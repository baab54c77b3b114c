import { expect, it } from "vitest";
import { ANY } from "../../api/routing";
import { conditionWords, readKeys, readList, writeKeys } from "./words";

it("keys are read as they are written", () => {
  const keys = { StationName: "CT1*", InstitutionName: "St. Anna = North" };
  expect(readKeys(writeKeys(keys))).toEqual(keys);
  expect(readKeys("\n StationName = CT1* \n\n")).toEqual({ StationName: "CT1*" });
});

it("lists are read with commas or blanks", () => {
  expect(readList("CT, MR  PT,")).toEqual(["CT", "MR", "PT"]);
});

it("only what is asked for is told", () => {
  const rule = { name: "a", peers: ["p"], quietSeconds: 5 };
  expect(conditionWords(rule)).toEqual([]);
  const conditions = { ...ANY, modalities: ["CT", "MR"], words: "thorax", newerThanDays: 1 };
  expect(conditionWords({ ...rule, conditions })).toEqual([
    "has CT or MR",
    "is described with “thorax”",
    "made at most 1 day before",
  ]);
});
