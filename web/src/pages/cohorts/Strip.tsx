import { t } from "@lingui/core/macro";
import type { Row } from "./draft";
import { kindOf } from "./kinds";
import { marksOf, scaleOf, windowsOf, type Scale, type Window } from "./strip";
import { nearWords, rowWords } from "./words";
import { valueWords } from "./fields";

/** In pixels. */
const LANE = 24;
const FOOT = 18;
/** Marks nearer than this part of the width would write over each other. */
const APART = 0.07;

/** The criteria around one in time: it as a dot, the others as the days on which they may be. */
export function Strip({ row }: { row: Row }) {
  const windows = windowsOf(row);
  if (windows.length === 0) return null;
  const scale = scaleOf(windows);
  const height = (windows.length + 1) * LANE + FOOT;
  const said = [rowWords(row), ...row.beside.map(({ near, has }) => `${nearWords(near)}: ${rowWords(has)}`)];
  return (
    <div className="cohort-strip">
      <svg width="100%" height={height} role="img" aria-label={t`In time. ${said.join(". ")}`}>
        <line
          className="strip-zero"
          x1={percent(scale.place(0))}
          x2={percent(scale.place(0))}
          y1={LANE / 2}
          y2={height - FOOT}
        />
        <circle className="strip-dot" cx={percent(scale.place(0))} cy={LANE / 2} r={5} />
        <Words at={scale.place(0)} y={LANE / 2} text={short(row)} />
        {windows.map((window, lane) => (
          // Windows have no life of their own: they are drawn anew with the row.
          <Bracket key={`${window.row.key}`} window={window} scale={scale} y={(lane + 1) * LANE} />
        ))}
        <line className="strip-axis" x1="0" x2="100%" y1={height - FOOT} y2={height - FOOT} />
        {marksOf(windows, scale, APART).map((day) => (
          <text
            key={day}
            className="strip-day"
            x={percent(scale.place(day))}
            y={height - 4}
            textAnchor="middle"
          >
            {day === 0 ? t`day 0` : day}
          </text>
        ))}
      </svg>
    </div>
  );
}

const percent = (part: number): string => `${(part * 100).toFixed(2)}%`;

function Bracket({ window, scale, y }: { window: Window; scale: Scale; y: number }) {
  const { from, to, absent } = window;
  const left = from === undefined ? 0 : scale.place(from);
  const right = to === undefined ? 1 : scale.place(to);
  const text = absent ? t`none: ${short(window.row)}` : short(window.row);
  return (
    <>
      <rect
        className={absent ? "strip-window strip-absent" : "strip-window"}
        x={percent(left)}
        // A window of one day is still to be seen.
        width={percent(Math.max(right - left, 0.008))}
        y={y + 3}
        height={LANE - 6}
        rx={4}
      />
      <Words
        at={left}
        to={right}
        y={y + LANE / 2}
        text={text}
        open={[from === undefined, to === undefined]}
      />
    </>
  );
}

interface WordsProps {
  at: number;
  to?: number;
  y: number;
  text: string;
  open?: [boolean, boolean];
}

/** Words begin at a place, or end there where the line is about to end. */
function Words({ at, to, y, text, open = [false, false] }: WordsProps) {
  const ends = at > 0.6;
  const arrows = `${open[0] ? "← " : ""}${text}${open[1] ? " →" : ""}`;
  return (
    <text
      className="strip-words"
      x={percent(ends ? (to ?? at) : at)}
      dx={ends ? -10 : 10}
      y={y}
      dominantBaseline="central"
      textAnchor={ends ? "end" : "start"}
    >
      {arrows}
    </text>
  );
}

/** What it is in as few words as there are: "CT CHEST + nodule". */
function short(row: Row): string {
  const own = row.lines.flatMap(({ op, not, field, values, text }) => {
    if (not || (field === "assertion" && values.join() === "present")) return [];
    if (op === "has") return text.trim() === "" ? [] : [`“${text.trim()}”`];
    return op === "is" || op === "begins" ? values.map((value) => valueWords(field, value)) : [];
  });
  const words = own.length === 0 ? kindOf(row.of).label() : own.slice(0, 3).join(" ");
  const same = row.beside
    .filter(({ near, absent }) => near === "sameExam" && !absent)
    .map(({ has }) => short(has));
  return [words, ...same].join(" + ");
}
