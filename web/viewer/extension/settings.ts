// The viewer's settings: our own DICOMweb door, signed in by our session, nothing from elsewhere.
import { jsx } from "react/jsx-runtime";
import { CORNERS } from "./corners/corners";
import { extension } from "./extension";
import { EMBED, guest, isForGuests, linkIncomplete } from "./guest";
import { Header } from "./header/Header";
import { adopt } from "./host/react";
import { mode } from "./mode";
import { DICOMWEB } from "./project";
import { toSignIn } from "./session";
import { BINDINGS } from "./tools/table";
import { WINDOW_PRESETS } from "./tools/windows";

declare global {
  interface Window {
    config: () => Promise<object>;
    /** What the viewer's package would load by itself. */
    extensions: string[];
    modes: string[];
  }
}

/** Only these of the package are loaded. */
const PACKAGED = ["@ohif/extension-default", "@ohif/extension-cornerstone"];

// The viewer asks for its settings when its own scripts are read, so that this is the place to choose among them.
window.config = () => {
  window.extensions.splice(0, Infinity, ...PACKAGED);
  window.modes.splice(0, Infinity);
  if (isForGuests && guest === undefined) {
    linkIncomplete();
    // Nothing is opened, and nothing is asked of the server.
    return new Promise<object>(() => undefined);
  }
  return Promise.resolve(settings);
};

const settings = {
  name: "isocenter",
  routerBasename: isForGuests ? EMBED : "/viewer",
  extensions: [extension],
  modes: [mode],
  customizationService: [
    {
      // No guided tour over the first image one wants to see.
      "ohif.tours": { $set: [] },
      "ohif.hotkeyBindings": { $set: BINDINGS },
      "cornerstone.windowLevelPresets": { $set: WINDOW_PRESETS },
      autoCineModalities: { $set: ["US", "IVUS", "XA", "RF", "NM"] },
      // Priors are found by our own panel: the viewer's would put the patient's ID into an address.
      "studyBrowser.studyMode": { $set: "primary" },
      ...Object.fromEntries(Object.entries(CORNERS).map(([corner, items]) => [corner, { $set: items }])),
    },
  ],
  // The list of exams is ours; the viewer opens what it is asked to.
  showStudyList: false,
  maxNumberOfWebWorkers: 3,
  showLoadingIndicator: true,
  showWarningMessageForCrossOrigin: false,
  showCPUFallbackMessage: false,
  strictZSpacingForVolumeViewport: true,
  groupEnabledModesFirst: true,
  investigationalUseDialog: { option: "never" },
  showErrorDetails: "dev",
  maxNumRequests: { interaction: 20, thumbnail: 6, prefetch: 20 },
  whiteLabeling: {
    createLogoComponentFn: (react: unknown) => {
      adopt(react);
      return jsx(Header, {});
    },
  },
  defaultDataSourceName: "isocenter",
  dataSources: [
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "isocenter",
      configuration: {
        friendlyName: "Isocenter",
        name: "isocenter",
        qidoRoot: DICOMWEB,
        wadoRoot: DICOMWEB,
        wadoUriRoot: DICOMWEB,
        qidoSupportsIncludeField: true,
        supportsFuzzyMatching: true,
        supportsWildcard: true,
        supportsReject: false,
        enableStudyLazyLoad: true,
        imageRendering: "wadors",
        thumbnailRendering: "thumbnail",
        thumbnailRequestStrategy: "fetch",
        dicomUploadEnabled: false,
        omitQuotationForMultipartRequest: true,
        singlepart: "bulkdata,video,pdf",
        bulkDataURI: { enabled: true, relativeResolution: "studies" },
      },
    },
  ],
  httpErrorHandler: (error: { status?: number } | undefined) => {
    if (error?.status === 401) toSignIn();
  },
};
