/** Keys of the slide view. */

import type OpenSeadragon from "openseadragon";
import type { KeyboardEvent } from "react";

const STEP = 0.15;

export function onKey(event: KeyboardEvent, viewer: OpenSeadragon.Viewer): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act === undefined) return;
  act(viewer);
  viewer.viewport.applyConstraints();
  event.preventDefault();
  event.stopPropagation();
}

const pan = (x: number, y: number) => (viewer: OpenSeadragon.Viewer) => {
  const box = viewer.viewport.getBounds();
  const delta = viewer.viewport.getCenter().clone();
  delta.x += x * STEP * box.width;
  delta.y += y * STEP * box.height;
  viewer.viewport.panTo(delta);
};

const KEYS: Record<string, (viewer: OpenSeadragon.Viewer) => void> = {
  "+": (viewer) => viewer.viewport.zoomBy(1.5),
  "=": (viewer) => viewer.viewport.zoomBy(1.5),
  "-": (viewer) => viewer.viewport.zoomBy(1 / 1.5),
  "0": (viewer) => viewer.viewport.goHome(),
  r: (viewer) => viewer.viewport.setRotation(viewer.viewport.getRotation() + 90),
  f: (viewer) => fullScreen(viewer),
  ArrowLeft: pan(-1, 0),
  ArrowRight: pan(1, 0),
  ArrowUp: pan(0, -1),
  ArrowDown: pan(0, 1),
};

export function fullScreen(viewer: OpenSeadragon.Viewer): void {
  const section = viewer.element.closest("section");
  if (document.fullscreenElement !== null) void document.exitFullscreen();
  else void section?.requestFullscreen();
}
