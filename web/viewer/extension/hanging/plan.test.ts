import { describe, expect, it } from "vitest";
import type { DisplaySet } from "../host/ohif";
import { breastView, planFor, turnOf } from "./plan";

const set = (uid: string, Modality: string, more: Partial<DisplaySet> = {}): DisplaySet => ({
  displaySetInstanceUID: uid,
  StudyInstanceUID: "1.2",
  SeriesInstanceUID: `1.2.${uid}`,
  Modality,
  numImageFrames: 10,
  isReconstructable: true,
  ...more,
});

const mammogram = (uid: string, side: string, view: string, row = "P", column = "FL") =>
  set(uid, "MG", {
    images: [{ ImageLaterality: side, ViewPosition: view, PatientOrientation: [row, column] }],
  });

const inFrame = (frame: string) => ({ images: [{ FrameOfReferenceUID: frame }] });

describe("how an exam hangs", () => {
  it("PET over CT when both are of one patient position", () => {
    const plan = planFor([set("p", "PT", inFrame("f")), set("c", "CT", inFrame("f"))]);
    expect(plan).toEqual({ kind: "fusion", places: ["c", "p"] });
    const apart = planFor([set("p", "PT", inFrame("f")), set("c", "CT", inFrame("g"))]);
    expect(apart.kind).toBe("single");
  });

  it("mammograms: right and left, both views, in their places whatever their order", () => {
    const plan = planFor([
      mammogram("4", "L", "MLO"),
      mammogram("1", "R", "CC"),
      mammogram("3", "R", "MLO"),
      mammogram("2", "L", "CC"),
    ]);
    expect(plan).toEqual({ kind: "breasts", places: ["1", "2", "3", "4"] });
  });

  it("a missing mammogram leaves its place empty", () => {
    expect(planFor([mammogram("1", "R", "CC"), mammogram("4", "L", "MLO")]).places).toEqual([
      "1",
      undefined,
      undefined,
      "4",
    ]);
  });

  it("radiographs: frontal before lateral", () => {
    const lateral = set("l", "DX", { images: [{ ViewPosition: "LL" }] });
    const frontal = set("f", "DX", { images: [{ ViewPosition: "PA" }] });
    expect(planFor([lateral, frontal])).toEqual({ kind: "radiographs", places: ["f", "l"] });
  });

  it("MR series side by side, scouts last; CT one series", () => {
    const scout = set("s", "MR", {
      SeriesNumber: 1,
      images: [{ ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] }],
    });
    const plan = planFor([scout, set("a", "MR", { SeriesNumber: 2 })]);
    expect(plan).toEqual({ kind: "grid", places: ["a", "s"] });
    expect(planFor([set("a", "CT"), set("b", "CT")]).kind).toBe("single");
  });

  it("what lies over images never hangs by itself, and a series that is asked for comes first", () => {
    const sets = [
      set("seg", "SEG"),
      set("a", "CT", { SeriesNumber: 1 }),
      set("b", "CT", { SeriesNumber: 2 }),
    ];
    expect(planFor(sets).places).toEqual(["a", "b"]);
    expect(planFor(sets, "1.2.b").places).toEqual(["b", "a"]);
  });
});

describe("a mammogram", () => {
  it("is known by its codes, its view or its series' name", () => {
    expect(
      breastView(
        set("x", "MG", { images: [{ ImageLaterality: "R", ViewCodeSequence: [{ CodeValue: "R-10242" }] }] }),
      ),
    ).toBe("R CC");
    expect(breastView(set("x", "MG", { SeriesDescription: "L MLO", images: [{}] }))).toBe("L MLO");
    expect(breastView(set("x", "MG", { images: [{}] }))).toBe("");
  });

  it("is turned so that the chest wall is towards the middle", () => {
    expect(turnOf(mammogram("r", "R", "CC", "P"))).toEqual({ flipHorizontal: false, flipVertical: false });
    expect(turnOf(mammogram("r", "R", "CC", "A"))?.flipHorizontal).toBe(true);
    expect(turnOf(mammogram("l", "L", "MLO", "A", "FR"))?.flipHorizontal).toBe(false);
    expect(turnOf(mammogram("l", "L", "MLO", "P", "HR"))).toEqual({
      flipHorizontal: true,
      flipVertical: true,
    });
    expect(turnOf(set("x", "MG", { images: [{}] }))).toBeUndefined();
  });
});
