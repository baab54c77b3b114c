import { t } from "@lingui/core/macro";
import { Link, useNavigate } from "react-router";
import type { Exam } from "../../api/exams";
import { examThumbnail } from "../../api/rendered";
import { ageAt, dicomDate, dicomTime, personName } from "../../format/dicom";
import { count, moment } from "../../format/units";
import { Invented, isInvented } from "../../parts/Invented";
import { Thumbnail } from "../../parts/Thumbnail";
import { ROW } from "./rows";
import { walk } from "./walk";

/** Modalities shown in a row; the rest are counted. */
const SHOWN = 3;

interface Props {
  exam: Exam;
  row: number;
  /** Undefined where nothing can be chosen. */
  chosen: boolean | undefined;
  pick: (chosen: boolean, range: boolean) => void;
}

export function ExamRow({ exam, row, chosen, pick }: Props) {
  const navigate = useNavigate();
  const to = `/exams/${exam.studyInstanceUid}`;
  const name = personName(exam.patientName) || t`No name`;
  return (
    // The link in the row is what keyboards and readers use; the click on the row is a larger target for the same.

    <tr
      data-exam-row
      aria-rowindex={row + 2}
      className={chosen === true ? "chosen" : undefined}
      style={{ height: ROW }}
      onClick={(event) => {
        const own = event.target instanceof Element && event.target.closest("a, input, label") !== null;
        if (window.getSelection()?.isCollapsed !== false && !own) void navigate(to);
      }}
    >
      <td className="col-check">
        {chosen !== undefined && (
          <label className="check-area">
            <input
              type="checkbox"
              aria-label={t`Choose ${name}, ${dicomDate(exam.studyDate) || t`no date`}`}
              checked={chosen}
              onKeyDown={walk}
              onChange={(event) =>
                pick(event.target.checked, (event.nativeEvent as MouseEvent | KeyboardEvent).shiftKey)
              }
            />
          </label>
        )}
      </td>
      <td className="col-thumb">
        <Thumbnail
          src={exam.hasPicture ? examThumbnail(exam.studyInstanceUid, 88) : undefined}
          kind={exam.modalities[0]}
          size={42}
        />
      </td>
      <td className="col-patient">
        <Link to={to} className="exam-name" onKeyDown={walk}>
          {name}
        </Link>
        <div className="faint clip">
          {isInvented(exam.issuer, exam.patientId) && <Invented />} {patientLine(exam)}
        </div>
      </td>
      <td className="num clip">
        {dicomDate(exam.studyDate) || <span className="faint">{t`No date`}</span>}
        <div className="faint">{dicomTime(exam.studyTime)}</div>
      </td>
      <td>
        <Modalities all={exam.modalities} />
      </td>
      <td className="clip">{exam.studyDescription || <span className="faint">{t`No description`}</span>}</td>
      <td className="clip">{exam.accessionNumber}</td>
      <td className="num right">{count(exam.seriesCount)}</td>
      <td className="num right">{count(exam.instanceCount)}</td>
      <td className="num dim clip">{moment(exam.receivedAt)}</td>
    </tr>
  );
}

function Modalities({ all }: { all: string[] }) {
  return (
    <span className="badges">
      {all.slice(0, SHOWN).map((modality) => (
        <span key={modality} className="badge">
          {modality}
        </span>
      ))}
      {all.length > SHOWN && (
        <span className="faint num" title={all.slice(SHOWN).join(", ")}>
          +{all.length - SHOWN}
        </span>
      )}
    </span>
  );
}

function patientLine(exam: Exam): string {
  const age = ageAt(exam.patientBirthDate, exam.studyDate);
  const person = [exam.patientSex, age === undefined ? "" : t`${age} y`].filter((part) => part !== "");
  return [exam.patientId || t`No ID`, person.join(" ")].filter((part) => part !== "").join(" · ");
}
