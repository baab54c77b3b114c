/** Lengths on a slide, written as one reads them. */

import { writing } from "../../language/language";

/** A length in mm with its unit: µm below a millimetre. */
export function length(mm: number): string {
  const micrometres = mm < 1;
  const value = micrometres ? mm * 1000 : mm;
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const said = value.toLocaleString(writing(), { maximumFractionDigits: digits });
  return `${said} ${micrometres ? "µm" : "mm"}`;
}

/** An area in mm² with its unit: µm² below a hundredth of it. */
export function area(mm2: number): string {
  const micrometres = mm2 < 0.01;
  const value = micrometres ? mm2 * 1e6 : mm2;
  const said = value.toLocaleString(writing(), { maximumSignificantDigits: 4 });
  return `${said} ${micrometres ? "µm²" : "mm²"}`;
}

/** The longest of 1, 2, 5, 10, … mm (and parts of it) that fits into so many screen pixels. */
export function bar(mmPerScreenPixel: number, room: number): { mm: number; pixels: number } {
  const most = mmPerScreenPixel * room;
  const decade = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((one) => one * decade <= most) ?? 1;
  return { mm: step * decade, pixels: (step * decade) / mmPerScreenPixel };
}

/**
 * What an objective would be called that shows so much: 40× is taken for 0.25 µm a pixel, as scanners do.
 */
export function magnification(mmPerScreenPixel: number): string {
  const times = 0.01 / mmPerScreenPixel;
  return `${times.toLocaleString(writing(), { maximumSignificantDigits: 2 })}×`;
}
