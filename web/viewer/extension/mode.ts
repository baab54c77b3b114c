// How an exam is opened: the viewer's own basic mode, with our panels and our ways of hanging.
import { PROTOCOL_IDS } from "./hanging/protocols";
import type { Host } from "./host/ohif";
import { MODULES, panelId } from "./modules";
import { registerButtons, SECTIONS } from "./tools/toolbar";

interface Layout {
  id: string;
  props: { leftPanels: string[]; rightPanels: string[] } & Record<string, unknown>;
}

interface Instance extends Record<string, unknown> {
  onModeEnter: (host: Host) => void;
  routes: ({ layoutInstance: Layout } & Record<string, unknown>)[];
}

interface Factory {
  loadModules: (names: string[]) => Promise<{ modeInstance: Instance; customizations?: object }[]>;
}

export const mode = {
  id: "isocenter",

  async modeFactory({ loadModules }: Factory): Promise<Instance> {
    const [basic] = await loadModules(["@ohif/mode-basic"]);
    const route = basic?.modeInstance.routes[0];
    if (basic === undefined || route === undefined) throw new Error("the viewer came without its basic mode");
    const enter = basic.modeInstance.onModeEnter;
    return {
      ...basic.modeInstance,
      onModeEnter(host: Host) {
        registerButtons(host.servicesManager.services);
        enter.call(this, host);
      },
      hangingProtocol: PROTOCOL_IDS,
      toolbarSections: [{ $reference: "cornerstone.toolbarSections" }, SECTIONS],
      toolGroupAdditions: { default: [{ $reference: "cornerstone.segmentationTools" }] },
      modeCustomizations: {},
      id: "isocenter",
      routeName: "viewer",
      displayName: "Exam",
      hide: false,
      // An exam of reports alone opens too: what it has is shown, or said to be not shown.
      isValidMode: () => ({ valid: true, description: "" }),
      routes: [{ ...route, path: "viewer", layoutInstance: withPanels(route.layoutInstance) }],
    };
  },
};

/** CSS pixels from which both panels are open. */
const WIDE = 1280;

function withPanels(layout: Layout): Layout {
  const { leftPanels, rightPanels } = layout.props;
  const left = MODULES.flatMap((module) => module.left ?? []).map(panelId);
  const right = MODULES.flatMap((module) => module.right ?? []).map(panelId);
  return {
    ...layout,
    props: {
      ...layout.props,
      leftPanels: [...leftPanels, ...left],
      // The viewer's own list of measurements would say the same again.
      rightPanels: [...right, ...rightPanels.filter((name) => !/measurement/i.test(name))],
      // On a tablet the images need the room.
      rightPanelClosed: window.innerWidth < WIDE,
    },
  };
}
