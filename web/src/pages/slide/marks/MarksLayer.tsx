import type OpenSeadragon from "openseadragon";
import type { Slide } from "../slides";
import { outline, type Kind, type Mark, type Spot } from "./mark";
import { screenOf, type Drawing } from "./useDrawing";
import { said } from "./words";

interface Props {
  viewer: OpenSeadragon.Viewer | undefined;
  slide: Slide;
  marks: Mark[];
  chosen: string | undefined;
  drawing: Drawing;
}

/** Everything drawn, over the picture; it is drawn again whenever the view has moved. */
export function MarksLayer({ viewer, slide, marks, chosen, drawing }: Props) {
  if (viewer === undefined) return null;
  const { kind, draft } = drawing;
  const under = draft.next === undefined ? draft.spots : [...draft.spots, draft.next];
  return (
    <svg className="slide-marks" aria-hidden="true">
      {marks.map((mark) => (
        <g key={mark.uid} className={classOf(mark, chosen)}>
          <Shape viewer={viewer} kind={mark.kind} spots={mark.spots} />
          <Words viewer={viewer} mark={mark} slide={slide} />
        </g>
      ))}
      {kind !== undefined && under.length > 0 && (
        <g className="slide-mark slide-mark-draft">
          <Shape
            viewer={viewer}
            kind={kind === "polygon" || under.length < 2 ? "line" : kind}
            spots={under}
          />
        </g>
      )}
      {kind !== undefined && <Middle viewer={viewer} />}
    </svg>
  );
}

const classOf = (mark: Mark, chosen: string | undefined): string =>
  ["slide-mark", mark.own ? "" : "slide-mark-other", mark.uid === chosen ? "slide-mark-chosen" : ""].join(
    " ",
  );

function Shape({ viewer, kind, spots }: { viewer: OpenSeadragon.Viewer; kind: Kind; spots: Spot[] }) {
  const places = outline({ kind, spots }).flatMap((spot) => screenOf(viewer, spot) ?? []);
  const [first] = places;
  if (first === undefined) return null;
  if (places.length === 1) return <circle cx={first.x} cy={first.y} r={6} />;
  const path = places.map(({ x, y }) => `${x},${y}`).join(" ");
  return kind === "line" ? <polyline points={path} /> : <polygon points={path} />;
}

function Words({ viewer, mark, slide }: { viewer: OpenSeadragon.Viewer; mark: Mark; slide: Slide }) {
  const last = mark.spots.at(-1);
  const at = last === undefined ? undefined : screenOf(viewer, last);
  if (at === undefined) return null;
  return (
    <text x={at.x + 10} y={at.y - 8}>
      {[mark.label, said(mark, slide)].filter((part) => part !== "").join(" · ")}
    </text>
  );
}

/** Where Space places a point. */
function Middle({ viewer }: { viewer: OpenSeadragon.Viewer }) {
  const { x, y } = viewer.viewport.getContainerSize().divide(2);
  return <path className="slide-middle" d={`M${x - 9} ${y}h18M${x} ${y - 9}v18`} />;
}
