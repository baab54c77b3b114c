/** Drawing by mouse, finger or keys: points are placed one by one, or a line and a rectangle dragged. */

import OpenSeadragon from "openseadragon";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Kind, Spot } from "./mark";

/** A click nearer than this many pixels of the screen to the first corner closes a polygon. */
const CLOSING = 14;

interface Draft {
  spots: Spot[];
  /** Where the pointer is. */
  next?: Spot | undefined;
}

const EMPTY: Draft = { spots: [] };

export interface Drawing {
  kind: Kind | undefined;
  draft: Draft;
  choose: (kind: Kind | undefined) => void;
  /** Places a point in the middle of the view. */
  placeMiddle: () => void;
  /** Ends a polygon. */
  finish: () => void;
}

export function useDrawing(
  viewer: OpenSeadragon.Viewer | undefined,
  onDrawn: (kind: Kind, spots: Spot[]) => void,
): Drawing {
  const [kind, setKind] = useState<Kind>();
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const pressed = useRef<Spot>(undefined);
  const choose = useCallback((wanted: Kind | undefined) => {
    setKind(wanted);
    setDraft(EMPTY);
  }, []);
  const end = useCallback(
    (spots: Spot[]) => {
      setDraft(EMPTY);
      if (kind !== undefined && isWhole(kind, spots)) onDrawn(kind, spots);
    },
    [kind, onDrawn],
  );
  const place = useCallback(
    (spot: Spot, closes: boolean) => {
      const spots = [...draft.spots, spot];
      if (closes && draft.spots.length > 2) end(draft.spots);
      else if (kind === "point" || (kind !== "polygon" && spots.length === 2)) end(spots);
      else setDraft({ spots });
    },
    [draft, kind, end],
  );

  useEffect(() => {
    if (viewer === undefined || kind === undefined) return;
    const click = (event: OpenSeadragon.CanvasClickEvent) => {
      event.preventDefaultAction = true;
      const spot = spotAt(viewer, event.position);
      if (!event.quick || spot === undefined) return;
      const [first] = draft.spots;
      const at = first === undefined ? undefined : screenOf(viewer, first);
      place(spot, at !== undefined && at.distanceTo(event.position) < CLOSING);
    };
    // A drag is told of only when the pointer has gone some way.
    const press = (event: OpenSeadragon.CanvasPressEvent) => {
      pressed.current = spotAt(viewer, event.position);
    };
    const drag = (event: OpenSeadragon.CanvasDragEvent) => {
      if (kind === "point" || kind === "polygon") return;
      event.preventDefaultAction = true;
      const [start, next] = [pressed.current, spotAt(viewer, event.position)];
      setDraft(({ spots }) => ({ spots: spots.length > 0 || start === undefined ? spots : [start], next }));
    };
    const dragEnd = (event: Omit<OpenSeadragon.CanvasDragEvent, "delta">) => {
      if (kind === "point" || kind === "polygon") return;
      event.preventDefaultAction = true;
      const spot = spotAt(viewer, event.position);
      if (spot !== undefined && draft.spots.length > 0) end([...draft.spots, spot]);
    };
    const twice = (event: OpenSeadragon.CanvasDoubleClickEvent) => {
      event.preventDefaultAction = true;
      if (kind === "polygon") end(withoutDoubles(draft.spots));
    };
    viewer.addHandler("canvas-click", click);
    viewer.addHandler("canvas-press", press);
    viewer.addHandler("canvas-drag", drag);
    viewer.addHandler("canvas-drag-end", dragEnd);
    viewer.addHandler("canvas-double-click", twice);
    return () => {
      viewer.removeHandler("canvas-click", click);
      viewer.removeHandler("canvas-press", press);
      viewer.removeHandler("canvas-drag", drag);
      viewer.removeHandler("canvas-drag-end", dragEnd);
      viewer.removeHandler("canvas-double-click", twice);
    };
  }, [viewer, kind, draft, place, end]);

  return {
    kind,
    draft,
    choose,
    placeMiddle: () => {
      if (viewer === undefined || viewer.world.getItemCount() === 0) return;
      const { x, y } = viewer.world.getItemAt(0).viewportToImageCoordinates(viewer.viewport.getCenter(true));
      place([x, y], false);
    },
    finish: () => end(draft.spots),
  };
}

function isWhole(kind: Kind, spots: Spot[]): boolean {
  if (kind === "point") return spots.length === 1;
  if (kind === "polygon") return spots.length > 2;
  const [a, b] = spots;
  if (a === undefined || b === undefined) return false;
  const [width, height] = [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])];
  return kind === "line" ? width + height > 0 : width > 0 && height > 0;
}

/** A double click has placed its point twice. */
const withoutDoubles = (spots: Spot[]): Spot[] =>
  spots.filter(([x, y], at) => {
    const before = spots[at - 1];
    return before === undefined || Math.hypot(x - before[0], y - before[1]) > 1e-6;
  });

function spotAt(viewer: OpenSeadragon.Viewer, at: OpenSeadragon.Point): Spot | undefined {
  if (viewer.world.getItemCount() === 0) return undefined;
  const { x, y } = viewer.world.getItemAt(0).viewerElementToImageCoordinates(at);
  return [x, y];
}

/** Where on the screen a place of the slide is, in pixels of the view. */
export function screenOf(viewer: OpenSeadragon.Viewer, [x, y]: Spot): OpenSeadragon.Point | undefined {
  if (viewer.world.getItemCount() === 0) return undefined;
  return viewer.world.getItemAt(0).imageToViewerElementCoordinates(new OpenSeadragon.Point(x, y));
}
