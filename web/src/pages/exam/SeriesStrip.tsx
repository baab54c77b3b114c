import { plural, t } from "@lingui/core/macro";
import type { ExamDetail, Series } from "../../api/exams";
import { seriesThumbnail } from "../../api/rendered";

import { CopyLink } from "../../parts/CopyLink";
import { Thumbnail } from "../../parts/Thumbnail";
import { framesOf } from "./frames";
import { placeAddress } from "./place";

interface Props {
  detail: ExamDetail;
  chosen: string | undefined;
  choose: (series: string) => void;
}

/** The exam's series in their own order, each with a picture. */
export function SeriesStrip({ detail, chosen, choose }: Props) {
  return (
    <nav className="strip" aria-label={t`Series`}>
      {detail.series.map((series) => (
        <div key={series.seriesInstanceUid} className="strip-row">
          <button
            type="button"
            className="strip-item"
            aria-current={series.seriesInstanceUid === chosen}
            onClick={() => choose(series.seriesInstanceUid)}
          >
            <Thumbnail
              src={
                series.instances.some(({ renderable }) => renderable)
                  ? seriesThumbnail(detail.exam.studyInstanceUid, series.seriesInstanceUid, 160)
                  : undefined
              }
              kind={series.modality}
              size={76}
            />
            <span className="strip-words">
              <span className="strip-top">
                <span className="badge">{series.modality || "?"}</span>
                <span className="faint num">{series.seriesNumber ?? ""}</span>
              </span>
              <span className="strip-name">{series.seriesDescription || t`No description`}</span>
              <span className="faint num">{size(series)}</span>
            </span>
          </button>
          <CopyLink
            className="button-small strip-link"
            label={t`Copy a link to series ${series.seriesNumber ?? "?"}`}
            address={() => placeAddress(detail.exam.studyInstanceUid, { series: series.seriesInstanceUid })}
          />
        </div>
      ))}
    </nav>
  );
}

function size(series: Series): string {
  const frames = framesOf(series).length;
  return frames > series.instanceCount
    ? plural(frames, { one: "# frame", other: "# frames" })
    : plural(series.instanceCount, { one: "# image", other: "# images" });
}
