// Tells the viewer how exams hang, and turns mammograms towards each other once they are there.
import type { DisplaySet, Host, Services } from "../host/ohif";
import type { ViewerModule } from "../modules";
import { studiesShown } from "../session";
import { planFor, turnOf, type Plan } from "./plan";
import { KIND, PLACE } from "./protocols";

interface Matching {
  displaySets?: DisplaySet[];
  studies?: { StudyInstanceUID: string }[];
}

export const hanging: ViewerModule = {
  name: "hanging",
  enter: ({ servicesManager: { services } }: Host) => {
    const { hangingProtocolService } = services;
    hangingProtocolService.addCustomAttribute(
      KIND,
      "How an exam hangs",
      (study: { StudyInstanceUID: string }, { displaySets = [], studies = [] }: Matching) =>
        plan(ofStudy(displaySets, study.StudyInstanceUID), studies.length > 1).kind,
    );
    hangingProtocolService.addCustomAttribute(
      PLACE,
      "Where a display set hangs",
      (set: DisplaySet, { displaySets = [] }: Matching) => {
        const { places } = plan(ofStudy(displaySets, set.StudyInstanceUID), studiesShown().length > 1);
        return places.indexOf(set.displaySetInstanceUID);
      },
    );
    return turnBreasts(services);
  },
};

function ofStudy(sets: DisplaySet[], study: string): DisplaySet[] {
  return sets.filter(({ StudyInstanceUID }) => StudyInstanceUID === study);
}

function plan(sets: DisplaySet[], priors: boolean): Plan {
  const asked = new URLSearchParams(window.location.search);
  const wanted = [...asked].find(([name]) => name.toLowerCase() === "initialseriesinstanceuid")?.[1];
  return planFor(sets, wanted, priors);
}

/** Each mammogram is turned once, when its viewport gets it. */
function turnBreasts(services: Services): () => void {
  const { cornerstoneViewportService, viewportGridService, displaySetService } = services;
  const event = cornerstoneViewportService.EVENTS["VIEWPORT_DATA_CHANGED"] ?? "";
  const { unsubscribe } = cornerstoneViewportService.subscribe(
    event,
    ({ viewportId }: { viewportId: string }) => {
      const [shown] = viewportGridService.getState().viewports.get(viewportId)?.displaySetInstanceUIDs ?? [];
      const set = shown === undefined ? undefined : displaySetService.getDisplaySetByUID(shown);
      const turn = set?.Modality === "MG" ? turnOf(set) : undefined;
      if (turn === undefined || (!turn.flipHorizontal && !turn.flipVertical)) return;
      const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
      viewport?.setCamera?.(turn);
      viewport?.render();
    },
  );
  return unsubscribe;
}
