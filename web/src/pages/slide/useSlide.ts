import OpenSeadragon from "openseadragon";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Place } from "./place";
import { mmPerPixel, type Layer, type Slide, type SlideAddress } from "./slides";
import { tileSource } from "./tiles";

export interface View {
  /** Millimetres that one pixel of the screen shows; undefined where the slide doesn't tell its scale. */
  mmPerScreenPixel: number | undefined;
  place: Place;
}

/** Draws a slide into an element, and tells where one looks. */
export function useSlide(props: { at: SlideAddress; slide: Slide; layer: Layer; start: Place | undefined }) {
  const { at, slide, layer } = props;
  const start = useRef(props.start);
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer>();
  const [view, setView] = useState<View>();
  const [pointer, setPointer] = useState<{ x: number; y: number }>();
  const [failed, setFailed] = useState(0);

  const area = useCallback(
    (element: HTMLDivElement) => {
      const made = viewerIn(element);
      const look = () => setView(viewOf(made, slide));
      made.addHandler("update-viewport", look);
      made.addHandler("resize", look);
      made.addHandler("tile-load-failed", () => setFailed((count) => count + 1));
      const track = new OpenSeadragon.MouseTracker({
        element: made.canvas,
        moveHandler: ({ position }) => setPointer(positionIn(made, slide, position)),
        leaveHandler: () => setPointer(undefined),
      });
      setViewer(made);
      return () => {
        setViewer(undefined);
        track.destroy();
        made.destroy();
      };
    },
    [slide],
  );

  useEffect(() => {
    if (viewer === undefined) return;
    const before = viewer.world.getItemCount() > 0 ? viewOf(viewer, slide)?.place : start.current;
    viewer.addOnceHandler("open", () => {
      setFailed(0);
      Object.assign(viewer.viewport, { minZoomLevel: viewer.viewport.getHomeZoom() / 2 });
      if (before !== undefined) goTo(viewer, before);
      setView(viewOf(viewer, slide));
    });
    viewer.open({ tileSource: tileSource(at, slide, layer) });
  }, [viewer, at, slide, layer]);

  return { area, viewer, view, pointer, failed };
}

function viewerIn(element: HTMLElement): OpenSeadragon.Viewer {
  return new OpenSeadragon.Viewer({
    element,
    // Nothing it brings by itself: the buttons are ours, and no picture of it is fetched.
    showNavigationControl: false,
    showNavigator: true,
    navigatorSizeRatio: 0.16,
    // Works without a graphics card, and cuts what lies beyond the edge off tiles that are always whole.
    drawer: "canvas",
    maxZoomPixelRatio: 4,
    visibilityRatio: 0.3,
    zoomPerScroll: 1.25,
    imageLoaderLimit: 8,
    maxImageCacheCount: 600,
    animationTime: reducedMotion() ? 0 : 0.5,
    immediateRender: true,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { pinchRotate: false },
  });
}

const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

function viewOf(viewer: OpenSeadragon.Viewer, slide: Slide): View | undefined {
  const finest = slide.levels.at(-1);
  if (viewer.world.getItemCount() === 0 || finest === undefined) return undefined;
  const zoom = viewer.viewport.getZoom(true);
  const { x, y } = viewer.viewport.getCenter(true);
  const shown = viewer.viewport.getContainerSize().x * zoom;
  const perPixel = mmPerPixel(slide);
  return {
    mmPerScreenPixel: perPixel === undefined || shown <= 0 ? undefined : (perPixel * finest.columns) / shown,
    place: { zoom, x, y },
  };
}

function goTo(viewer: OpenSeadragon.Viewer, { zoom, x, y }: Place): void {
  viewer.viewport.zoomTo(zoom, undefined, true);
  viewer.viewport.panTo(new OpenSeadragon.Point(x, y), true);
}

/** In mm from the corner of the total pixel matrix. */
function positionIn(viewer: OpenSeadragon.Viewer, slide: Slide, at: OpenSeadragon.Point) {
  const [across, down] = slide.micrometresPerPixel ?? [];
  if (viewer.world.getItemCount() === 0 || across === undefined || down === undefined) return undefined;
  const { x, y } = viewer.world.getItemAt(0).viewerElementToImageCoordinates(at);
  return { x: (x * across) / 1000, y: (y * down) / 1000 };
}
