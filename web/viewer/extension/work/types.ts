// What is kept of a measurement, as the server has it (`/api/v1/exams/{study}/work`), and what the viewer draws.
import type { Schemas } from "../../../src/api/client";

export type Vec3 = [number, number, number];

export type Place = Schemas["Place"];
export type Shape = Schemas["Shape"];
export type Report = Schemas["OtherReport"];

export interface Value {
  quantity:
    | "length"
    | "long-axis"
    | "short-axis"
    | "angle"
    | "cobb-angle"
    | "area"
    | "perimeter"
    | "radius"
    | "pixel-value";
  derivation?: "mean" | "standard-deviation" | "minimum" | "maximum";
  value: number;
  /** UCUM. */
  unit: string;
  /** Which shape it was taken from; left out, the region as a whole. */
  shape?: number;
}

/** What the viewer needs to draw it again exactly. */
export interface State {
  /** Corners of what was drawn, in mm in the frame of reference. */
  points: Vec3[];
  /** An outline drawn freehand, in mm in the frame of reference. */
  outline?: { points: Vec3[]; closed: boolean };
  /** Where its text was moved to. */
  text?: Vec3;
  normal?: Vec3;
  up?: Vec3;
  frameOfReference?: string;
}

export interface Measurement {
  trackingUid: string;
  tool: string;
  label: string;
  image?: Place | null;
  frameOfReferenceUid?: string | null;
  shapes: Shape[];
  values: Value[];
  state: State;
}

/** A measurement in its newest version. */
export interface Item {
  author: string;
  own: boolean;
  version: number;
  madeAt: string;
  changedAt: string;
  removed: boolean;
  measurement: Measurement;
}

export interface Work {
  account: string;
  measurements: Item[];
  reports: Report[];
}

/** An annotation as Cornerstone's tools keep it; the parts that we read and write. */
export interface Annotation {
  annotationUID: string;
  highlighted?: boolean;
  invalidated?: boolean;
  isLocked?: boolean;
  isVisible?: boolean;
  metadata: {
    toolName: string;
    FrameOfReferenceUID?: string;
    referencedImageId?: string;
    viewPlaneNormal?: ArrayLike<number>;
    viewUp?: ArrayLike<number>;
  };
  data: {
    label?: string;
    text?: string;
    handles?: {
      points?: ArrayLike<number>[];
      activeHandleIndex?: number | null;
      textBox?: { hasMoved?: boolean; worldPosition?: ArrayLike<number> };
    };
    contour?: { polyline?: ArrayLike<number>[]; closed?: boolean };
    segmentation?: unknown;
    cachedStats?: Record<string, Record<string, unknown>>;
  };
}

/** Where an image lies: PS3.3 §C.7.6.2, lengths in mm. */
export interface Plane {
  /** The centre of the first pixel. */
  origin: Vec3;
  /** The way columns are counted. */
  along: Vec3;
  /** The way rows are counted. */
  down: Vec3;
  /** Between the centres of neighbouring columns, and of rows. */
  columnSpacing: number;
  rowSpacing: number;
}
