// People's work: kept as it is drawn, given back when an exam is opened.
import { whenExamsOpen } from "../host/exams";
import type { Host } from "../host/ohif";
import type { ViewerModule } from "../modules";
import { studiesShown } from "../session";
import { Desk, setDesk } from "./desk";
import { watchHand } from "./hand";
import { Panel } from "./Panel";
import { Status } from "./Status";
import type { Annotation } from "./types";

export const work: ViewerModule = {
  name: "work",
  Status,
  right: [
    {
      name: "work",
      iconName: "tab-linear",
      iconLabel: "Measurements",
      label: "Measurements",
      component: Panel,
    },
  ],
  enter: (host) => {
    const hand = watchHand();
    const opened = new Desk(host, hand.isDown);
    setDesk(opened);
    const undo = [hand.end, ...listen(opened), ...follow(host, opened)];
    void opened.open(studiesShown());
    return () => {
      opened.end();
      for (const end of undo) end();
      setDesk(undefined);
    };
  },
};

/** What is drawn, changed and taken away. */
function listen(to: Desk): (() => void)[] {
  const { Events } = window.cornerstoneTools.Enums;
  const heard: [string | undefined, (annotation: Annotation) => void][] = [
    [Events["ANNOTATION_ADDED"], (one) => to.added(one)],
    [Events["ANNOTATION_MODIFIED"], (one) => to.modified(one)],
    [Events["ANNOTATION_COMPLETED"], (one) => to.completed(one)],
    [Events["ANNOTATION_REMOVED"], (one) => to.removed(one)],
  ];
  return heard.map(([name = "", tell]) => {
    const listener = (event: Event) =>
      tell((event as CustomEvent<{ annotation: Annotation }>).detail.annotation);
    window.cornerstone.eventTarget.addEventListener(name, listener);
    return () => window.cornerstone.eventTarget.removeEventListener(name, listener);
  });
}

/** Exams that are opened later, a window that closes, and one that is looked at again. */
function follow(host: Host, desk: Desk): (() => void)[] {
  const opened = whenExamsOpen(host, (studies) => void desk.open(studies));
  const leave = () => desk.flush();
  const turn = () => {
    if (document.visibilityState === "visible") void desk.refresh();
    else desk.flush();
  };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", turn);
  return [
    opened,
    () => window.removeEventListener("pagehide", leave),
    () => document.removeEventListener("visibilitychange", turn),
  ];
}
