import { t } from "@lingui/core/macro";
import {
  useEffect,
  useRef,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
} from "react";
import type { Look } from "./useLook";
import { dragged, type Preset, type Window } from "./windows";

interface Props {
  area: RefObject<HTMLDivElement | null>;
  bitmap: ImageBitmap | undefined;
  look: Look;
  /** Where a window drag starts; unknown for colour images, which have no window. */
  base: Window | undefined;
  presets: Preset[];
  label: string;
  children: ReactNode;
}

/** The picture and the hands on it: wheel and arrows scroll, dragging windows, Shift-drag moves. */
export function Picture({ area, bitmap, look, base, presets, label, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => draw(canvas.current, bitmap), [bitmap]);
  useWheel(area, look);
  const drag = useDrag(look, base);
  const { zoom, pan } = look;
  return (
    // One stop for the keyboard with its own keys, described by the line below; the slider beneath says the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={area}
      className="picture"
      role="group"
      aria-label={t`Picture. Arrow keys scroll, space plays, number keys choose a window`}

      tabIndex={0}
      onKeyDown={(event) => onKey(event, look, presets)}
      {...drag}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        style={{
          transform: `translate(${pan.x}px, ${pan.y}px) scale(${zoom})`,
          filter: look.inverted ? "invert(1)" : "none",
        }}
      />
      {children}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement | null, bitmap: ImageBitmap | undefined): void {
  if (canvas === null || bitmap === undefined || bitmap.width === 0) return;
  if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
  if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  PageDown: 10,
  PageUp: -10,
};

function onKey(event: KeyboardEvent, look: Look, presets: Preset[]): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const action = actionFor(event.key, look, presets);
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function actionFor(key: string, look: Look, presets: Preset[]): (() => void) | undefined {
  const step = STEPS[key];
  if (step !== undefined) return () => look.step(step);
  const preset = /^[1-9]$/.test(key) ? presets[Number(key) - 1] : undefined;
  if (preset !== undefined) return () => look.setWindow(preset.window);
  const named: Record<string, () => void> = {
    Home: () => look.go(0),
    End: () => look.go(look.last),
    " ": () => look.setPlaying(!look.playing),
    i: look.invert,
    r: look.reset,
    "+": () => look.setZoom(look.zoom * 1.25),
    "=": () => look.setZoom(look.zoom * 1.25),
    "-": () => look.setZoom(look.zoom / 1.25),
  };
  return named[key];
}

/** React's own wheel listeners can't stop the page from scrolling, so this one is added by hand. */
function useWheel(area: RefObject<HTMLDivElement | null>, look: Look): void {
  const now = useRef(look);
  useEffect(() => {
    now.current = look;
  });
  useEffect(() => {
    const element = area.current;
    let rest = 0;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey) {
        now.current.setZoom(now.current.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
        return;
      }
      // A notch is about 100 pixels; touchpads send many small steps that add up.
      rest += event.deltaMode === 0 ? event.deltaY / 60 : event.deltaY;
      const whole = Math.trunc(rest);
      rest -= whole;
      if (whole !== 0) now.current.step(Math.max(-5, Math.min(5, whole)));
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [area]);
}

function useDrag(look: Look, base: Window | undefined) {
  const start = useRef<{ x: number; y: number; window: Window | undefined; pan: Look["pan"] }>(undefined);
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button > 1) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = { x: event.clientX, y: event.clientY, window: look.window ?? base, pan: look.pan };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (start.current === undefined) return;
      const { x, y, window, pan } = start.current;
      const dx = event.clientX - x;
      const dy = event.clientY - y;
      if (Math.abs(dx) + Math.abs(dy) < 3) return;
      if (event.shiftKey || event.buttons === 4) look.setPan({ x: pan.x + dx, y: pan.y + dy });
      else if (window !== undefined) look.setWindow(dragged(window, dx, dy));
    },
    onPointerUp: () => {
      start.current = undefined;
    },
    onPointerCancel: () => {
      start.current = undefined;
    },
  };
}
