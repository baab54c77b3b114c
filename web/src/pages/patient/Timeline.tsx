import { plural, t } from "@lingui/core/macro";
import { Link } from "react-router";
import { viewerUrl, type Exam } from "../../api/exams";
import { examThumbnail } from "../../api/rendered";
import { ageAt, dicomDate, dicomTime } from "../../format/dicom";
import { Icon } from "../../parts/Icon";
import { Thumbnail } from "../../parts/Thumbnail";

interface Props {
  exams: Exam[];
  compared: string[];
  compare: (study: string, chosen: boolean) => void;
}

/** The exams by year, newest first. */
export function Timeline({ exams, compared, compare }: Props) {
  const years = [...new Set(exams.map(yearOf))];
  return (
    <section className="panel patient-exams" aria-labelledby="exams-title">
      <h2 id="exams-title">{t`Exams`}</h2>
      {years.map((year) => (
        <div key={year} className="patient-year">
          <h3 className="num">{year}</h3>
          <ul>
            {exams
              .filter((exam) => yearOf(exam) === year)
              .map((exam) => (
                <Row
                  key={exam.studyInstanceUid}
                  exam={exam}
                  chosen={compared.includes(exam.studyInstanceUid)}
                  compare={compare}
                />
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

const yearOf = (exam: Exam): string => exam.studyDate?.slice(0, 4) ?? t`No date`;

function Row({ exam, chosen, compare }: { exam: Exam; chosen: boolean; compare: Props["compare"] }) {
  const uid = exam.studyInstanceUid;
  const day = dicomDate(exam.studyDate) || t`No date`;
  const what = exam.studyDescription || t`the exam`;
  const age = ageAt(exam.patientBirthDate, exam.studyDate);
  return (
    <li className={chosen ? "patient-exam chosen" : "patient-exam"}>
      <input
        type="checkbox"
        aria-label={t`Compare ${what}, ${day}`}
        checked={chosen}
        onChange={(event) => compare(uid, event.target.checked)}
      />
      <Thumbnail
        src={exam.hasPicture ? examThumbnail(uid, 112) : undefined}
        kind={exam.modalities[0]}
        size={52}
      />
      <div className="patient-when num">
        {day} <span className="dim">{dicomTime(exam.studyTime)}</span>
        <div className="dim">
          {age === undefined ? t`age not known` : plural(age, { one: "# year old", other: "# years old" })}
        </div>
      </div>
      <div className="patient-what">
        <Link to={`/exams/${uid}`}>{exam.studyDescription || t`No description`}</Link>
        <div className="dim num">
          {plural(exam.seriesCount, { one: "# series", other: "# series" })} ·{" "}
          {plural(exam.instanceCount, { one: "# image", other: "# images" })}
          {exam.accessionNumber !== "" && ` · ${t`accession ${exam.accessionNumber}`}`}
        </div>
      </div>
      <span className="badges">
        {exam.modalities.map((modality) => (
          <span key={modality} className="badge">
            {modality}
          </span>
        ))}
      </span>
      <a className="button button-small" href={viewerUrl(uid)} aria-label={t`Open in viewer, ${day}`}>
        <Icon name="viewer" size={14} /> {t`Open in viewer`}
      </a>
    </li>
  );
}
