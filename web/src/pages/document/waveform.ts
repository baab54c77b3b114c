// Traces: ECG, pressure, audio and whatever else was recorded beside images (PS3.3 §C.10.9).
import { t } from "@lingui/core/macro";
import { bytes, items, meaning, number, text, type DataSet } from "./dicomJson";

export interface Channel {
  name: string;
  /** UCUM unit of the samples; empty when the file gives none. */
  unit: string;
  samples: Float32Array;
}

/** Channels that were sampled together. */
export interface Group {
  label: string;
  /** Samples each second. */
  frequency: number;
  channels: Channel[];
  /** Why there are no channels, if so. */
  trouble?: string;
}

/** Some hours of a twelve-lead ECG; more is not drawn on one page. */
const MOST_SAMPLES = 20_000_000;

export async function readWaveforms(set: DataSet): Promise<{ groups: Group[]; notes: string[] }> {
  const groups = await Promise.all(items(set, "54000100").map(readGroup));
  return {
    groups,
    notes: items(set, "0040B020")
      .map(note)
      .filter((one) => one !== ""),
  };
}

/** What the device or a reader wrote to it: "QT Interval 368 ms". */
function note(item: DataSet): string {
  const named = meaning(item, "0040A043");
  const value = text(item, "0040A30A");
  const unit = items(item, "004008EA")[0];
  const coded = meaning(item, "0040A168");
  // A mark at a place in the trace, with nothing said, isn't a note.
  if (value === "")
    return text(item, "00700006") || (coded === "" ? "" : [named, coded].filter(Boolean).join(": "));
  return `${named} ${value} ${unit === undefined ? "" : text(unit, "00080100")}`.trim();
}

async function readGroup(group: DataSet): Promise<Group> {
  const label = text(group, "003A0020");
  const frequency = number(group, "003A001A") ?? 0;
  const definitions = items(group, "003A0200");
  const count = number(group, "003A0005") ?? definitions.length;
  const asked = number(group, "003A0010") ?? 0;
  const kind = text(group, "54001006");
  const empty = (trouble: string): Group => ({ label, frequency, channels: [], trouble });
  if (!(frequency > 0) || count < 1) return empty(t`It doesn't say how it was sampled.`);
  if (count * asked > MOST_SAMPLES)
    return empty(t`It is too long to be drawn on a page. Download the exam to read it.`);
  const read = READERS[kind];
  if (read === undefined) return empty(t`Its samples are kept as ${kind || "?"}, which isn't drawn.`);
  const content = await bytes(group["54001010"]);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const there = Math.min(asked, Math.floor(content.length / read.size / count));
  if (there === 0) return empty(t`It has no samples.`);
  const channels = Array.from({ length: count }, (_, at) =>
    channel(
      definitions[at] ?? {},
      at,
      Float32Array.from({ length: there }, (_, n) => read.at(view, (n * count + at) * read.size)),
    ),
  );
  const cut = there < asked ? { trouble: t`Cut short: ${there} of ${asked} samples are there.` } : {};
  return { label, frequency, channels, ...cut };
}

function channel(definition: DataSet, at: number, stored: Float32Array): Channel {
  const unit = items(definition, "003A0211")[0];
  const scale = (number(definition, "003A0210") ?? 1) * (number(definition, "003A0212") ?? 1);
  const baseline = number(definition, "003A0213") ?? 0;
  return {
    name: meaning(definition, "003A0208") || text(definition, "003A0203") || t`Channel ${at + 1}`,
    unit: unit === undefined ? "" : text(unit, "00080100"),
    samples: stored.map((value) => value * scale + baseline),
  };
}

interface Reader {
  size: number;
  at: (view: DataView, offset: number) => number;
}

/** µ-law and A-law to linear (ITU-T G.711). */
function mulaw(byte: number): number {
  const bits = ~byte & 0xff;
  const size = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return (bits & 0x80) === 0 ? size - 0x84 : 0x84 - size;
}
function alaw(byte: number): number {
  const bits = byte ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const base = ((bits & 0x0f) << 4) + 8;
  const size = exponent === 0 ? base : (base + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -size : size;
}

/** By Waveform Sample Interpretation (PS3.3 §C.10.9.1.5), little endian. */
const READERS: Record<string, Reader> = {
  SB: { size: 1, at: (view, offset) => view.getInt8(offset) },
  UB: { size: 1, at: (view, offset) => view.getUint8(offset) },
  MB: { size: 1, at: (view, offset) => mulaw(view.getUint8(offset)) },
  AB: { size: 1, at: (view, offset) => alaw(view.getUint8(offset)) },
  SS: { size: 2, at: (view, offset) => view.getInt16(offset, true) },
  US: { size: 2, at: (view, offset) => view.getUint16(offset, true) },
  SL: { size: 4, at: (view, offset) => view.getInt32(offset, true) },
  UL: { size: 4, at: (view, offset) => view.getUint32(offset, true) },
};

/** Millivolts of a sample in a unit of voltage; undefined for other units. */
export function millivolts(unit: string): number | undefined {
  return { uV: 0.001, mV: 1, V: 1000 }[unit];
}
