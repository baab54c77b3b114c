/** Marks in words. */

import { t } from "@lingui/core/macro";
import { area, length } from "../scale";
import type { Slide } from "../slides";
import { measure, type Kind, type Mark } from "./mark";

export function kindName(kind: Kind): string {
  switch (kind) {
    case "point":
      return t`Point`;
    case "line":
      return t`Line`;
    case "rectangle":
      return t`Rectangle`;
    case "polygon":
      return t`Polygon`;
  }
}

/** What it measures, with its unit; nothing for a point. */
export function said(mark: Pick<Mark, "kind" | "spots">, slide: Slide): string {
  const measured = measure(mark, slide);
  if (measured === undefined) return "";
  return "length" in measured ? length(measured.length) : area(measured.area);
}
