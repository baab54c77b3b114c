import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { Icon } from "../../parts/Icon";
import type { Look } from "./useLook";
import { sameWindow, type Preset } from "./windows";

interface Props {
  look: Look;
  presets: Preset[];
  count: number;
  /** More that can be done with the picture. */
  children?: ReactNode;
}

/** Below the picture: where in the series, playing, windows. */
export function FrameBar({ look, presets, count, children }: Props) {
  const chosen = presets.findIndex((preset) => sameWindow(preset.window, look.window));
  return (
    <div className="frame-bar">
      <button
        type="button"
        className="button button-quiet button-square"
        aria-label={look.playing ? t`Pause` : t`Play`}
        title={look.playing ? t`Pause (space)` : t`Play (space)`}
        disabled={count < 2}
        onClick={() => look.setPlaying(!look.playing)}
      >
        <Icon name={look.playing ? "pause" : "play"} />
      </button>
      <input
        className="frame-slider"
        type="range"
        aria-label={t`Image in series`}
        aria-valuetext={t`${look.index + 1} of ${count}`}
        min={0}
        max={Math.max(0, count - 1)}
        value={look.index}
        disabled={count < 2}
        onChange={(event) => look.go(Number(event.target.value))}
      />
      <label className="frame-speed">
        <span className="hidden-visually">{t`Playing speed`}</span>
        <select
          className="input"
          value={look.speed}
          disabled={count < 2}
          onChange={(event) => look.setSpeed(Number(event.target.value))}
        >
          {[5, 12, 25, 40].map((speed) => (
            <option key={speed} value={speed}>
              {t`${speed} per s`}
            </option>
          ))}
        </select>
      </label>
      <label className="frame-window">
        <span className="hidden-visually">{t`Window`}</span>
        <select
          className="input"
          value={look.window === undefined ? "stored" : String(chosen)}
          disabled={presets.length === 0}
          onChange={(event) => look.setWindow(presets[Number(event.target.value)]?.window)}
        >
          <option value="stored">{t`Window as stored`}</option>
          {look.window !== undefined && chosen === -1 && <option value="-1">{t`Set by hand`}</option>}
          {presets.map((preset, index) => (
            <option key={preset.name} value={index}>
              {`${preset.name} (${preset.window.center} / ${preset.window.width})`}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button button-quiet button-square"
        aria-label={t`Invert`}
        title={t`Invert (i)`}
        aria-pressed={look.inverted}
        onClick={look.invert}
      >
        <Icon name="contrast" />
      </button>
      <button
        type="button"
        className="button button-quiet button-square"
        aria-label={t`Reset window and zoom`}
        title={t`Reset (r)`}
        onClick={look.reset}
      >
        <Icon name="reset" />
      </button>
      {children}
    </div>
  );
}
