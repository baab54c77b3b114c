// The parts of the Cornerstone libraries that we use; the viewer puts them on the window.
import type { Annotation } from "../work/types";

/** The numbers of a labelmap's pixels: which segment each belongs to, 0 for none. */
export interface Labels {
  [at: number]: number;
  length: number;
}

/** As the segmentation tools keep one; the parts that we read. */
export interface Segmentation {
  segmentationId: string;
  label: string;
  segments: Record<string, { segmentIndex: number; label: string } | undefined>;
  representationData: {
    Labelmap?: { imageIds?: string[]; labelmaps?: Record<string, { imageIds?: string[] }> };
  };
}

interface CachedImage {
  rows: number;
  columns: number;
  referencedImageId?: string;
  voxelManager: { getScalarData: () => Labels };
}

interface Cornerstone {
  cache: { getImage: (imageId: string) => CachedImage | undefined };
  eventTarget: EventTarget;
  metaData: { get: (what: string, imageId: string) => Record<string, unknown> | undefined };
  Enums: { BlendModes: { COMPOSITE: number; MAXIMUM_INTENSITY_BLEND: number } };
}

interface CornerstoneTools {
  Enums: { Events: Record<string, string> };
  segmentation: {
    state: { getSegmentation: (id: string) => Segmentation | undefined };
    triggerSegmentationEvents: { triggerSegmentationDataModified: (id: string) => void };
  };
  annotation: {
    config: { style: { setAnnotationStyles: (uid: string, style: object) => void } };
    locking: { setAnnotationLocked: (uid: string, locked: boolean) => void };
    visibility: { setAnnotationVisibility: (uid: string, visible: boolean) => void };
    state: {
      getAllAnnotations: () => Annotation[];
      getAnnotation: (uid: string) => Annotation | undefined;
      addAnnotation: (annotation: Annotation, frameOfReference: string) => string;
      removeAnnotation: (uid: string) => void;
    };
  };
}

declare global {
  interface Window {
    cornerstone: Cornerstone;
    cornerstoneTools: CornerstoneTools;
  }
}
