// Every tool once: its key, its name, its button. Tooltips, key bindings and the page of keys are made from this.

export interface Tool {
  /** The button's name in the viewer; tools without one are reached by key and by the page of keys. */
  button?: string;
  /** As the key-binding library writes it. */
  key: string;
  label: string;
  group: "Look" | "Move" | "Measure" | "Draw" | "Compare" | "Volume" | "Keep" | "Window";
  command: string;
  options?: Record<string, unknown>;
  /** The picture on its button, where the button is ours. */
  icon?: string;
}

const active = (toolName: string) => ({ command: "setToolActiveToolbar", options: { toolName } });
const mine = (name: string, options?: Record<string, unknown>) =>
  options === undefined ? { command: `isocenter.${name}` } : { command: `isocenter.${name}`, options };

export const TOOLS: Tool[] = [
  { group: "Look", key: "w", label: "Window", button: "WindowLevel", ...active("WindowLevel") },
  { group: "Look", key: "i", label: "Invert", button: "invert", command: "invertViewport" },
  { group: "Look", key: "z", label: "Zoom", button: "Zoom", ...active("Zoom") },
  { group: "Look", key: "p", label: "Pan", button: "Pan", ...active("Pan") },
  { group: "Look", key: "g", label: "Magnify", button: "Magnify", ...active("Magnify") },
  { group: "Look", key: "+", label: "Larger", command: "scaleUpViewport" },
  { group: "Look", key: "-", label: "Smaller", command: "scaleDownViewport" },
  { group: "Look", key: "=", label: "Fit to window", command: "fitViewportToWindow" },
  { group: "Look", key: "r", label: "Rotate right", button: "rotate-right", command: "rotateViewportCW" },
  { group: "Look", key: "shift+r", label: "Rotate left", command: "rotateViewportCCW" },
  {
    group: "Look",
    key: "h",
    label: "Flip left to right",
    button: "flipHorizontal",
    command: "flipViewportHorizontal",
  },
  { group: "Look", key: "v", label: "Flip top to bottom", command: "flipViewportVertical" },
  { group: "Look", key: "space", label: "Reset the view", button: "Reset", command: "resetViewport" },
  {
    group: "Look",
    key: "t",
    label: "Texts in the corners",
    button: "IsoCorners",
    icon: "ListView",
    ...mine("corners"),
  },
  {
    group: "Look",
    key: "o",
    label: "Overlays of the image",
    button: "ImageOverlayViewer",
    ...mine("toggleTool", { toolName: "ImageOverlayViewer" }),
  },

  { group: "Move", key: "s", label: "Scroll", button: "StackScroll", ...active("StackScroll") },
  { group: "Move", key: "down", label: "Next image", command: "nextImage" },
  { group: "Move", key: "up", label: "Previous image", command: "previousImage" },
  { group: "Move", key: "home", label: "First image", command: "firstImage" },
  { group: "Move", key: "end", label: "Last image", command: "lastImage" },
  { group: "Move", key: "right", label: "Next viewport", command: "incrementActiveViewport" },
  { group: "Move", key: "left", label: "Previous viewport", command: "decrementActiveViewport" },
  {
    group: "Move",
    key: "pagedown",
    label: "Next series",
    command: "updateViewportDisplaySet",
    options: { direction: 1 },
  },
  {
    group: "Move",
    key: "pageup",
    label: "Previous series",
    command: "updateViewportDisplaySet",
    options: { direction: -1 },
  },
  { group: "Move", key: "c", label: "Cine", button: "Cine", command: "toggleCine" },

  { group: "Measure", key: "d", label: "Length", button: "Length", ...active("Length") },
  { group: "Measure", key: "b", label: "Two diameters", button: "Bidirectional", ...active("Bidirectional") },
  { group: "Measure", key: "n", label: "Angle", button: "Angle", ...active("Angle") },
  { group: "Measure", key: "shift+n", label: "Cobb angle", button: "CobbAngle", ...active("CobbAngle") },
  { group: "Measure", key: "e", label: "Ellipse", button: "EllipticalROI", ...active("EllipticalROI") },
  { group: "Measure", key: "q", label: "Rectangle", button: "RectangleROI", ...active("RectangleROI") },
  { group: "Measure", key: "shift+c", label: "Circle", button: "CircleROI", ...active("CircleROI") },
  {
    group: "Measure",
    key: "j",
    label: "Freehand region",
    button: "PlanarFreehandROI",
    ...active("PlanarFreehandROI"),
  },
  {
    group: "Measure",
    key: "y",
    label: "Arrow with text",
    button: "ArrowAnnotate",
    ...active("ArrowAnnotate"),
  },
  { group: "Measure", key: "u", label: "Value at a point", button: "Probe", ...active("Probe") },
  {
    group: "Measure",
    key: "a",
    label: "Annotations on or off",
    button: "IsoAnnotations",
    icon: "tool-annotate",
    ...mine("annotations"),
  },
  { group: "Measure", key: "backspace", label: "Delete the annotation", command: "deleteActiveAnnotation" },
  { group: "Measure", key: "ctrl+z", label: "Undo", command: "undo" },
  { group: "Measure", key: "ctrl+y", label: "Redo", command: "redo" },
  { group: "Measure", key: "esc", label: "Cancel", command: "cancelActiveOperation" },

  { group: "Draw", key: "shift+b", label: "Brush", ...mine("brush", { toolName: "CircularBrush" }) },
  { group: "Draw", key: "shift+e", label: "Eraser", ...mine("brush", { toolName: "CircularEraser" }) },
  { group: "Draw", key: "]", label: "Larger brush", command: "increaseBrushSize" },
  { group: "Draw", key: "[", label: "Smaller brush", command: "decreaseBrushSize" },
  { group: "Draw", key: "shift+a", label: "New segment", command: "addNewSegment" },
  { group: "Draw", key: "enter", label: "Accept the preview", command: "acceptPreview" },

  {
    group: "Compare",
    key: "l",
    label: "Scroll together, by position",
    button: "ImageSliceSync",
    command: "toggleSynchronizer",
    options: { type: "imageSlice" },
  },
  {
    group: "Compare",
    key: "shift+l",
    label: "Reference lines",
    button: "ReferenceLines",
    ...mine("toggleTool", { toolName: "ReferenceLines" }),
  },
  { group: "Compare", key: ".", label: "Next layout", command: "nextStage" },
  { group: "Compare", key: ",", label: "Previous layout", command: "previousStage" },

  {
    group: "Volume",
    key: "m",
    label: "Three planes (MPR)",
    button: "IsoMpr",
    icon: "icon-mpr",
    command: "toggleHangingProtocol",
    options: { protocolId: "mpr" },
  },
  {
    group: "Volume",
    key: "x",
    label: "Crosshairs",
    button: "Crosshairs",
    command: "toggleActiveDisabledToolbar",
    options: { itemId: "Crosshairs", toolGroupIds: ["mpr"] },
  },
  {
    group: "Volume",
    key: "shift+m",
    label: "Brightest of a slab (MIP)",
    button: "IsoMip",
    icon: "tool-layout",
    ...mine("mip"),
  },
  {
    group: "Volume",
    key: "shift+f",
    label: "PET over CT",
    button: "IsoFusion",
    icon: "tool-fusion-color",
    command: "toggleHangingProtocol",
    options: { protocolId: "isocenter.fusion" },
  },
  {
    group: "Volume",
    key: "shift+p",
    label: "Next colour map",
    button: "IsoColours",
    icon: "icon-color-lut",
    ...mine("colours"),
  },

  {
    group: "Keep",
    key: "k",
    label: "Mark as key image",
    button: "IsoKey",
    icon: "status-tracked",
    ...mine("markKey"),
  },
  { group: "Keep", key: "shift+k", label: "Next key image", ...mine("nextKey") },
  {
    group: "Keep",
    key: "shift+s",
    label: "Save as picture",
    button: "Capture",
    command: "showDownloadViewportModal",
  },
  {
    group: "Keep",
    key: "shift+t",
    label: "All attributes",
    button: "TagBrowser",
    command: "openDICOMTagViewer",
  },

  {
    group: "Window",
    key: "f",
    label: "Full screen",
    button: "IsoFull",
    icon: "tool-expand",
    ...mine("fullScreen"),
  },
  {
    group: "Window",
    key: "shift+w",
    label: "Second window for another monitor",
    button: "IsoWindow",
    icon: "action-new-dialog",
    ...mine("secondWindow"),
  },
  { group: "Window", key: "?", label: "All keys", button: "IsoKeys", icon: "info", ...mine("keys") },
];

/** Number keys choose a window, by the modality of the image. */
const WINDOWS: Tool[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({
  group: "Look",
  key: String(n),
  label: `Window ${n} of the modality`,
  ...mine("window", { index: n - 1 }),
}));

export const ALL_TOOLS: Tool[] = [...TOOLS, ...WINDOWS];

/** As the viewer takes key bindings. */
export const BINDINGS = ALL_TOOLS.map(({ key, label, command, options }) => ({
  commandName: command,
  label,
  keys: [key],
  isEditable: true,
  ...(options === undefined ? {} : { commandOptions: options }),
}));

/** A key as it stands on the keyboard. */
export function keyName(key: string): string {
  const names: Record<string, string> = {
    space: "Space",
    down: "↓",
    up: "↑",
    left: "←",
    right: "→",
    home: "Home",
    end: "End",
    pagedown: "Page down",
    pageup: "Page up",
    backspace: "Backspace",
    enter: "Enter",
    esc: "Esc",
  };
  return key
    .split(/(?<=.)\+/)
    .map((part) =>
      part === "shift" ? "Shift" : part === "ctrl" ? "Ctrl" : (names[part] ?? part.toUpperCase()),
    )
    .join(" + ");
}
