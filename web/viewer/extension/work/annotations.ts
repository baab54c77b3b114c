// Between the viewer's annotations and what is kept of them.
import "../host/cornerstone";
import type { DataSource, DisplaySet, Host, Metadata } from "../host/ohif";
import { annotationUid, trackingUid } from "./identity";
import { located, meta, text } from "./located";
import { inSpace, normalOf, onImage, planeFrom, vec3 } from "./plane";
import { cornersOf, KEPT, outlineOf, shapesOf, valuesOf } from "./shapes";
import type { Annotation, Item, Measurement, Place, Plane, Report, Shape, State, Vec3 } from "./types";

export function planeOf(imageId: string): Plane {
  return planeFrom(meta("imagePlaneModule", imageId));
}

/** What is to be kept of an annotation, and in which exam; nothing of one that isn't a measurement, or isn't whole. */
export function measured(
  host: Host,
  annotation: Annotation,
): { study: string; measurement: Measurement } | undefined {
  const { metadata, data } = annotation;
  const tracking = trackingUid(annotation.annotationUID);
  if (!KEPT.has(metadata.toolName) || tracking === undefined || data.segmentation !== undefined)
    return undefined;
  const imageId = metadata.referencedImageId;
  const on = imageId === undefined ? undefined : located(imageId);
  const study = on?.study ?? studyOfFrame(host, metadata.FrameOfReferenceUID);
  if (study === undefined) return undefined;
  const plane = on === undefined || imageId === undefined ? undefined : planeOf(imageId);
  const shapes = shapesOf(annotation, (point) => (plane === undefined ? point : onImage(plane, point)));
  if (shapes === undefined) return undefined;
  return {
    study,
    measurement: {
      trackingUid: tracking,
      tool: metadata.toolName,
      label: [data.label, data.text].find((words) => words) ?? "",
      ...(on === undefined
        ? { frameOfReferenceUid: metadata.FrameOfReferenceUID ?? null }
        : { image: on.place }),
      shapes,
      values: valuesOf(annotation),
      state: stateOf(annotation),
    },
  };
}

/** An oblique plane shows no image of its own; its exam is the one that has the frame of reference. */
function studyOfFrame({ servicesManager }: Host, frameOfReference: string | undefined): string | undefined {
  if (frameOfReference === undefined) return undefined;
  const sets = servicesManager.services.displaySetService.getActiveDisplaySets();
  return sets.find((set) => imagesOf(set).some((image) => image["FrameOfReferenceUID"] === frameOfReference))
    ?.StudyInstanceUID;
}

function imagesOf({ images, instances }: DisplaySet): Metadata[] {
  return images ?? instances ?? [];
}

function stateOf(annotation: Annotation): State {
  const { metadata, data } = annotation;
  const outline = outlineOf(annotation);
  const box = data.handles?.textBox;
  return {
    points: cornersOf(annotation),
    ...(outline && { outline }),
    ...(box?.hasMoved === true && box.worldPosition && { text: vec3(box.worldPosition) }),
    ...(metadata.viewPlaneNormal && { normal: vec3(metadata.viewPlaneNormal) }),
    ...(metadata.viewUp && { up: vec3(metadata.viewUp) }),
    ...(metadata.FrameOfReferenceUID !== undefined && { frameOfReference: metadata.FrameOfReferenceUID }),
  };
}

/** These hold more than points while they are drawn; kept, they are outlines. */
const OUTLINES = new Set(["SplineROI", "LivewireContour"]);

/** The annotation that draws a measurement again; nothing while its image isn't there, or no tool draws it. */
export function drawn(host: Host, { measurement, own }: Item): Annotation | undefined {
  const { image, tool } = measurement;
  const imageId = image ? imageIdOf(host, image) : undefined;
  if (image && imageId === undefined) return undefined;
  const form = isWhole(measurement.state)
    ? { tool: OUTLINES.has(tool) ? "PlanarFreehandROI" : tool, state: measurement.state }
    : fromShapes(measurement, imageId);
  if (form === undefined || !KEPT.has(form.tool)) return undefined;
  const frameOfReference = form.state.frameOfReference ?? measurement.frameOfReferenceUid ?? frameOf(imageId);
  return annotationOf({
    uid: annotationUid(measurement.trackingUid),
    ...form,
    label: measurement.label,
    locked: !own,
    imageId,
    frameOfReference,
  });
}

/** What came by another program than this viewer has no state of ours. */
function isWhole(state: Partial<State> | null | undefined): boolean {
  return Array.isArray(state?.points);
}

function fromShapes({ shapes, values, tool }: Measurement, imageId: string | undefined) {
  const [shape] = shapes;
  if (shape === undefined || !KEPT.has(tool)) return undefined;
  const plane = imageId === undefined ? undefined : planeOf(imageId);
  const form = formOf(shape.graphic, pointsOf(shape.points, plane), values.length > 0);
  return form && { ...form, state: { ...form.state, ...(plane && { normal: normalOf(plane) }) } };
}

interface Drawing {
  uid: string;
  tool: string;
  label: string;
  state: State;
  locked: boolean;
  imageId: string | undefined;
  frameOfReference: string | undefined;
}

function annotationOf({ uid, tool, label, state, locked, imageId, frameOfReference }: Drawing): Annotation {
  const outline = state.outline;
  return {
    annotationUID: uid,
    highlighted: false,
    invalidated: true,
    isLocked: locked,
    isVisible: true,
    metadata: {
      toolName: tool,
      ...(frameOfReference !== undefined && { FrameOfReferenceUID: frameOfReference }),
      ...(imageId !== undefined && { referencedImageId: imageId }),
      ...(state.normal && { viewPlaneNormal: state.normal }),
      ...(state.up && { viewUp: state.up }),
    },
    data: {
      label,
      ...(tool === "ArrowAnnotate" && { text: label }),
      handles: {
        points: state.points,
        activeHandleIndex: null,
        textBox: { hasMoved: state.text !== undefined, worldPosition: state.text ?? [0, 0, 0], ...BOX },
      },
      ...(outline && { contour: { polyline: outline.points, closed: outline.closed } }),
      cachedStats: {},
    },
  };
}

const BOX = {
  worldBoundingBox: {
    topLeft: [0, 0, 0],
    topRight: [0, 0, 0],
    bottomLeft: [0, 0, 0],
    bottomRight: [0, 0, 0],
  },
};

/** The image's address in the viewer, if one of the open exams has it. A report may not say the series. */
export function imageIdOf({ servicesManager, extensionManager }: Host, place: Place): string | undefined {
  const { displaySetService } = servicesManager.services;
  const sets =
    place.series === ""
      ? displaySetService.getActiveDisplaySets()
      : displaySetService.getDisplaySetsForSeries(place.series);
  for (const set of sets) {
    const instance = imagesOf(set).find((one) => one["SOPInstanceUID"] === place.sop);
    if (instance === undefined) continue;
    const [source] = extensionManager.getActiveDataSource() as (DataSource | undefined)[];
    return source?.getImageIdsForInstance({ instance, frame: place.frame ?? 1 });
  }
  return undefined;
}

/** What other programs measured on images, to be shown: locked, and under names of their own. */
export function drawnFrom(host: Host, { sop, measurements }: Report): Annotation[] {
  return measurements.flatMap(({ regions, label, values }, at) =>
    regions.flatMap(({ shape, image, frameOfReferenceUid }, part) => {
      const imageId = image ? imageIdOf(host, image) : undefined;
      const two = imageId !== undefined;
      if (!two && !frameOfReferenceUid) return [];
      const plane = imageId === undefined ? undefined : planeOf(imageId);
      const points = pointsOf(shape.points, plane);
      const form = formOf(shape.graphic, points, values.length > 0);
      if (form === undefined) return [];
      const state = { ...form.state, ...(plane && { normal: normalOf(plane) }) };
      const frameOfReference = frameOfReferenceUid ?? frameOf(imageId);
      const uid = `${sop}-${at}-${part}`;
      return [annotationOf({ uid, tool: form.tool, label, state, locked: true, imageId, frameOfReference })];
    }),
  );
}

function frameOf(imageId: string | undefined): string | undefined {
  return imageId === undefined ? undefined : text(meta("imagePlaneModule", imageId)["frameOfReferenceUID"]);
}

function pointsOf(numbers: number[], plane: Plane | undefined): Vec3[] {
  const size = plane === undefined ? 3 : 2;
  return Array.from({ length: Math.floor(numbers.length / size) }, (_, at) => {
    const some = numbers.slice(at * size, at * size + size);
    return plane === undefined ? vec3(some) : inSpace(plane, [some[0] ?? 0, some[1] ?? 0]);
  });
}

/** As which tool a shape of a report (PS3.3 §C.18.6.1.2) is drawn. */
function formOf(
  graphic: string,
  points: Vec3[],
  measuredIt: boolean,
): { tool: string; state: State } | undefined {
  const [first, second] = points;
  if (first === undefined) return undefined;
  if (graphic === "point" || (graphic === "multipoint" && points.length === 1))
    return { tool: "Probe", state: { points: [first] } };
  if (graphic === "circle" && second !== undefined)
    return { tool: "CircleROI", state: { points: [first, second] } };
  if (graphic === "ellipse" && points.length === 4) return { tool: "EllipticalROI", state: { points } };
  if (points.length === 2 && measuredIt) return { tool: "Length", state: { points } };
  if (points.length < 2 || graphic === "multipoint" || graphic === "ellipsoid") return undefined;
  const last = points.at(-1);
  const ends =
    last !== undefined && first.every((number, axis) => Math.abs(number - (last[axis] ?? 0)) < 1e-3);
  return { tool: "PlanarFreehandROI", state: { points: [], outline: { points, closed: ends } } };
}

/** Whether there is anything new to keep: what the viewer works out from the state again is not. */
export function differs(now: Measurement, kept: Measurement): boolean {
  if (!isWhole(kept.state)) {
    const alike = now.shapes.length === kept.shapes.length;
    return now.label !== kept.label || (alike && rounded(now.shapes) !== rounded(kept.shapes));
  }
  const essence = ({ label, tool, image, state }: Measurement) =>
    JSON.stringify([label, OUTLINES.has(tool) ? "PlanarFreehandROI" : tool, image ?? null, state]);
  return essence(now) !== essence(kept) || (kept.values.length === 0 && now.values.length > 0);
}

/** To a thousandth of a pixel. */
const rounded = (shapes: Shape[]): string =>
  JSON.stringify(shapes.map(({ graphic, points }) => [graphic, points.map((one) => one.toFixed(3))]));
