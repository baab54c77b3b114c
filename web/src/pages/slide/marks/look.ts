/** Going where a mark is. */

import OpenSeadragon from "openseadragon";
import { outline, type Mark } from "./mark";

/** Brings a mark into the middle; zooms out where it would not fit, never in. */
export function lookAt(viewer: OpenSeadragon.Viewer, mark: Mark): void {
  if (viewer.world.getItemCount() === 0) return;
  const corners = outline(mark);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const item = viewer.world.getItemAt(0);
  const box = item.imageToViewportRectangle(left, top, Math.max(...xs) - left, Math.max(...ys) - top);
  const seen = viewer.viewport.getBounds();
  viewer.viewport.panTo(box.getCenter());
  const times = Math.max(box.width / seen.width, box.height / seen.height);
  if (times > 0.8) viewer.viewport.zoomBy(0.8 / times);
}
