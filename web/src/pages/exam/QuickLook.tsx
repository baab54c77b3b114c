import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { attributesQuery, type Instance, type Series } from "../../api/exams";
import { describe } from "../../api/problem";
import { frameUrl } from "../../api/rendered";
import { Icon } from "../../parts/Icon";
import { Empty } from "../../parts/State";
import { FrameBar } from "./FrameBar";
import { ahead, framesOf, type Frame } from "./frames";
import { FrameLoader } from "./loader";
import { Picture } from "./Picture";
import { useFrame } from "./useFrame";
import { useCine } from "./useCine";
import { useLook } from "./useLook";
import { presetsFor, storedWindows, type Window } from "./windows";

interface Props {
  study: string;
  series: Series;
  onInstance: (instance: Instance) => void;
}

/** A first look at a series: scroll, play, window and zoom over frames the server renders. */
export function QuickLook({ study, series, onInstance }: Props) {
  const frames = useMemo(() => framesOf(series), [series]);
  if (frames.length === 0) {
    return (
      <section className="look" aria-label="Pictures">
        <Empty icon="file" title="No pictures in this series">
          It holds {series.modality || "other"} objects. Their content is in the attributes beside.
        </Empty>
      </section>
    );
  }
  return <Frames study={study} series={series} frames={frames} onInstance={onInstance} />;
}

function Frames({ study, series, frames, onInstance }: Props & { frames: Frame[] }) {
  const [loader] = useState(() => new FrameLoader());
  useEffect(() => () => loader.close(), [loader]);
  const look = useLook(frames.length);
  const { index } = look;
  const frame = frames[index];
  const area = useRef<HTMLDivElement>(null);
  const size = useRenderSize(area, frame);

  const attributes = useQuery(attributesQuery(study, frames[0]?.instance.sopInstanceUid ?? ""));
  const stored = useMemo(() => storedWindows(attributes.data ?? []), [attributes.data]);
  const presets = useMemo(() => presetsFor(series.modality, stored), [series.modality, stored]);

  const address = (at: Frame | undefined, window: Window | undefined): string | undefined =>
    at === undefined || size === 0
      ? undefined
      : frameUrl(
          {
            study,
            series: series.seriesInstanceUid,
            instance: at.instance.sopInstanceUid,
            frame: at.frame,
          },
          size,
          window,
        );
  const shown = useFrame(loader, address(frame, look.window));

  useEffect(() => {
    if (shown.busy) return;
    const urls = ahead(index, look.direction, frames.length).map((at) => address(frames[at], look.window));
    loader.wish(urls.filter((url) => url !== undefined));
  });
  useEffect(() => {
    if (frame !== undefined) onInstance(frame.instance);
  }, [frame, onInstance]);
  useCine(look, shown.busy);

  return (
    <section className="look" aria-label="Pictures">
      <Picture
        area={area}
        bitmap={shown.bitmap}
        look={look}
        base={look.window ?? presets[0]?.window}
        presets={presets}
        label={`Image ${index + 1} of ${frames.length}`}
      >
        <Corners look={look} series={series} frame={frame} count={frames.length} />
        {shown.busy && shown.bitmap === undefined && <div className="spinner look-busy" />}
        {shown.error !== undefined && <CannotShow error={shown.error} />}
      </Picture>
      <FrameBar look={look} presets={presets} count={frames.length} />
    </section>
  );
}

function Corners(props: {
  look: ReturnType<typeof useLook>;
  series: Series;
  frame: Frame | undefined;
  count: number;
}) {
  const { look, series, frame, count } = props;
  const { window } = look;
  return (
    <div className="corners num" aria-hidden="true">
      <span>
        {series.modality} {series.seriesNumber ?? ""}
        <br />
        {series.seriesDescription}
      </span>
      <span>
        {look.index + 1} / {count}
        <br />
        {frame !== undefined && frame.instance.frames > 1 ? `frame ${frame.frame}` : ""}
      </span>
      <span>
        {frame?.instance.columns ?? "?"} × {frame?.instance.rows ?? "?"}
      </span>
      <span>
        {look.zoom !== 1 && <>{Math.round(look.zoom * 100)} % · </>}
        {window === undefined ? "window as stored" : `C ${window.center} W ${window.width}`}
      </span>
    </div>
  );
}

function CannotShow({ error }: { error: unknown }) {
  const { title, detail } = describe(error);
  return (
    <div className="look-error" role="alert">
      <Icon name="quarantine" size={20} />
      <strong>This picture can't be shown</strong>
      <span>
        {title}
        {detail === undefined ? "" : `. ${detail}`}
      </span>
    </div>
  );
}

/**
 * How many pixels to ask for: no more than the screen shows or the image has,
 * in steps, so that resizing a window doesn't fetch everything anew.
 */
function useRenderSize(area: React.RefObject<HTMLDivElement | null>, frame: Frame | undefined): number {
  const [available, setAvailable] = useState(0);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box !== undefined) setAvailable(Math.min(box.width, box.height) * window.devicePixelRatio);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [area]);
  const native = Math.max(frame?.instance.rows ?? 0, frame?.instance.columns ?? 0) || Infinity;
  return available === 0 ? 0 : Math.min(native, Math.max(256, Math.ceil(available / 256) * 256), 2048);
}
