import { describe, expect, it } from "vitest";
import { millivolts, readWaveforms } from "./waveform";
import type { DataSet } from "./dicomJson";

const inline = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

const group = (samples: Int16Array, more: DataSet = {}): DataSet => ({
  "54000100": {
    Value: [
      {
        "003A0005": { Value: [2] },
        "003A0010": { Value: [2] },
        "003A001A": { Value: [500] },
        "54001006": { Value: ["SS"] },
        "54001010": { InlineBinary: inline(new Uint8Array(samples.buffer)) },
        "003A0200": {
          Value: [
            {
              "003A0208": { Value: [{ "00080104": { Value: ["Lead I"] } }] },
              "003A0210": { Value: [2.5] },
              "003A0211": { Value: [{ "00080100": { Value: ["uV"] } }] },
            },
            {},
          ],
        },
        ...more,
      },
    ],
  },
});

describe("a trace", () => {
  it("is in its own unit, channel by channel", async () => {
    const { groups } = await readWaveforms(group(Int16Array.of(400, 1, -400, 2)));
    const [first, second] = groups[0]?.channels ?? [];
    expect(first?.name).toBe("Lead I");
    expect([...(first?.samples ?? [])]).toEqual([1000, -1000]);
    expect(millivolts(first?.unit ?? "")).toBe(0.001);
    expect([...(second?.samples ?? [])]).toEqual([1, 2]);
    expect(second?.name).toBe("Channel 2");
  });

  it("that is cut short is shown as far as it goes, and says so", async () => {
    const { groups } = await readWaveforms(group(Int16Array.of(400, 1)));
    expect(groups[0]?.channels[0]?.samples.length).toBe(1);
    expect(groups[0]?.trouble).toMatch(/1 of 2/);
  });

  it("that claims to be endless, or of an unknown kind, is not drawn", async () => {
    const endless = await readWaveforms(group(Int16Array.of(1), { "003A0010": { Value: [4e9] } }));
    expect(endless.groups[0]?.trouble).toMatch(/too long/);
    const unknown = await readWaveforms(group(Int16Array.of(1), { "54001006": { Value: ["XX"] } }));
    expect(unknown.groups[0]?.trouble).toMatch(/XX/);
  });
});
