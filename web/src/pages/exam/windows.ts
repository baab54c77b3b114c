import { t } from "@lingui/core/macro";
import type { Attribute } from "../../api/exams";

/** A linear VOI window: centre and width in the unit of the stored values after rescale (PS3.3 §C.11.2.1.2). */
export interface Window {
  center: number;
  width: number;
}

export interface Preset {
  name: string;
  window: Window;
}

/** Hounsfield units; the values most CT consoles ship with. */
const ct = (): Preset[] => [
  { name: t`Soft tissue`, window: { center: 40, width: 400 } },
  { name: t`Lung`, window: { center: -600, width: 1500 } },
  { name: t`Bone`, window: { center: 450, width: 1800 } },
  { name: t`Brain`, window: { center: 40, width: 80 } },
  { name: t`Liver`, window: { center: 90, width: 150 } },
  { name: t`Mediastinum`, window: { center: 50, width: 350 } },
  { name: t`Angiography`, window: { center: 300, width: 600 } },
];

/**
 * Presets for a series: the file's own windows first, then what fits its modality.
 * Only CT has absolute values; elsewhere presets are relative to the file's own window.
 */
export function presetsFor(modality: string | null | undefined, stored: Preset[]): Preset[] {
  if (modality === "CT") return [...stored, ...ct()];
  const base = stored[0]?.window;
  return base === undefined ? stored : [...stored, ...relativeTo(base)];
}

function relativeTo({ center, width }: Window): Preset[] {
  return [
    { name: t`More contrast`, window: { center, width: tidy(width * 0.6) } },
    { name: t`Less contrast`, window: { center, width: tidy(width * 1.6) } },
    { name: t`Brighter`, window: { center: tidy(center - width * 0.25), width } },
    { name: t`Darker`, window: { center: tidy(center + width * 0.25), width } },
  ];
}

/** The windows written in the object, wherever they stand (top level or functional groups). */
export function storedWindows(attributes: Attribute[]): Preset[] {
  const centers = numbers(find(attributes, "00281050"));
  const widths = numbers(find(attributes, "00281051"));
  const names = find(attributes, "00281055")?.value ?? [];
  return centers.flatMap((center, index) => {
    const width = widths[index];
    if (width === undefined || width <= 0) return [];
    return [{ name: presetName(names[index], index, centers.length), window: { center, width } }];
  });
}

function presetName(name: string | undefined, index: number, of: number): string {
  if (name !== undefined && name.trim() !== "") return t`As stored: ${name.trim()}`;
  return of > 1 ? t`As stored ${index + 1}` : t`As stored`;
}

function find(attributes: Attribute[], tag: string): Attribute | undefined {
  for (const attribute of attributes) {
    if (plainTag(attribute.tag) === tag) return attribute;
    const inside = find(attribute.items?.[0] ?? [], tag);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

const plainTag = (tag: string): string => tag.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();

const numbers = (attribute: Attribute | undefined): number[] =>
  (attribute?.value ?? []).map(Number).filter((value) => Number.isFinite(value));

/**
 * The window after dragging by (`dx`, `dy`) CSS pixels: right widens, up brightens.
 * The speed follows the width, so that narrow brain windows and wide bone windows feel alike.
 */
export function dragged(start: Window, dx: number, dy: number): Window {
  const speed = Math.max(start.width, 1) / 300;
  const fine = start.width < 10;
  const width = Math.max(fine ? 0.01 : 1, start.width + dx * speed);
  const center = start.center + dy * speed;
  return fine ? { center, width } : { center: Math.round(center), width: Math.round(width) };
}

const tidy = (value: number): number =>
  Math.abs(value) < 10 ? Number(value.toPrecision(3)) : Math.round(value);

export const sameWindow = (a: Window | undefined, b: Window | undefined): boolean =>
  a?.center === b?.center && a?.width === b?.width;
