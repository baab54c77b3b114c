import type { ExamDetail, Series } from "../../api/exams";
import { seriesThumbnail } from "../../api/rendered";
import { counted } from "../../format/units";
import { Thumbnail } from "../../parts/Thumbnail";
import { framesOf } from "./frames";

interface Props {
  detail: ExamDetail;
  chosen: string | undefined;
  choose: (series: string) => void;
}

/** The exam's series in their own order, each with a picture. */
export function SeriesStrip({ detail, chosen, choose }: Props) {
  return (
    <nav className="strip" aria-label="Series">
      {detail.series.map((series) => (
        <button
          key={series.seriesInstanceUid}
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
            <span className="strip-name">{series.seriesDescription || "No description"}</span>
            <span className="faint num">{size(series)}</span>
          </span>
        </button>
      ))}
    </nav>
  );
}

function size(series: Series): string {
  const frames = framesOf(series).length;
  return frames > series.instanceCount ? counted(frames, "frame") : counted(series.instanceCount, "image");
}
