// The buttons: the viewer's own, told again with their keys, and ours.
import type { Services } from "../host/ohif";
import { keyName, TOOLS } from "./table";

interface Button {
  id: string;
  uiType: string;
  props: Record<string, unknown>;
}

/** Which buttons stand where. The first of a list is what its button shows. */
export const SECTIONS = {
  primary: [
    "MeasurementTools",
    "WindowLevel",
    "Zoom",
    "Pan",
    "StackScroll",
    "Layout",
    "VolumeTools",
    "MoreTools",
    "IsoKey",
    "IsoKeys",
  ],
  MeasurementTools: [
    "Length",
    "Bidirectional",
    "ArrowAnnotate",
    "EllipticalROI",
    "RectangleROI",
    "CircleROI",
    "PlanarFreehandROI",
    "SplineROI",
    "LivewireContour",
    "Angle",
    "CobbAngle",
    "Probe",
    "CalibrationLine",
    "UltrasoundDirectionalTool",
  ],
  VolumeTools: ["IsoMpr", "Crosshairs", "IsoMip", "IsoFusion", "IsoColours", "TrackballRotate"],
  MoreTools: [
    "Reset",
    "Cine",
    "invert",
    "rotate-right",
    "flipHorizontal",
    "ImageSliceSync",
    "ReferenceLines",
    "ImageOverlayViewer",
    "IsoAnnotations",
    "IsoCorners",
    "Magnify",
    "WindowLevelRegion",
    "Capture",
    "TagBrowser",
    "IsoFull",
    "IsoWindow",
  ],
};

/** Registered before the packaged buttons; the first of a name stays. */
export function registerButtons({ toolbarService, customizationService }: Services): void {
  const packaged = (customizationService.getCustomization("cornerstone.toolbarButtons") ?? []) as Button[];
  toolbarService.register([...packaged.map(withKey), LIST, ...ours()]);
}

function withKey(button: Button): Button {
  const tool = TOOLS.find((one) => one.button === button.id);
  if (tool === undefined) return button;
  return { ...button, props: { ...button.props, label: tool.label, tooltip: tooltip(tool.label, tool.key) } };
}

const LIST: Button = { id: "VolumeTools", uiType: "ohif.toolButtonList", props: { buttonSection: true } };

function ours(): Button[] {
  return TOOLS.flatMap(({ button, icon, label, key, command, options }) =>
    button === undefined || icon === undefined
      ? []
      : [
          {
            id: button,
            uiType: "ohif.toolButton",
            props: {
              icon,
              label,
              tooltip: tooltip(label, key),
              commands: { commandName: command, commandOptions: options ?? {} },
              evaluate: "evaluate.action",
            },
          },
        ],
  );
}

function tooltip(label: string, key: string): string {
  return `${label} (${keyName(key)})`;
}
