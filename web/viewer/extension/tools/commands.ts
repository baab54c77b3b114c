// What our keys and buttons do where the viewer has no command for it.
import "../host/cornerstone";
import type { Host, Services, Viewport } from "../host/ohif";
import { jsx } from "react/jsx-runtime";
import { guest, guestAddress } from "../guest";
import { addressOf } from "../project";
import { studiesShown } from "../session";
import { Keys } from "./Keys";
import { keyImages, toggleMark } from "./keyImages";
import { relative, WINDOW_PRESETS } from "./windows";

/** Colour maps for PET and dose, in the order in which the key goes through them. */
const COLOURS = [
  "Grayscale",
  "hsv",
  "hot_iron",
  "Hot Iron",
  "PET 20 Step",
  "jet",
  "Plasma (matplotlib)",
  "Viridis (matplotlib)",
];

export function commands(host: Host): Record<string, (options: never) => unknown> {
  const { services } = host.servicesManager;
  const active = () =>
    services.cornerstoneViewportService.getCornerstoneViewport(
      services.viewportGridService.getActiveViewportId(),
    );
  return {
    "isocenter.corners": () => document.body.classList.toggle("iso-no-corners"),
    "isocenter.annotations": () => showAnnotations(services),
    "isocenter.toggleTool": ({ toolName }: { toolName: string }) => toggleTool(services, toolName),
    "isocenter.window": ({ index }: { index: number }) => chooseWindow(host, active(), index),
    "isocenter.mip": () => toggleMip(host, active()),
    "isocenter.colours": () => nextColours(host, active()),
    "isocenter.markKey": () => markKey(services, active()),
    "isocenter.nextKey": () => nextKey(services, active()),
    "isocenter.fullScreen": fullScreen,
    "isocenter.secondWindow": secondWindow,
    "isocenter.keys": () => showKeys(host),
  };
}

let annotationsShown = true;

function showAnnotations(services: Services): void {
  annotationsShown = !annotationsShown;
  const { state, visibility } = window.cornerstoneTools.annotation;
  for (const { annotationUID } of state.getAllAnnotations())
    visibility.setAnnotationVisibility(annotationUID, annotationsShown);
  for (const id of services.viewportGridService.getState().viewports.keys())
    services.cornerstoneViewportService.getCornerstoneViewport(id)?.render();
}

/** In every group of viewports that has the tool, the same way. */
function toggleTool(services: Services, name: string): void {
  const groups = services.toolGroupService
    .getToolGroupIds()
    .map((id) => services.toolGroupService.getToolGroup(id))
    .filter((group) => group?.hasTool(name) === true);
  const enabled = groups.some((group) => group?.getToolOptions(name)?.mode === "Enabled");
  for (const group of groups) {
    if (enabled) group?.setToolDisabled(name);
    else group?.setToolEnabled(name);
  }
}

function chooseWindow({ commandsManager }: Host, viewport: Viewport | null, index: number): void {
  if (viewport === null) return;
  const imageId = viewport.getCurrentImageId?.() ?? viewport.getImageIds()[0] ?? "";
  const modality = window.cornerstone.metaData.get("generalSeriesModule", imageId)?.["modality"];
  const preset = WINDOW_PRESETS[String(modality)]?.[index];
  const stored = storedWindow(imageId);
  const [center, width] =
    preset !== undefined
      ? [Number(preset.level), Number(preset.window)]
      : WINDOW_PRESETS[String(modality)] === undefined && stored !== undefined
        ? [relative(...stored)[index]?.center, relative(...stored)[index]?.width]
        : [];
  if (center === undefined || width === undefined) return;
  commandsManager.runCommand("setViewportWindowLevel", {
    viewportId: viewport.id,
    windowCenter: center,
    windowWidth: width,
  });
}

function storedWindow(imageId: string): [number, number] | undefined {
  const lut = window.cornerstone.metaData.get("voiLutModule", imageId);
  const first = (value: unknown) => Number(Array.isArray(value) ? value[0] : value);
  const [center, width] = [first(lut?.["windowCenter"]), first(lut?.["windowWidth"])];
  return Number.isFinite(center) && width > 0 ? [center, width] : undefined;
}

function toggleMip({ commandsManager, servicesManager }: Host, viewport: Viewport | null): void {
  if (viewport?.setBlendMode === undefined) {
    commandsManager.runCommand("toggleHangingProtocol", { protocolId: "mpr" });
    say(
      servicesManager.services,
      "Three planes first",
      "In one of them, the same key shows the brightest of a slab.",
    );
    return;
  }
  const { COMPOSITE, MAXIMUM_INTENSITY_BLEND } = window.cornerstone.Enums.BlendModes;
  const on = viewport.getBlendMode?.() !== MAXIMUM_INTENSITY_BLEND;
  viewport.setBlendMode(on ? MAXIMUM_INTENSITY_BLEND : COMPOSITE);
  viewport.setSlabThickness?.(on ? SLAB_MM : THIN_MM);
  viewport.render();
}

/** How much a slab of brightest values spans, and what counts as no slab, in mm. */
const SLAB_MM = 30;
const THIN_MM = 0.1;

let colours = 0;

function nextColours({ commandsManager, servicesManager }: Host, viewport: Viewport | null): void {
  if (viewport === null) return;
  const { viewportGridService } = servicesManager.services;
  const shown = viewportGridService.getState().viewports.get(viewport.id)?.displaySetInstanceUIDs ?? [];
  const top = shown.at(-1);
  colours = (colours + 1) % COLOURS.length;
  const name = COLOURS[colours];
  if (top === undefined || name === undefined) return;
  commandsManager.runCommand("setViewportColormap", {
    viewportId: viewport.id,
    displaySetInstanceUID: top,
    colormap: { name, ...(shown.length > 1 ? { opacity: 0.5 } : {}) },
    immediate: true,
  });
}

function sopOf(imageId: string | undefined): string | undefined {
  if (imageId === undefined) return undefined;
  const uid = window.cornerstone.metaData.get("sopCommonModule", imageId)?.["sopInstanceUID"];
  return typeof uid === "string" ? uid : undefined;
}

function markKey(services: Services, viewport: Viewport | null): void {
  const sop = sopOf(viewport?.getCurrentImageId?.());
  if (sop === undefined) return;
  const on = toggleMark(sop);
  say(
    services,
    on ? "Key image marked" : "Mark taken away",
    "Shift + K goes from one key image to the next.",
  );
}

/** The next key image of this stack, round and round. */
function nextKey(services: Services, viewport: Viewport | null): void {
  if (viewport?.setImageIdIndex === undefined) return;
  const wanted = new Set(keyImages(services));
  const places = viewport
    .getImageIds()
    .map((id, index) => ({ sop: sopOf(id), index }))
    .filter(({ sop }) => sop !== undefined && wanted.has(sop))
    .map(({ index }) => index);
  const now = viewport.getCurrentImageIdIndex();
  const next = places.find((index) => index > now) ?? places[0];
  if (next === undefined) say(services, "No key images here", "K marks the image that is shown.");
  else void viewport.setImageIdIndex(next);
}

function fullScreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
}

/** The same exam once more, to be moved to another monitor; both follow each other's position (see `together`). */
function secondWindow(): void {
  window.open(
    guest === undefined ? addressOf(studiesShown()) : guestAddress(guest),
    "_blank",
    "popup,width=1200,height=900",
  );
}

function showKeys({ servicesManager, commandsManager }: Host): void {
  const { uiModalService } = servicesManager.services;
  const run = (command: string, options: object) => {
    uiModalService.hide();
    commandsManager.runCommand(command, options);
  };
  uiModalService.show({
    title: "All keys",
    content: () => jsx(Keys, { run }),
    containerClassName: "max-w-5xl p-4",
  });
}

function say(services: Services, title: string, message: string): void {
  services.uiNotificationService.show({ title, message, type: "info" });
}
