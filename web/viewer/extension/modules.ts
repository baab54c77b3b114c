// What the extension is made of. A module of the viewer that wants to take part adds itself here; it needs
// to touch no other file.
import type { ComponentType } from "react";
import { isForGuests } from "./guest";
import { hanging } from "./hanging/module";
import type { Host, Panel } from "./host/ohif";
import { marks } from "./marks/module";
import { priors } from "./priors/module";
import { project, projectStatus } from "./project";
import { report } from "./report/module";
import { tools } from "./tools/module";
import { work } from "./work/module";

export interface ViewerModule {
  name: string;
  /** Called each time an exam is opened, before its images are. What it returns is called when it is left. */
  enter?: (host: Host) => (() => void) | undefined;
  /** A short line in the header: "all saved", "offline". */
  Status?: ComponentType;
  /** Panels beside the images. */
  left?: Panel[];
  right?: Panel[];
  /** Commands by name; toolbar buttons and keys run them. */
  commands?: (host: Host) => Record<string, (options: never) => unknown>;
}

/** Guests see the one exam they were given: no other exam of the patient, no report and no papers. In a project
 * nothing is asked of the archive: its report comes through the project's wall. */
export const MODULES: ViewerModule[] = modules();

function modules(): ViewerModule[] {
  if (project !== undefined) return [hanging, tools, report, projectStatus];
  return isForGuests ? [hanging, tools, work, marks] : [hanging, tools, priors, report, work, marks];
}

export const EXTENSION = "isocenter";

let host: Host | undefined;

/** Told once, before anything of ours is drawn; the viewer gives its parts to no panel. */
export function rememberHost(given: Host): void {
  host = given;
}

/** The viewer's services and commands, for components. */
export function theHost(): Host {
  if (host === undefined) throw new Error("a component was drawn before the extension was registered");
  return host;
}

/** The name under which the viewer knows a panel of ours. */
export function panelId({ name }: Panel): string {
  return `${EXTENSION}.panelModule.${name}`;
}
