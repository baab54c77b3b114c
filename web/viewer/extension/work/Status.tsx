import { useSyncExternalStore } from "react";
import { isForGuests } from "../guest";
import { current, subscribe, type Known } from "./store";

/** Whether what was drawn is kept, always in sight. */
export function Status() {
  const known = useSyncExternalStore(subscribe, current);
  const { trouble, words } = standing(known);
  return (
    <span className={`iso-status iso-status-${trouble ? "trouble" : "quiet"}`} role="status">
      {words}
    </span>
  );
}

function standing({ unsent, offline, rows, mayMeasure, marks, failed }: Known): {
  trouble: boolean;
  words: string;
} {
  const troubled = rows.filter(({ standing: { kind } }) => kind === "newer" || kind === "refused").length;
  const open = unsent + marks.unsent;
  if (!mayMeasure)
    return {
      trouble: false,
      words: isForGuests ? "For looking: nothing drawn here is kept" : "Your account may look, not measure",
    };
  if (troubled > 0) return { trouble: true, words: `${troubled} not kept: see Measurements` };
  if (marks.trouble !== undefined)
    return { trouble: true, words: `The segmentation is not kept: ${marks.trouble}` };
  if (offline)
    return { trouble: true, words: `No answer; ${unsent} kept in this browser until there is one` };
  if (marks.offline)
    return { trouble: true, words: "No answer; the segmentation is kept in this browser until there is one" };
  if (failed.length > 0)
    return { trouble: true, words: "Earlier measurements don't come; what is drawn waits in this window" };
  if (open > 0) return { trouble: false, words: "Keeping…" };
  const own = marks.kept || rows.some(({ item }) => item.own && !item.removed);
  return { trouble: false, words: own ? "All kept" : "" };
}
