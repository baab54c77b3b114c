import { describe, expect, it } from "vitest";
import { ALL_TOOLS, keyName } from "./table";

describe("keys", () => {
  it("no two tools share one", () => {
    const keys = ALL_TOOLS.map(({ key }) => key);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it("are written as on the keyboard", () => {
    expect(["shift+m", "space", "+", "pagedown", "?"].map(keyName)).toEqual([
      "Shift + M",
      "Space",
      "+",
      "Page down",
      "?",
    ]);
  });
});
