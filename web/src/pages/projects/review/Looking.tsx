import { plural, t } from "@lingui/core/macro";
import { useState, type PointerEvent, type SubmitEvent } from "react";
import type { ReviewCase } from "../../../api/projects";
import { pictureUrl } from "../../../api/rendered";
import { FrameChoice } from "../../../parts/FrameChoice";
import { TextField } from "../../../parts/TextField";
import { between, boxFrom, type Box } from "./boxes";

interface Props {
  shown: ReviewCase;
  boxes: Box[];
  setBoxes: (boxes: Box[]) => void;
}

/** The original with the boxes that would be masked; more are drawn over it or typed. */
export function Looking({ shown, boxes, setBoxes }: Props) {
  const { original, frames, rows, columns } = shown;
  const [frame, setFrame] = useState(1);
  const at = {
    study: original.studyInstanceUid,
    series: original.seriesInstanceUid,
    instance: original.sopInstanceUid,
    frame,
  };
  return (
    <>
      <div
        className="review-image"
        style={{ aspectRatio: `${columns} / ${rows}`, maxWidth: `min(900px, ${(70 * columns) / rows}vh)` }}
      >
        <img src={pictureUrl(at)} alt={t`The original, frame ${frame} of ${frames}`} draggable={false} />
        <Drawing columns={columns} rows={rows} boxes={boxes} add={(box) => setBoxes([...boxes, box])} />
      </div>
      <FrameChoice frame={frame} frames={frames} choose={setFrame} />
      <Listed shown={shown} boxes={boxes} setBoxes={setBoxes} />
    </>
  );
}

interface DrawingProps {
  columns: number;
  rows: number;
  boxes: Box[];
  add: (box: Box) => void;
}

function Drawing({ columns, rows, boxes, add }: DrawingProps) {
  const [from, setFrom] = useState<[number, number]>();
  const [to, setTo] = useState<[number, number]>();
  const place = ({ clientX, clientY, currentTarget }: PointerEvent<SVGSVGElement>): [number, number] => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return [((clientX - left) / width) * columns, ((clientY - top) / height) * rows];
  };
  const drawing = from && to && between(from, to, columns, rows);
  const end = () => {
    if (drawing) add(drawing);
    setFrom(undefined);
    setTo(undefined);
  };
  return (
    <svg
      viewBox={`0 0 ${columns} ${rows}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(place(event));
      }}
      onPointerMove={(event) => from && setTo(place(event))}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {[...boxes, ...(drawing ? [drawing] : [])].map(([left, top, right, bottom], index) => (
        <rect
          key={`${index} ${left} ${top}`}
          x={left}
          y={top}
          width={right - left}
          height={bottom - top}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

function Listed({ shown, boxes, setBoxes }: Props) {
  const [typed, setTyped] = useState("");
  const [added, setAdded] = useState(0);
  const box = boxFrom(typed, shown.columns, shown.rows);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (box === undefined) return;
    setBoxes([...boxes, box]);
    setTyped("");
    setAdded(added + 1);
  };
  return (
    <div className="review-boxes">
      <p className="dim">
        {boxes.length === 0
          ? t`Nothing would be masked. Draw a box over text, or type one.`
          : plural(boxes.length, {
              one: "# box would be masked in every frame.",
              other: "# boxes would be masked in every frame.",
            })}
      </p>
      <ul>
        {boxes.map((one, index) => (
          <li key={`${index} ${one.join()}`}>
            <span className="mono">{one.join(", ")}</span>
            <button
              type="button"
              className="button button-small"
              aria-label={t`Remove the box ${one.join(", ")}`}
              onClick={() => setBoxes(boxes.filter((_, other) => other !== index))}
            >
              {t`Remove`}
            </button>
          </li>
        ))}
      </ul>
      <form className="project-add" onSubmit={submit}>
        <TextField
          key={added}
          label={t`Add a box`}
          value={typed}
          set={setTyped}
          hint={t`left, top, right, bottom in pixels`}
        />
        <button type="submit" className="button" disabled={box === undefined}>
          {t`Add`}
        </button>
      </form>
    </div>
  );
}
