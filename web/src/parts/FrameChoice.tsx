import { t } from "@lingui/core/macro";

interface Props {
  /** Counted from 1. */
  frame: number;
  frames: number;
  choose: (frame: number) => void;
}

/** Which frame of an image is looked at; nothing where there is but one. */
export function FrameChoice({ frame, frames, choose }: Props) {
  if (frames <= 1) return null;
  return (
    <label className="field">
      <span className="field-label">{t`Frame ${frame} of ${frames}`}</span>
      <input
        type="range"
        min={1}
        max={frames}
        value={frame}
        onChange={(event) => choose(Number(event.target.value))}
      />
    </label>
  );
}
