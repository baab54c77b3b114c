import { describe, expect, it } from "vitest";
import type { Attribute } from "../../api/exams";
import { dragged, presetsFor, storedWindows } from "./windows";

const attribute = (tag: string, value: string[]): Attribute => ({
  tag,
  keyword: null,
  name: null,
  vr: "DS",
  value,
});

describe("the windows stored in an object", () => {
  it("come in pairs, named by their explanation", () => {
    const windows = storedWindows([
      attribute("00281050", ["40", "-600"]),
      attribute("00281051", ["400", "1500"]),
      attribute("00281055", ["BODY", "LUNG"]),
    ]);
    expect(windows).toEqual([
      { name: "As stored: BODY", window: { center: 40, width: 400 } },
      { name: "As stored: LUNG", window: { center: -600, width: 1500 } },
    ]);
  });

  it("are found inside functional groups of enhanced objects", () => {
    const frameVoi: Attribute = {
      tag: "52009229",
      keyword: null,
      name: null,
      vr: "SQ",
      items: [[attribute("00281050", ["300"]), attribute("00281051", ["600"])]],
    };
    expect(storedWindows([frameVoi])[0]?.window).toEqual({ center: 300, width: 600 });
  });

  it("are left out when their width is not positive or missing", () => {
    expect(storedWindows([attribute("00281050", ["40"]), attribute("00281051", ["0"])])).toEqual([]);
    expect(storedWindows([attribute("00281050", ["40"])])).toEqual([]);
  });

  it("are read whichever way a tag is written", () => {
    const windows = storedWindows([attribute("(0028,1050)", ["1"]), attribute("(0028,1051)", ["2"])]);
    expect(windows).toHaveLength(1);
  });
});

describe("presets", () => {
  const stored = [{ name: "As stored", window: { center: 100, width: 200 } }];

  it("of CT are absolute and come after the stored ones", () => {
    const names = presetsFor("CT", stored).map((preset) => preset.name);
    expect(names.slice(0, 3)).toEqual(["As stored", "Soft tissue", "Lung"]);
  });

  it("of other modalities follow the stored window", () => {
    const more = presetsFor("MR", stored).find((preset) => preset.name === "More contrast");
    expect(more?.window).toEqual({ center: 100, width: 120 });
  });

  it("are none where nothing is known", () => {
    expect(presetsFor("US", [])).toEqual([]);
  });
});

describe("dragging", () => {
  it("to the right widens, down raises the centre", () => {
    expect(dragged({ center: 40, width: 300 }, 50, 20)).toEqual({ center: 60, width: 350 });
  });

  it("never makes the width zero or less", () => {
    expect(dragged({ center: 40, width: 300 }, -5000, 0).width).toBe(1);
  });

  it("stays fine where values are fractions, as in PET", () => {
    const window = dragged({ center: 2, width: 4 }, 10, 0);
    expect(window.width).toBeGreaterThan(4);
    expect(window.width).toBeLessThan(15);
  });
});
