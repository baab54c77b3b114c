// The plan as hanging protocols of the viewer: places become display set selectors, layouts become stages.
import type { Kind } from "./plan";

/** Custom attributes by which protocols and places are matched. */
export const KIND = "isocenterKind";
export const PLACE = "isocenterPlace";

const SEGMENTATIONS = {
  type: "hydrateseg",
  id: "sameFORId",
  source: true,
  target: true,
  options: { matchingRules: ["sameFOR"] },
};

/** Most places a layout has. */
const PLACES = [0, 1, 2, 3, 4, 5, 6, 7];

const equals = (attribute: string, value: unknown, from?: string) => ({
  attribute,
  ...(from === undefined ? {} : { from }),
  constraint: { equals: { value } },
  required: true,
});

const place = (at: number, exam = 0) => ({
  studyMatchingRules: [equals("studyInstanceUIDsIndex", exam, "options")],
  seriesMatchingRules: [equals(PLACE, at)],
});

const here = Object.fromEntries(PLACES.map((at) => [`here${at}`, place(at)]));
const prior = Object.fromEntries(PLACES.map((at) => [`prior${at}`, place(at, 1)]));

const stack = (id: string, more: object = {}) => ({
  viewportOptions: {
    viewportType: "stack",
    toolGroupId: "default",
    allowUnmatchedView: true,
    initialImageOptions: { custom: "sopInstanceLocation" },
    syncGroups: [SEGMENTATIONS],
    ...more,
  },
  displaySets: [{ id }],
});

const grid = (rows: number, columns: number, viewports: object[], needed = viewports.length) => ({
  name: `${columns} × ${rows}`,
  id: `${columns}x${rows}`,
  stageActivation: { enabled: { minViewportsMatched: needed } },
  viewportStructure: { layoutType: "grid", properties: { rows, columns } },
  viewports,
});

const stacks = (count: number) => PLACES.slice(0, count).map((at) => stack(`here${at}`));

const one = grid(1, 1, stacks(1), 0);

const protocol = (kind: Kind, name: string, stages: object[], more: object = {}) => ({
  id: `isocenter.${kind}`,
  name,
  protocolMatchingRules: [{ ...equals(KIND, kind), weight: 100 }],
  toolGroupIds: ["default"],
  // The exam that is open, and priors where there are some.
  numberOfPriorsReferenced: 0,
  displaySetSelectors: { ...here, ...prior },
  defaultViewport: {
    viewportOptions: {
      viewportType: "stack",
      toolGroupId: "default",
      allowUnmatchedView: true,
      syncGroups: [SEGMENTATIONS],
    },
    displaySets: [{ id: "here0", matchedDisplaySetsIndex: -1 }],
  },
  stages,
  ...more,
});

const RIGHT_BREAST = {
  imageArea: [0.9, 0.9],
  imageCanvasPoint: { imagePoint: [1, 0.5], canvasPoint: [1, 0.5] },
};
const LEFT_BREAST = {
  imageArea: [0.9, 0.9],
  imageCanvasPoint: { imagePoint: [0, 0.5], canvasPoint: [0, 0.5] },
};

const breast = (at: number, from = "here") =>
  stack(`${from}${at}`, {
    displayArea: { storeAsInitialCamera: true, ...(at % 2 === 0 ? RIGHT_BREAST : LEFT_BREAST) },
  });

/** PET windows go from nothing to an uptake of 5; colour lies over the CT where there is uptake. */
const PET_COLOURS = {
  name: "hsv",
  opacity: [
    { value: 0, opacity: 0 },
    { value: 0.1, opacity: 0.6 },
    { value: 1, opacity: 0.8 },
  ],
};

const volume = (viewportId: string, orientation: string, displaySets: object[], groups: object[]) => ({
  viewportOptions: {
    viewportId,
    viewportType: "volume",
    orientation,
    toolGroupId: "mpr",
    initialImageOptions: { preset: "middle" },
    syncGroups: [...groups, SEGMENTATIONS],
  },
  displaySets,
});

const together = (id: string) => ({ type: "cameraPosition", id, source: true, target: true });
const windowOf = (id: string) => ({
  type: "voi",
  id,
  source: true,
  target: true,
  options: { syncColormap: true },
});

const ct = { id: "here0" };
const pet = { id: "here1", options: { voi: { windowWidth: 5, windowCenter: 2.5 }, voiInverted: true } };
const petOver = {
  id: "here1",
  options: { voi: { windowWidth: 5, windowCenter: 2.5 }, colormap: PET_COLOURS },
};
const brightest = {
  id: "here1",
  options: { ...pet.options, blendMode: "MIP", slabThickness: "fullVolume" },
};

const fusion = protocol(
  "fusion",
  "PET over CT",
  [
    grid(2, 2, [
      volume("fusion-ct", "axial", [ct], [together("axial"), windowOf("ct")]),
      volume("fusion-both", "axial", [ct, petOver], [together("axial")]),
      volume("fusion-pet", "axial", [pet], [together("axial"), windowOf("pet")]),
      volume("fusion-mip", "coronal", [brightest], []),
    ]),
    grid(1, 3, [
      volume("fusion-axial", "axial", [ct, petOver], []),
      volume("fusion-coronal", "coronal", [ct, petOver], []),
      volume("fusion-sagittal", "sagittal", [ct, petOver], []),
    ]),
  ],
  { imageLoadStrategy: "interleaveTopToBottom", isPreset: true, icon: "tool-fusion-color" },
);

export const PROTOCOLS = [
  protocol("single", "One series", [one, grid(1, 2, stacks(2)), grid(2, 2, stacks(4), 3)]),
  protocol("grid", "Series side by side", [
    grid(2, 2, stacks(4), 3),
    grid(1, 2, stacks(2)),
    grid(2, 3, stacks(6), 5),
    one,
  ]),
  protocol("radiographs", "Views side by side", [grid(1, 2, stacks(2)), grid(2, 2, stacks(4), 3), one]),
  protocol("breasts", "Both breasts, both views", [
    grid(
      2,
      2,
      [0, 1, 2, 3].map((at) => breast(at)),
      2,
    ),
    grid(1, 2, [breast(0), breast(1)]),
    grid(1, 2, [breast(2), breast(3)]),
  ]),
  protocol("compare", "Beside the prior exam", [
    grid(1, 2, [stack("here0"), stack("prior0")]),
    grid(2, 2, [stack("here0"), stack("prior0"), stack("here1"), stack("prior1")]),
    one,
  ]),
  fusion,
];

/** In the order in which they are tried; the first also says what must be loaded before anything hangs. */
export const PROTOCOL_IDS = PROTOCOLS.map(({ id }) => id);
