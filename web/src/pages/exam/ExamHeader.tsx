import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { deleteExam, restoreExam, viewerUrl, type Exam, type Series } from "../../api/exams";
import { patientUrl } from "../../api/patients";
import { ageAt, dicomDate, dicomTime, personName, sexWord } from "../../format/dicom";

import { CopyLink } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Invented, isInvented } from "../../parts/Invented";
import { useToasts } from "../../parts/toasts";
import { May } from "../../parts/May";
import { DownloadDialog } from "../downloads/DownloadDialog";
import { ShareExam } from "../share/ShareExam";
import { SendExam } from "../peers/SendExams";

interface Props {
  exam: Exam;
  series: Series[];
}

export function ExamHeader({ exam, series }: Props) {
  return (
    <header className="exam-head">
      <Link
        to="/exams"
        className="button button-quiet button-square"
        aria-label={t`Back to exams`}
        title={t`Back to exams`}
      >
        <Icon name="back" />
      </Link>
      <div className="exam-who">
        <h1>
          <Link to={patientUrl(exam.studyInstanceUid)} title={t`All exams of this patient`}>
            {personName(exam.patientName) || t`No name`}
          </Link>
        </h1>
        <p className="dim">
          {isInvented(exam.issuer, exam.patientId) && <Invented />} {aboutPatient(exam)}
        </p>
      </div>
      <div className="exam-what">
        <div className="exam-what-line">
          <strong>{exam.studyDescription || t`No description`}</strong>
          {exam.modalities.map((modality) => (
            <span key={modality} className="badge">
              {modality}
            </span>
          ))}
        </div>
        <p className="dim num">{aboutExam(exam)}</p>
      </div>
      <Actions exam={exam} series={series} />
    </header>
  );
}

function aboutPatient(exam: Exam): string {
  const age = ageAt(exam.patientBirthDate, exam.studyDate);
  const born = dicomDate(exam.patientBirthDate);
  return [
    t`ID ${exam.patientId || t`unknown`}`,
    sexWord(exam.patientSex),
    born === "" ? "" : t`born ${born}`,
    age === undefined ? "" : t`${age} years at the exam`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function aboutExam(exam: Exam): string {
  const when = `${dicomDate(exam.studyDate) || t`No date`} ${dicomTime(exam.studyTime)}`.trim();
  return [
    when,
    exam.accessionNumber ? t`accession ${exam.accessionNumber}` : "",
    plural(exam.seriesCount, { one: "# series", other: "# series" }),
    plural(exam.instanceCount, { one: "# image", other: "# images" }),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function Actions({ exam, series }: Props) {
  const remove = useDelete(exam.studyInstanceUid);
  return (
    <div className="exam-actions">
      <May action="delete">
        <button
          type="button"
          className="button button-quiet button-square"
          aria-label={t`Delete exam`}
          title={t`Delete exam (can be undone)`}
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          <Icon name="trash" />
        </button>
      </May>
      <CopyLink label={t`Copy a link to this exam`} address={() => `/exams/${exam.studyInstanceUid}`} />
      <May action="export">
        <ShareExam study={exam.studyInstanceUid} />
        <SendExam exam={exam} />
        <Download exam={exam} series={series} />
      </May>
      <a className="button button-primary" href={viewerUrl(exam.studyInstanceUid)}>
        <Icon name="viewer" /> {t`Open in viewer`}
      </a>
    </div>
  );
}

function Download({ exam, series }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <Icon name="download" /> {t`Download…`}
      </button>
      {asking && <DownloadDialog exams={[exam]} series={series} close={() => setAsking(false)} />}
    </>
  );
}

/** Deleting needs no question: it only hides, and the note offers the way back. */
function useDelete(study: string) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const refresh = () => queries.invalidateQueries();
  const undo = () => {
    restoreExam(study)
      .then(async () => {
        await refresh();
        await navigate(`/exams/${study}`);
      })
      .catch(toasts.fail);
  };
  return useMutation({
    mutationFn: () => deleteExam(study),
    onSuccess: async () => {
      toasts.say(t`Exam deleted. It can be restored until it is purged.`, { label: t`Undo`, run: undo });
      // Whoever has gone on meanwhile stays where they are.
      if (window.location.pathname.startsWith(`/exams/${study}`)) await navigate("/exams");
      queries.removeQueries({ queryKey: ["exam", study] });
      await refresh();
    },
    onError: toasts.fail,
  });
}
