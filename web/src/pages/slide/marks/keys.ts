/** Keys that draw. */

import type { KeyboardEvent } from "react";
import { KINDS } from "./mark";
import { TOOL_KEYS } from "./MarkTools";
import type { Drawing } from "./useDrawing";
import type { Marks } from "./useMarks";

/** Whether the key was one of these. */
export function drawsByKey(event: KeyboardEvent, drawing: Drawing, marks: Marks): boolean {
  if (!marks.mayDraw || event.altKey) return false;
  const act = actOf(event, drawing, marks);
  if (act === undefined) return false;
  act();
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function actOf(event: KeyboardEvent, drawing: Drawing, marks: Marks): (() => void) | undefined {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return key === "z" ? marks.undo : undefined;
  const kind = KINDS.find((one) => TOOL_KEYS[one] === key);
  if (kind !== undefined) return () => drawing.choose(kind);
  if (drawing.kind === undefined) return undefined;
  if (key === " ") return drawing.placeMiddle;
  if (key === "Enter") return drawing.finish;
  if (key === "Escape") return () => drawing.choose(undefined);
  return undefined;
}
