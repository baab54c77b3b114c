// From "series 3, image 41" in a report to the image on screen.
import type { DisplaySet, Host, Metadata, Viewport } from "../host/ohif";
import type { NamedPlace } from "../../../src/pages/report/reading";
import { located } from "../work/located";

interface Found {
  set: DisplaySet;
  /** The image's SOP Instance UID; none where only the series is named. */
  sop: string | undefined;
}

/** The images that a report means. Without a series they are those on screen. */
export function findPlace(
  sets: DisplaySet[],
  shown: string | undefined,
  place: NamedPlace,
): Found | undefined {
  const drawn = sets.filter((set) => (set.numImageFrames ?? 0) > 0 && set.unsupported !== true);
  const candidates =
    place.series === null
      ? drawn.filter(({ displaySetInstanceUID }) => displaySetInstanceUID === shown)
      : drawn.filter(({ SeriesNumber }) => Number(SeriesNumber) === Number(place.series));
  const [image] = place.images;
  if (image === undefined) return candidates[0] && { set: candidates[0], sop: undefined };
  for (const set of candidates) {
    const sop = sopOf(set, Number(image));
    if (sop !== undefined) return { set, sop };
  }
  return undefined;
}

function sopOf({ images, instances }: DisplaySet, number: number): string | undefined {
  const one = (images ?? instances ?? []).find(
    ({ InstanceNumber }: Metadata) => Number(InstanceNumber) === number,
  );
  const uid = one?.["SOPInstanceUID"];
  return typeof uid === "string" ? uid : undefined;
}

/** Shows the place in the active viewport.
 *
 * @returns whether there is such an image. */
export async function goTo({ servicesManager, commandsManager }: Host, study: string, place: NamedPlace) {
  const { displaySetService, viewportGridService, cornerstoneViewportService } = servicesManager.services;
  const viewportId = viewportGridService.getActiveViewportId();
  const shown = () => viewportGridService.getState().viewports.get(viewportId)?.displaySetInstanceUIDs[0];
  const own = displaySetService
    .getActiveDisplaySets()
    .filter(({ StudyInstanceUID }) => StudyInstanceUID === study);
  const found = findPlace(own, shown(), place);
  if (found === undefined) return false;
  const uid = found.set.displaySetInstanceUID;
  if (shown() !== uid) {
    commandsManager.runCommand("setDisplaySetsForViewports", {
      viewportsToUpdate: [{ viewportId, displaySetInstanceUIDs: [uid] }],
    });
  }
  if (found.sop === undefined) return true;
  return scrollTo(() => cornerstoneViewportService.getCornerstoneViewport(viewportId), found.sop);
}

const TRIES = 40;

/** A viewport takes a moment to have the images that it was given. */
async function scrollTo(viewport: () => Viewport | null, sop: string): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const now = viewport();
    const index = (now?.getImageIds() ?? []).findIndex((id) => located(id)?.place.sop === sop);
    if (index >= 0 && now?.setImageIdIndex !== undefined) {
      await now.setImageIdIndex(index);
      return true;
    }
    await new Promise((go) => setTimeout(go, 125));
  }
  return false;
}
