import { t } from "@lingui/core/macro";
import type { ReactElement } from "react";
import { SlideTool } from "../SlideTool";
import { KINDS, type Kind } from "./mark";
import type { Drawing } from "./useDrawing";
import type { Marks } from "./useMarks";
import { kindName } from "./words";

/** The key that takes up each tool. */
export const TOOL_KEYS: Record<Kind, string> = { point: "p", line: "l", rectangle: "b", polygon: "g" };

const PICTURES: Record<Kind, ReactElement> = {
  point: <path d="M12 3v5M12 16v5M3 12h5M16 12h5M12 12h.01" />,
  line: <path d="M5 19 19 5M4 20h2v-2H4ZM18 6h2V4h-2Z" />,
  rectangle: <path d="M4.5 6.5h15v11h-15Z" />,
  polygon: <path d="M5 9l7-5 8 6-4 9-9 1Z" />,
};

/** What draws; each has a key. */
export function MarkTools({ drawing, marks }: { drawing: Drawing; marks: Marks }) {
  if (!marks.mayDraw) return null;
  const { kind, choose } = drawing;
  const all = marks.all.map(({ keeping }) => keeping);
  return (
    <>
      <span className="slide-tools-gap" />
      {KINDS.map((one) => (
        <SlideTool
          key={one}
          name={kindName(one)}
          keyName={TOOL_KEYS[one]}
          pressed={kind === one}
          act={() => choose(kind === one ? undefined : one)}
        >
          {PICTURES[one]}
        </SlideTool>
      ))}
      <SlideTool
        d="M8 6 4 10l4 4M4.5 10H14a5 5 0 0 1 0 10h-3"
        name={t`Undo`}
        // eslint-disable-next-line lingui/no-unlocalized-strings -- a key, as aria-keyshortcuts names it
        keyName="Control+z"
        disabled={marks.undo === undefined}
        act={() => marks.undo?.()}
      />
      <span className="slide-kept dim" role="status">
        {all.includes("failed")
          ? t`Not saved`
          : all.includes("keeping")
            ? t`Saving…`
            : all.length > 0 && t`Saved`}
      </span>
      {kind !== undefined && (
        <span className="slide-hint dim">
          {kind === "polygon"
            ? t`Click each corner; double click, Enter or the first corner ends it. Space places one in the middle.`
            : kind === "point"
              ? t`Click, or Space for the middle. Escape ends.`
              : t`Drag, or click both ends. Space places one in the middle.`}
        </span>
      )}
    </>
  );
}
