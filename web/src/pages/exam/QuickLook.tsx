import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { attributesQuery, type Instance, type Series } from "../../api/exams";
import { describe } from "../../api/problem";
import { frameUrl, type FrameAddress } from "../../api/rendered";
import { CopyLink } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Empty } from "../../parts/State";
import { documentKind } from "../document/kinds";
import { FrameBar } from "./FrameBar";
import { ahead, framesOf, type Frame } from "./frames";
import { FrameLoader } from "./loader";
import { placeAddress, type LookPlace } from "./place";
import { Picture } from "./Picture";
import { SavePicture } from "./SavePicture";
import { useFrame } from "./useFrame";
import { useCine } from "./useCine";
import { useLook } from "./useLook";
import { presetsFor, storedWindows, type Window } from "./windows";

interface Props {
  study: string;
  series: Series;
  /** What is shown first, if the series has it, and how. */
  start?: Partial<LookPlace> | undefined;
  onInstance: (instance: Instance) => void;
}

/** A first look at a series: scroll, play, window and zoom over frames the server renders. */
export function QuickLook(props: Props) {
  const { study, series } = props;
  const frames = useMemo(() => framesOf(series), [series]);
  if (frames.length === 0) {
    return (
      <section className="look" aria-label={t`Pictures`}>
        <Empty
          icon="file"
          title={t`No pictures in this series`}
          actions={<Documents study={study} series={series} />}
        >
          <Trans>
            It holds {series.modality || t`other`} objects. Their content is in the attributes beside.
          </Trans>
        </Empty>
      </section>
    );
  }
  return <Frames {...props} frames={frames} />;
}

/** What can be read though it is no picture: reports, letters, PDF, traces. */
function Documents({ study, series }: Pick<Props, "study" | "series">) {
  const readable = series.instances.filter(({ sopClassUid }) => documentKind(sopClassUid) !== undefined);
  return readable.slice(0, MOST_DOCUMENTS).map(({ sopInstanceUid, instanceNumber }) => (
    <Link
      key={sopInstanceUid}
      className="button button-primary"
      to={`/exams/${study}/documents/${sopInstanceUid}`}
    >
      <Icon name="report" />{" "}
      {readable.length === 1 || typeof instanceNumber !== "number" ? t`Read it` : t`Read ${instanceNumber}`}
    </Link>
  ));
}

/** More buttons than this aren't looked through. */
const MOST_DOCUMENTS = 50;

function Frames({ study, series, start, frames, onInstance }: Props & { frames: Frame[] }) {
  const [loader] = useState(() => new FrameLoader());
  useEffect(() => () => loader.close(), [loader]);
  const look = useLook(
    frames.length,
    frames.findIndex(({ instance, frame }) => isAsked(instance, frame, start)),
    start,
  );
  const { index } = look;
  const frame = frames[index];
  const area = useRef<HTMLDivElement>(null);
  const size = useRenderSize(area, frame);

  const attributes = useQuery(attributesQuery(study, frames[0]?.instance.sopInstanceUid ?? ""));
  const stored = useMemo(() => storedWindows(attributes.data ?? []), [attributes.data]);
  const presets = useMemo(() => presetsFor(series.modality, stored), [series.modality, stored]);

  const address = (at: Frame | undefined, window: Window | undefined): string | undefined =>
    at === undefined || size === 0 ? undefined : frameUrl(addressOf(study, series, at), size, window);
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
    <section className="look" aria-label={t`Pictures`}>
      <Picture
        area={area}
        bitmap={shown.bitmap}
        look={look}
        base={look.window ?? presets[0]?.window}
        presets={presets}
        label={t`Image ${index + 1} of ${frames.length}`}
      >
        <Corners look={look} series={series} frame={frame} count={frames.length} />
        {shown.busy && shown.bitmap === undefined && <div className="spinner look-busy" />}
        {shown.error !== undefined && <CannotShow error={shown.error} />}
      </Picture>
      <FrameBar look={look} presets={presets} count={frames.length}>
        {frame !== undefined && <Keep study={study} series={series} frame={frame} look={look} />}
      </FrameBar>
    </section>
  );
}

const addressOf = (study: string, series: Series, { instance, frame }: Frame): FrameAddress => ({
  study,
  series: series.seriesInstanceUid,
  instance: instance.sopInstanceUid,
  frame,
});

const isAsked = (instance: Instance, frame: number, start: Partial<LookPlace> | undefined): boolean =>
  instance.sopInstanceUid === start?.instance && frame === (start.frame ?? 1);

/** Keeping what is on screen: its address, or the picture itself. */
function Keep(props: { study: string; series: Series; frame: Frame; look: ReturnType<typeof useLook> }) {
  const { study, series, frame, look } = props;
  const { window, inverted, index } = look;
  const at = addressOf(study, series, frame);
  return (
    <>
      <CopyLink
        label={t`Copy a link to this picture`}
        address={() => placeAddress(study, { ...at, window, inverted })}
      />
      <SavePicture
        wish={{ at, window, inverted }}
        name={`${series.modality}-series-${series.seriesNumber ?? "x"}-image-${index + 1}`}
      />
    </>
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
        {frame !== undefined && frame.instance.frames > 1 ? t`frame ${frame.frame}` : ""}
      </span>
      <span>
        {frame?.instance.columns ?? "?"} × {frame?.instance.rows ?? "?"}
      </span>
      <span>
        {look.zoom !== 1 && <>{Math.round(look.zoom * 100)} % · </>}
        {window === undefined ? t`window as stored` : t`C ${window.center} W ${window.width}`}
      </span>
    </div>
  );
}

function CannotShow({ error }: { error: unknown }) {
  const { title, detail } = describe(error);
  return (
    <div className="look-error" role="alert">
      <Icon name="quarantine" size={20} />
      <strong>{t`This picture can't be shown`}</strong>
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
