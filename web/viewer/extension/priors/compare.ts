// Opens another exam of the patient beside the one on screen, and keeps it in the address, so that a reload or
// a link shows the same.
import type { DisplaySet, Host } from "../host/ohif";
import { studiesShown } from "../session";

/** @returns what went wrong, in words; undefined when the prior is on screen. */
export async function openBeside(host: Host, study: string): Promise<string | undefined> {
  const { displaySetService, viewportGridService, cornerstoneViewportService } =
    host.servicesManager.services;
  await host.commandsManager.runCommand("loadStudy", { StudyInstanceUID: study });
  const active = viewportGridService.getState().activeViewportId;
  const [shownUid] = viewportGridService.getState().viewports.get(active)?.displaySetInstanceUIDs ?? [];
  const shown = shownUid === undefined ? undefined : displaySetService.getDisplaySetByUID(shownUid);
  const best = closest(
    displaySetService.getActiveDisplaySets().filter(({ StudyInstanceUID }) => StudyInstanceUID === study),
    shown,
  );
  if (best === undefined) return "It has no images that can be hung beside these.";
  keepInAddress(study);
  const laidOut = once(viewportGridService, "GRID_STATE_CHANGED");
  if (viewportGridService.getState().viewports.size < 2) {
    host.commandsManager.runCommand("setViewportGridLayout", { numRows: 1, numCols: 2 });
    await laidOut;
  }
  const other = [...viewportGridService.getState().viewports.keys()].find((id) => id !== active);
  if (other === undefined) return "There is no second viewport to show it in.";
  host.commandsManager.runCommand("setDisplaySetsForViewports", {
    viewportsToUpdate: [{ viewportId: other, displaySetInstanceUIDs: [best.displaySetInstanceUID] }],
  });
  cornerstoneViewportService.resize?.();
  return undefined;
}

/** The series most like the one on screen: of its modality, its name, its size. */
export function closest(sets: DisplaySet[], shown: DisplaySet | undefined): DisplaySet | undefined {
  const score = (set: DisplaySet) =>
    (set.Modality === shown?.Modality ? 4 : 0) +
    (set.SeriesDescription === shown?.SeriesDescription ? 2 : 0) +
    ((set.numImageFrames ?? 0) > 1 === (shown?.numImageFrames ?? 0) > 1 ? 1 : 0);
  return sets
    .filter((set) => (set.numImageFrames ?? 0) > 0 && set.unsupported !== true)
    .toSorted((a, b) => score(b) - score(a))[0];
}

function keepInAddress(study: string): void {
  const here = new URL(window.location.href);
  here.searchParams.set("StudyInstanceUIDs", [...new Set([...studiesShown(), study])].join(","));
  window.history.replaceState(window.history.state, "", here);
}

function once(
  service: Host["servicesManager"]["services"]["viewportGridService"],
  event: string,
): Promise<void> {
  return new Promise((done) => {
    const { unsubscribe } = service.subscribe(service.EVENTS[event] ?? event, () => {
      unsubscribe();
      done();
    });
  });
}
