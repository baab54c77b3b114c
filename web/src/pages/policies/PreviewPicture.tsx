import { plural, t } from "@lingui/core/macro";
import { useState } from "react";
import type { Preview } from "../../api/policies";
import { pictureUrl } from "../../api/rendered";
import { FrameChoice } from "../../parts/FrameChoice";

interface Props {
  shown: Preview;
  picture: NonNullable<Preview["picture"]>;
}

/** The pixels of the original, and beside them what is left. */
export function PreviewPicture({ shown, picture }: Props) {
  const { frames, rows, columns, masks } = picture;
  const [chosen, setFrame] = useState(masks[0]?.frame ?? 1);
  const frame = Math.min(chosen, frames);
  const boxes = masks.find((masked) => masked.frame === frame)?.boxes ?? [];
  const at = { study: shown.study, series: shown.series, instance: shown.instance, frame };
  const size = { aspectRatio: `${columns} / ${rows}` };
  return (
    <div className="preview-picture">
      <p className="dim">{said(picture)}</p>
      {picture.searched && (
        <div className="preview-pictures">
          <figure>
            <img src={pictureUrl(at)} style={size} alt={t`The original, frame ${frame} of ${frames}`} />
            <figcaption>{t`Before`}</figcaption>
          </figure>
          <figure>
            <div className="preview-masked" style={size}>
              <img src={pictureUrl(at)} alt={t`The result, frame ${frame} of ${frames}`} />
              <svg viewBox={`0 0 ${columns} ${rows}`} preserveAspectRatio="none" aria-hidden="true">
                {boxes.map(([left = 0, top = 0, right = 0, bottom = 0]) => (
                  <rect key={`${left} ${top}`} x={left} y={top} width={right - left} height={bottom - top} />
                ))}
              </svg>
            </div>
            <figcaption>
              {plural(boxes.length, {
                0: "After: nothing masked",
                one: "After: # box masked",
                other: "After: # boxes masked",
              })}
            </figcaption>
          </figure>
        </div>
      )}
      {picture.searched && <FrameChoice frame={frame} frames={frames} choose={setFrame} />}
    </div>
  );
}

function said({ searched, masks }: Props["picture"]): string {
  if (!searched) return t`Its pixels pass as they are.`;
  if (masks.length === 0) return t`Its pixels were searched for text; nothing is masked.`;
  return plural(masks.length, {
    one: "Its pixels were searched for text; # frame is masked.",
    other: "Its pixels were searched for text; # frames are masked.",
  });
}
