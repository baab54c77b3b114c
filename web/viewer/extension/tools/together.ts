// Two windows on the same exam follow each other: the position one scrolls to is told to the others by
// BroadcastChannel, which stays within this browser and this site.
import type { Host, Viewport } from "../host/ohif";
import { studiesShown } from "../session";

interface Place {
  exam: string;
  frameOfReference: string;
  /** In patient coordinates, mm (PS3.3 §C.7.6.2.1.1). */
  position: [number, number, number];
}

export function together({ servicesManager: { services } }: Host): () => void {
  const channel = new BroadcastChannel("isocenter-viewer");
  const exam = studiesShown().join();
  let following = false;

  const viewports = () =>
    [...services.viewportGridService.getState().viewports.keys()]
      .map((id) => services.cornerstoneViewportService.getCornerstoneViewport(id))
      .filter((viewport) => viewport !== null);

  const tell = (event: Event) => {
    if (following) return;
    const viewport = viewports().find(({ element }) => element === event.target);
    const place = viewport && placeOf(viewport);
    if (place !== undefined) channel.postMessage({ exam, ...place } satisfies Place);
  };
  channel.onmessage = ({ data }: MessageEvent<Place>) => {
    if (data.exam !== exam) return;
    following = true;
    const moves = viewports().map((viewport) => follow(viewport, data));
    void Promise.allSettled(moves).finally(() => {
      // The images that were just shown tell of themselves a moment later.
      setTimeout(() => (following = false), 100);
    });
  };
  document.addEventListener("CORNERSTONE_STACK_NEW_IMAGE", tell, true);
  return () => {
    document.removeEventListener("CORNERSTONE_STACK_NEW_IMAGE", tell, true);
    channel.close();
  };
}

function plane(imageId: string | undefined): Record<string, unknown> | undefined {
  return imageId === undefined ? undefined : window.cornerstone.metaData.get("imagePlaneModule", imageId);
}

function placeOf(viewport: Viewport): Omit<Place, "exam"> | undefined {
  const at = plane(viewport.getCurrentImageId?.());
  const position = at?.["imagePositionPatient"] as Place["position"] | null | undefined;
  const frameOfReference = at?.["frameOfReferenceUID"];
  return !Array.isArray(position) || typeof frameOfReference !== "string"
    ? undefined
    : { position, frameOfReference };
}

/** The image of this stack whose plane is nearest to a position. */
async function follow(viewport: Viewport, { position, frameOfReference }: Place): Promise<void> {
  if (viewport.setImageIdIndex === undefined) return;
  let best = { index: -1, distance: Infinity };
  viewport.getImageIds().forEach((id, index) => {
    const at = plane(id);
    const origin = at?.["imagePositionPatient"] as number[] | null | undefined;
    if (!Array.isArray(origin) || at?.["frameOfReferenceUID"] !== frameOfReference) return;
    const normal = cross(at["rowCosines"] as number[], at["columnCosines"] as number[]);
    const distance = Math.abs(
      normal.reduce((sum, part, axis) => sum + part * ((position[axis] ?? 0) - (origin[axis] ?? 0)), 0),
    );
    if (distance < best.distance) best = { index, distance };
  });
  if (best.index >= 0 && best.index !== viewport.getCurrentImageIdIndex())
    await viewport.setImageIdIndex(best.index);
}

function cross([a = 0, b = 0, c = 0]: number[], [d = 0, e = 0, f = 0]: number[]): number[] {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}
