import { describe, expect, it } from "vitest";
import { backTo } from "./back";

describe("coming back after signing in", () => {
  it("leads to the exam that was open in the viewer", () => {
    const search = `?back=${encodeURIComponent("/viewer/viewer?StudyInstanceUIDs=1.2.3,1.2.4")}`;
    expect(backTo(search)).toBe("/viewer/viewer?StudyInstanceUIDs=1.2.3,1.2.4");
  });

  it("leads nowhere else, whatever the address says", () => {
    for (const bad of [
      "//evil.example",
      "https://evil.example",
      "/viewer/..//evil",
      "javascript:alert(1)",
      "/accounts",
    ])
      expect(backTo(`?back=${encodeURIComponent(bad)}`)).toBeUndefined();
    expect(backTo("")).toBeUndefined();
  });
});
