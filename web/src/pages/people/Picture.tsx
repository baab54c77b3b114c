import { plural, t } from "@lingui/core/macro";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { LinkRow } from "../../api/records";
import { kindWords } from "../records/words";
import { ticks } from "./axis";
import {
  keyOf,
  laidOut,
  laneLabel,
  LANES,
  panned,
  stillAt,
  zoomed,
  type Drawn,
  type Lane,
  type Placed,
  type Range,
} from "./lanes";
import { whenWords } from "./when";

interface Props {
  all: Placed[];
  links: LinkRow[];
  range: Range;
  setRange: (range: Range) => void;
  fit: () => void;
  chosen: string | undefined;
  choose: (key: string) => void;
}

const TOP = 26;
const LABEL = 18;
const ROW = 22;
const FOOT = 6;
const LETTER = 6.6;

interface Strip {
  lane: Lane;
  y: number;
  height: number;
  drawn: Drawn[];
}

/** All lanes over one axis. The list below has the same for those who don't see it. */
export function Picture({ all, links, range, setRange, fit, chosen, choose }: Props) {
  const [box, width] = useWidth();
  const strips = useMemo(() => stripsOf(all, range, width), [all, range, width]);
  const height = (strips.at(-1)?.y ?? TOP) + (strips.at(-1)?.height ?? 60) + FOOT;
  useWheel(box, range, setRange);
  const drag = useDrag(range, setRange, width);
  const marks = strips.flatMap(({ y, drawn }) => drawn.map((one) => ({ ...one, y: yOf(y, one.row) })));
  const pick = (one: Drawn) => {
    const [only, second] = one.members;
    if (only === undefined) return;
    if (second !== undefined && !one.members.some(({ key }) => key === chosen)) {
      const to = one.members.reduce((most, { from }) => Math.max(most, from), only.from);
      if (to > only.from) setRange(around(only.from, to));
    }
    choose(one.members[nextOf(one, chosen)]?.key ?? only.key);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (act === undefined) return;
    event.preventDefault();
    if (act === "fit") fit();
    else if (act === "in" || act === "out") {
      const still = stillAt(
        range,
        all.find(({ key }) => key === chosen),
      );
      setRange(zoomed(range, act === "in" ? 0.6 : 1 / 0.6, still));
    } else if (event.shiftKey && (act === "next" || act === "back")) {
      setRange(panned(range, act === "next" ? 0.2 : -0.2));
    } else step(act);
  };
  const step = (act: "next" | "back" | "up" | "down") => {
    const order = all.toSorted((a, b) => a.from - b.from || LANES.indexOf(a.lane) - LANES.indexOf(b.lane));
    const at = order.findIndex(({ key }) => key === chosen);
    const here = order[at];
    const next =
      here === undefined
        ? order[0]
        : act === "next" || act === "back"
          ? order[at + (act === "next" ? 1 : -1)]
          : nearest(all, here, act);
    if (next === undefined) return;
    choose(next.key);
    if (next.from < range.from || next.from > range.to) {
      const half = (range.to - range.from) / 2;
      setRange({ from: next.from - half, to: next.from + half });
    }
  };
  return (
    <div
      ref={box}
      className="timeline"
      role="listbox"
      tabIndex={0}
      aria-label={t`Timeline`}
      aria-describedby="timeline-keys"
      aria-activedescendant={chosen === undefined ? undefined : optionOf(marks, chosen)}
      onKeyDown={onKey}
      {...drag}
    >
      <svg width={width} height={height} role="presentation">
        <Axis range={range} width={width} height={height} />
        {strips.map(({ lane, y }) => (
          <g key={lane} aria-hidden="true">
            <line className="timeline-lane" x1={0} x2={width} y1={y} y2={y} />
            <text className="timeline-lane-label" x={2} y={y + 13}>
              {laneLabel(lane)}
            </text>
          </g>
        ))}
        <Ties marks={marks} links={links} chosen={chosen} />
        {marks.map((one) => (
          <Mark key={one.key} one={one} chosen={chosen} pick={() => pick(one)} />
        ))}
      </svg>
    </div>
  );
}

type Act = "next" | "back" | "up" | "down" | "in" | "out" | "fit";

const KEYS: Record<string, Act> = {
  ArrowRight: "next",
  ArrowLeft: "back",
  ArrowUp: "up",
  ArrowDown: "down",
  "+": "in",
  "=": "in",
  "-": "out",
  "0": "fit",
};

type Seen = Drawn & { y: number };

const yOf = (y: number, row: number): number => y + LABEL + row * ROW + ROW / 2;
const idOf = (key: string): string => `mark-${key}`;

/** The mark in which the chosen entry is drawn. */
function optionOf(marks: Seen[], chosen: string): string | undefined {
  const mark = marks.find(({ members }) => members.some(({ key }) => key === chosen));
  return mark === undefined ? undefined : idOf(mark.key);
}

/** Clicking several again goes through them. */
function nextOf({ members }: Drawn, chosen: string | undefined): number {
  const at = members.findIndex(({ key }) => key === chosen);
  return at < 0 ? 0 : (at + 1) % members.length;
}

function around(from: number, to: number): Range {
  const air = Math.max((to - from) * 0.6, 1_800_000);
  return { from: from - air, to: to + air };
}

/** The entry nearest in time in the next lane that has any. */
function nearest(all: Placed[], here: Placed, act: "up" | "down"): Placed | undefined {
  const at = LANES.indexOf(here.lane);
  const lanes = act === "down" ? LANES.slice(at + 1) : LANES.slice(0, at).toReversed();
  const lane = lanes.find((one) => all.some((entry) => entry.lane === one));
  return all
    .filter((entry) => entry.lane === lane)
    .toSorted((a, b) => Math.abs(a.from - here.from) - Math.abs(b.from - here.from))[0];
}

function stripsOf(all: Placed[], range: Range, width: number): Strip[] {
  let y = TOP;
  return LANES.flatMap((lane): Strip[] => {
    const own = all.filter((one) => one.lane === lane);
    if (own.length === 0) return [];
    const drawn = laidOut(own, range, width);
    const rows = drawn.reduce((most, { row }) => Math.max(most, row + 1), 1);
    const strip = { lane, y, height: LABEL + rows * ROW + FOOT, drawn };
    y += strip.height;
    return [strip];
  });
}

function Axis({ range, width, height }: { range: Range; width: number; height: number }) {
  const scale = width / (range.to - range.from);
  return (
    <g aria-hidden="true">
      {ticks(range, width).map(({ at, label }) => {
        const x = Math.round((at - range.from) * scale) + 0.5;
        return (
          <g key={at}>
            <line className="timeline-tick" x1={x} x2={x} y1={18} y2={height} />
            <text className="timeline-tick-label" x={x + 3} y={14}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** Lines from the chosen entry to what it belongs to. */
function Ties({ marks, links, chosen }: { marks: Seen[]; links: LinkRow[]; chosen: string | undefined }) {
  if (chosen === undefined) return null;
  const find = (key: string) => marks.find(({ members }) => members.some((one) => one.key === key));
  const here = find(chosen);
  if (here === undefined) return null;
  const ties = links
    .filter(({ state }) => state !== "refused")
    .flatMap((link) => {
      const [one, other] = endsOf(link);
      const far = one === chosen ? find(other) : other === chosen ? find(one) : undefined;
      return far === undefined || far === here ? [] : [{ id: link.id, far, sure: link.state === "linked" }];
    });
  return (
    <g aria-hidden="true">
      {ties.map(({ id, far, sure }) => {
        const [x1, x2] = [middle(here), middle(far)];
        const bend = (here.y + far.y) / 2;
        return (
          <path
            key={id}
            className={sure ? "timeline-tie" : "timeline-tie timeline-tie-waits"}
            d={`M${x1} ${here.y} C${x1} ${bend} ${x2} ${bend} ${x2} ${far.y}`}
          />
        );
      })}
    </g>
  );
}

const middle = ({ x, width }: Drawn): number => (width === 0 ? x : x + Math.min(width / 2, 20));

/** The two entries of a link. */
export const endsOf = (link: LinkRow): [string, string] => [
  keyOf({ record: link.record, study: null }),
  link.study === "" ? keyOf({ record: link.other, study: null }) : keyOf({ record: null, study: link.study }),
];

function Mark({ one, chosen, pick }: { one: Seen; chosen: string | undefined; pick: () => void }) {
  const { members, x, y, width, room, lane } = one;
  const lit = members.some(({ key }) => key === chosen);
  const first = members[0]?.entry;
  if (first === undefined) return null;
  const many = members.length;
  const words = many === 1 ? first.title || kindWords(first.kind) : "";
  const shown = words === "" ? "" : cut(first.value ? `${words} ${first.value}` : words, room);
  const about =
    many === 1
      ? `${laneLabel(lane)}: ${first.title || kindWords(first.kind)}, ${whenWords(first)}`
      : t`${laneLabel(lane)}: ${plural(many, { one: "# entry", other: "# entries" })}, from ${whenWords(first)}`;
  return (
    // The keyboard is the timeline's: it has the focus and moves the choice.
    <g
      id={idOf(one.key)}
      role="option"
      tabIndex={-1}
      aria-selected={lit}
      aria-label={about}
      className={`timeline-mark lane-${lane}${lit ? " lit" : ""}`}
      onClick={pick}
    >
      <title>{about}</title>
      {width > 0 ? (
        <rect x={x} y={y - 8} width={width} height={16} rx={4} />
      ) : many > 1 ? (
        <>
          <circle cx={x} cy={y} r={9} />
          <text className="timeline-count" x={x} y={y + 4} textAnchor="middle">
            {many > 99 ? "99+" : many}
          </text>
        </>
      ) : (
        <Shape lane={lane} x={x} y={y} />
      )}
      {shown !== "" && (
        <text
          className="timeline-words"
          x={width > 60 ? Math.max(x, 0) + 6 : x + Math.max(width, 8) + 5}
          y={y + 4}
        >
          {shown}
        </text>
      )}
    </g>
  );
}

/** Lanes differ by shape as well: exams are squares, reports diamonds. */
function Shape({ lane, x, y }: { lane: Lane; x: number; y: number }) {
  if (lane === "exams") return <rect x={x - 6} y={y - 6} width={12} height={12} rx={2} />;
  if (lane === "reports") return <path d={`M${x} ${y - 8}l8 8l-8 8l-8 -8Z`} />;
  if (lane === "orders") return <path d={`M${x} ${y - 7}l7.5 13h-15Z`} />;
  return <circle cx={x} cy={y} r={5.5} />;
}

function cut(words: string, room: number): string {
  const letters = Math.floor((room - 8) / LETTER);
  if (letters < 4) return "";
  return words.length <= letters ? words : `${words.slice(0, letters - 1)}…`;
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(120, element.clientWidth)));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}

/** With Ctrl, or once the timeline has the focus, the wheel zooms; else it scrolls the page as everywhere. */
function useWheel(
  box: React.RefObject<HTMLDivElement | null>,
  range: Range,
  setRange: (range: Range) => void,
): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== element) return;
      event.preventDefault();
      const { left, width } = element.getBoundingClientRect();
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways) setRange(panned(range, (event.deltaX || event.deltaY) / 800));
      else setRange(zoomed(range, 1.0015 ** event.deltaY, (event.clientX - left) / width));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [box, range, setRange]);
}

/** Dragging moves the axis. */
function useDrag(range: Range, setRange: (range: Range) => void, width: number) {
  const start = useRef<{ x: number; range: Range }>(undefined);
  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button === 0) start.current = { x: event.clientX, range };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      if (start.current === undefined) return;
      if (event.buttons === 0) {
        start.current = undefined;
        return;
      }
      const moved = event.clientX - start.current.x;
      if (Math.abs(moved) > 3) setRange(panned(start.current.range, -moved / width));
    },
    onPointerUp: () => {
      start.current = undefined;
    },
  };
}
