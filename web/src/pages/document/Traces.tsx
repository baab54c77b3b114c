import { t } from "@lingui/core/macro";
import { useMemo } from "react";
import { millivolts, type Channel, type Group } from "./waveform";

/** As ECG paper runs (PS3.17 and every cardiologist's eye): 25 mm a second, 10 mm a millivolt. */
const MM_PER_SECOND = 25;
const MM_PER_MILLIVOLT = 10;
/** Room for one trace, in mm. */
const HEIGHT = 28;
/** Points that one mm of paper can show apart. */
const POINTS_PER_MM = 16;

export function Traces({ groups, notes }: { groups: Group[]; notes: string[] }) {
  return (
    <>
      {notes.length > 0 && (
        <ul className="document-notes">
          {notes.map((note, at) => (
            <li key={at}>{note}</li>
          ))}
        </ul>
      )}
      {groups.map((group, at) => (
        <section key={at} className="traces">
          <h2>{group.label || t`Recording ${at + 1}`}</h2>
          {group.trouble !== undefined && <p className="notice notice-warn">{group.trouble}</p>}
          {group.channels.length > 0 && <Paper group={group} label={group.label || t`Recording ${at + 1}`} />}
        </section>
      ))}
      {groups.length === 0 && <p>{t`This recording has no traces.`}</p>}
    </>
  );
}

function Paper({ group: { channels, frequency }, label }: { group: Group; label: string }) {
  const seconds = (channels[0]?.samples.length ?? 0) / frequency;
  const width = seconds * MM_PER_SECOND;
  const calibrated = channels.every(({ unit }) => millivolts(unit) !== undefined);
  return (
    <>
      <p className="dim num">
        {[
          t`${seconds.toFixed(1)} s at ${frequency} samples a second`,
          `${MM_PER_SECOND} mm/s`,
          calibrated ? `${MM_PER_MILLIVOLT} mm/mV` : t`each trace as high as it fits`,
        ].join(" · ")}
      </p>
      <div className="traces-paper" tabIndex={0} role="region" aria-label={label}>
        {channels.map((channel, at) => (
          <Trace key={at} channel={channel} width={width} frequency={frequency} />
        ))}
      </div>
    </>
  );
}

function Trace({ channel, width, frequency }: { channel: Channel; width: number; frequency: number }) {
  const { line, height, low, high } = useMemo(() => lineOf(channel, frequency), [channel, frequency]);
  return (
    <figure className="trace">
      <figcaption>
        <strong>{channel.name}</strong>{" "}
        <span className="dim num">
          {tidy(low)} to {tidy(high)} {channel.unit}
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={`${channel.name}, ${tidy(low)} to ${tidy(high)} ${channel.unit}`}
        width={`${width}mm`}
        height={`${height}mm`}
        viewBox={`0 0 ${width} ${height}`}
      >
        <path className="trace-line" d={line} />
      </svg>
    </figure>
  );
}

/** Each point is the lowest and the highest of its samples, so that no spike is lost. */
function lineOf({ samples, unit }: Channel, frequency: number) {
  const [low, high] = samples.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const,
    [Infinity, -Infinity] as const,
  );
  const toMillivolts = millivolts(unit);
  const scale =
    toMillivolts === undefined ? HEIGHT / Math.max(high - low, 1e-9) : toMillivolts * MM_PER_MILLIVOLT;
  const height = Math.max(HEIGHT, Math.ceil((high - low) * scale) + 4);
  const y = (value: number) => (height / 2 - (value - (low + high) / 2) * scale).toFixed(2);
  const x = (sample: number) => ((sample / frequency) * MM_PER_SECOND).toFixed(2);
  const step = Math.max(1, Math.floor(frequency / (MM_PER_SECOND * POINTS_PER_MM)));
  const points: string[] = [];
  for (let from = 0; from < samples.length; from += step) {
    const part = samples.subarray(from, from + step);
    points.push(`${x(from)} ${y(Math.min(...part))}`);
    if (step > 1) points.push(`${x(from)} ${y(Math.max(...part))}`);
  }
  return { line: `M${points.join("L")}`, height, low, high };
}

function tidy(value: number): string {
  return String(Number(value.toPrecision(3)));
}
