import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Exam } from "../../api/exams";
import { examThumbnail } from "../../api/rendered";
import { dicomDate, personName } from "../../format/dicom";
import { Thumbnail } from "../../parts/Thumbnail";

/** An exam in a short list: the link is the name, and all of it can be clicked. */
export function ExamCard({ exam, note }: { exam: Exam; note?: ReactNode }) {
  const about = [dicomDate(exam.studyDate), exam.studyDescription].filter((part) => part !== "").join(" · ");
  return (
    <li className="home-exam">
      <Thumbnail
        src={exam.hasPicture ? examThumbnail(exam.studyInstanceUid, 88) : undefined}
        kind={exam.modalities[0]}
        size={42}
      />
      <div className="home-exam-what">
        <Link to={`/exams/${exam.studyInstanceUid}`}>{personName(exam.patientName) || t`No name`}</Link>
        <div className="dim clip">{about || t`No date, no description`}</div>
      </div>
      <div className="home-exam-end">
        <span className="badges">
          {exam.modalities.slice(0, 3).map((modality) => (
            <span key={modality} className="badge">
              {modality}
            </span>
          ))}
        </span>
        {note !== undefined && <span className="dim num home-note">{note}</span>}
      </div>
    </li>
  );
}
