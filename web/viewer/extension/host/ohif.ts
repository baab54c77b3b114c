// The parts of the viewer's services that we use, as version 3.13 has them.
import type { ComponentType } from "react";

/** Undoes a subscription. */
export interface Subscription {
  unsubscribe: () => void;
}

export interface PubSub {
  EVENTS: Record<string, string>;
  subscribe: (event: string, listener: (told: never) => void) => Subscription;
}

/** Images that are shown together: mostly a series, or one multi-frame object. */
export interface DisplaySet {
  displaySetInstanceUID: string;
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPClassUID?: string;
  SOPClassHandlerId?: string;
  Modality: string;
  SeriesNumber?: number;
  SeriesDescription?: string;
  numImageFrames?: number;
  unsupported?: boolean;
  isReconstructable?: boolean;
  images?: Metadata[];
  instances?: Metadata[];
  instance?: Metadata;
}

/** A data set with the names of PS3.6 for keys. */
export type Metadata = Record<string, unknown>;

export interface GridViewport {
  viewportId: string;
  displaySetInstanceUIDs: string[];
  isReady?: boolean;
  viewportOptions?: Record<string, unknown>;
}

export interface GridState {
  activeViewportId: string;
  viewports: Map<string, GridViewport>;
  layout: { numRows: number; numCols: number };
}

export interface Services {
  displaySetService: PubSub & {
    getActiveDisplaySets: () => DisplaySet[];
    getDisplaySetByUID: (uid: string) => DisplaySet | undefined;
    getDisplaySetsForSeries: (seriesUid: string) => DisplaySet[];
  };
  viewportGridService: PubSub & {
    getState: () => GridState;
    getActiveViewportId: () => string;
    setActiveViewportId: (id: string) => void;
    setDisplaySetsForViewports: (what: object[]) => void;
  };
  cornerstoneViewportService: PubSub & {
    getCornerstoneViewport: (id: string) => Viewport | null;
    resize?: () => void;
  };
  hangingProtocolService: PubSub & {
    addCustomAttribute: (id: string, name: string, read: (...given: never[]) => unknown) => void;
    getActiveProtocol: () => { protocol: { id: string }; stageIndex: number };
    setProtocol: (id: string, options?: object) => void;
  };
  customizationService: {
    getCustomization: (id: string) => unknown;
    setCustomizations: (customizations: Record<string, unknown>, scope?: string) => void;
  };
  toolbarService: PubSub & {
    register: (buttons: object[]) => void;
    updateSection: (section: string, buttons: string[]) => void;
    refreshToolbarState: (about: { viewportId: string }) => void;
  };
  toolGroupService: {
    getToolGroup: (id: string) => ToolGroup | undefined;
    getToolGroupIds: () => string[];
    createToolGroupAndAddTools: (id: string, tools: object) => void;
    addToolsToToolGroup: (id: string, tools: object) => void;
  };
  measurementService: PubSub & {
    getMeasurement: (uid: string) => Metadata | undefined;
    getMeasurements: () => Metadata[];
    jumpToMeasurement: (viewportId: string, uid: string) => void;
  };
  segmentationService: PubSub & {
    getActiveSegmentation: (viewportId: string) => object | undefined;
    getSegmentColor: (viewportId: string, id: string, segment: number) => number[] | undefined;
    setSegmentColor: (viewportId: string, id: string, segment: number, color: number[]) => void;
    createLabelmapForDisplaySet: (set: DisplaySet, options: object) => Promise<string>;
    addSegmentationRepresentation: (viewportId: string, of: object) => Promise<void>;
  };
  syncGroupService: object;
  cineService: PubSub & { getState: () => { isCineEnabled: boolean } };
  uiNotificationService: {
    show: (note: { title: string; message: string; type: "info" | "success" | "warning" | "error" }) => void;
  };
  uiModalService: {
    show: (modal: { title: string; content: ComponentType<never>; containerClassName?: string }) => void;
    hide: () => void;
  };
  userAuthenticationService: {
    setServiceImplementation: (ours: { getAuthorizationHeader: () => Record<string, string> }) => void;
  };
  panelService: PubSub & { activatePanel: (id: string, force?: boolean) => void };
}

export interface ToolGroup {
  hasTool: (name: string) => boolean;
  addTool: (name: string, configuration?: object) => void;
  setToolActive: (name: string, options?: object) => void;
  setToolEnabled: (name: string) => void;
  setToolDisabled: (name: string) => void;
  setToolPassive: (name: string) => void;
  getActivePrimaryMouseButtonTool: () => string | undefined;
  getToolOptions: (name: string) => { mode: string } | undefined;
}

/** A cornerstone viewport: the part that stacks and volumes share. */
export interface Viewport {
  id: string;
  element: HTMLDivElement;
  type: string;
  getCurrentImageId?: () => string | undefined;
  getCurrentImageIdIndex: () => number;
  getImageIds: () => string[];
  setImageIdIndex?: (index: number) => Promise<string>;
  getProperties: () => { voiRange?: { lower: number; upper: number }; invert?: boolean };
  setProperties: (properties: object) => void;
  getCamera: () => { parallelScale?: number; flipHorizontal?: boolean; flipVertical?: boolean };
  getZoom?: () => number;
  setCamera?: (camera: object) => void;
  setBlendMode?: (mode: number) => void;
  getBlendMode?: () => number;
  setSlabThickness?: (mm: number) => void;
  render: () => void;
}

export interface Commands {
  runCommand: (name: string, options?: object) => unknown;
}

/** What the viewer gives to every part of an extension. */
/** Finds exams by DICOMweb. */
export type Search = (about: { studyInstanceUid?: string; patientId?: string }) => Promise<unknown[]>;

export interface Host {
  servicesManager: { services: Services };
  commandsManager: Commands;
  extensionManager: {
    getModuleEntry: (id: string) => { exports?: unknown; component?: unknown } | undefined;
    getActiveDataSource: () => DataSource[];
  };
  hotkeysManager?: unknown;
}

export interface DataSource {
  query: { studies: { search: Search } };
  getImageIdsForInstance: (of: { instance: Metadata; frame: number }) => string;
  retrieve: { series: { metadata: (of: { StudyInstanceUID: string }) => Promise<unknown> } };
}

export interface Panel {
  name: string;
  iconName: string;
  iconLabel: string;
  label: string;
  component: ComponentType;
}
