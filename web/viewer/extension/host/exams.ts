// Which exams are open, as their images arrive.
import type { DisplaySet, Host } from "./ohif";

/** Tells each exam whose images arrive. What the viewer makes itself, such as a new segmentation, is of none. */
export function whenExamsOpen({ servicesManager }: Host, tell: (studies: string[]) => void): () => void {
  const { displaySetService } = servicesManager.services;
  return displaySetService.subscribe(
    displaySetService.EVENTS["DISPLAY_SETS_ADDED"] ?? "",
    ({ displaySetsAdded }: { displaySetsAdded: DisplaySet[] }) => {
      const studies = displaySetsAdded.map(({ StudyInstanceUID }): unknown => StudyInstanceUID);
      const named = studies.filter((study): study is string => typeof study === "string" && study !== "");
      if (named.length > 0) tell([...new Set(named)]);
    },
  ).unsubscribe;
}
