// Segmentations: kept as they are painted, given back when their images are opened.
import { whenExamsOpen } from "../host/exams";
import type { Host } from "../host/ohif";
import type { ViewerModule } from "../modules";
import { studiesShown } from "../session";
import { watchHand } from "../work/hand";
import { Marks } from "./marks";

let open: Marks | undefined;

/** Shows somebody else's. */
export async function showSegmentation(study: string, series: string): Promise<void> {
  await open?.show(study, series);
}

export const marks: ViewerModule = {
  name: "marks",
  commands: (host) => ({
    "isocenter.brush": (options: { toolName: string }) => brush(host, options.toolName),
  }),
  enter: (host) => {
    const hand = watchHand();
    const marks = new Marks(host, hand.isDown);
    open = marks;
    const undo = [...listen(marks), ...follow(host, marks)];
    return () => {
      marks.end();
      hand.end();
      for (const end of undo) end();
      open = undefined;
    };
  },
};

/** A brush needs something to paint in: the first stroke on images begins a segmentation of them. */
async function brush({ commandsManager, servicesManager }: Host, toolName: string): Promise<void> {
  const { segmentationService, viewportGridService } = servicesManager.services;
  const viewportId = viewportGridService.getActiveViewportId();
  if (segmentationService.getActiveSegmentation(viewportId) === undefined)
    await commandsManager.runCommand("createLabelmapForViewport", { viewportId });
  commandsManager.runCommand("setToolActiveToolbar", { toolName });
}

function listen(to: Marks): (() => void)[] {
  const { Events } = window.cornerstoneTools.Enums;
  const heard: [string | undefined, (id: string) => void][] = [
    [Events["SEGMENTATION_DATA_MODIFIED"], (id) => to.changed(id)],
    [Events["SEGMENTATION_MODIFIED"], (id) => to.renamed(id)],
    [Events["SEGMENTATION_REMOVED"], (id) => to.removed(id)],
  ];
  return heard.map(([name = "", tell]) => {
    const listener = (event: Event) =>
      tell((event as CustomEvent<{ segmentationId: string }>).detail.segmentationId);
    window.cornerstone.eventTarget.addEventListener(name, listener);
    return () => window.cornerstone.eventTarget.removeEventListener(name, listener);
  });
}

/** Images that are there now may be those of a segmentation; a window that closes sends what it has. */
function follow(host: Host, marks: Marks): (() => void)[] {
  const { cornerstoneViewportService } = host.servicesManager.services;
  const opened = whenExamsOpen(host, (studies) => void marks.open(studies));
  const shown = cornerstoneViewportService.subscribe(
    cornerstoneViewportService.EVENTS["VIEWPORT_DATA_CHANGED"] ?? "",
    () => void marks.open(studiesShown()),
  );
  const leave = () => marks.flush();
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", leave);
  return [
    opened,
    shown.unsubscribe,
    () => window.removeEventListener("pagehide", leave),
    () => document.removeEventListener("visibilitychange", leave),
  ];
}
