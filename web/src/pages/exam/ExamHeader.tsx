import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "react-router";
import { deleteExam, downloadUrl, restoreExam, viewerUrl, type Exam } from "../../api/exams";
import { ageAt, dicomDate, dicomTime, personName, sexWord } from "../../format/dicom";
import { counted } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { useToasts } from "../../parts/toasts";
import { May } from "../../parts/May";
import { SendExam } from "../peers/SendExams";

export function ExamHeader({ exam }: { exam: Exam }) {
  return (
    <header className="exam-head">
      <Link
        to="/"
        className="button button-quiet button-square"
        aria-label="Back to exams"
        title="Back to exams"
      >
        <Icon name="back" />
      </Link>
      <div className="exam-who">
        <h1>{personName(exam.patientName) || "No name"}</h1>
        <p className="dim">{aboutPatient(exam)}</p>
      </div>
      <div className="exam-what">
        <div className="exam-what-line">
          <strong>{exam.studyDescription || "No description"}</strong>
          {exam.modalities.map((modality) => (
            <span key={modality} className="badge">
              {modality}
            </span>
          ))}
        </div>
        <p className="dim num">{aboutExam(exam)}</p>
      </div>
      <Actions exam={exam} />
    </header>
  );
}

function aboutPatient(exam: Exam): string {
  const age = ageAt(exam.patientBirthDate, exam.studyDate);
  const born = dicomDate(exam.patientBirthDate);
  return [
    `ID ${exam.patientId || "unknown"}`,
    sexWord(exam.patientSex),
    born === "" ? "" : `born ${born}`,
    age === undefined ? "" : `${age} years at the exam`,
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function aboutExam(exam: Exam): string {
  const when = `${dicomDate(exam.studyDate) || "No date"} ${dicomTime(exam.studyTime)}`.trim();
  return [
    when,
    exam.accessionNumber ? `accession ${exam.accessionNumber}` : "",
    counted(exam.seriesCount, "series", "series"),
    counted(exam.instanceCount, "image"),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function Actions({ exam }: { exam: Exam }) {
  const remove = useDelete(exam.studyInstanceUid);
  return (
    <div className="exam-actions">
      <May action="delete">
        <button
          type="button"
          className="button button-quiet button-square"
          aria-label="Delete exam"
          title="Delete exam (can be undone)"
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          <Icon name="trash" />
        </button>
      </May>
      <May action="export">
        <SendExam exam={exam} />
      </May>
      <a className="button" href={downloadUrl(exam.studyInstanceUid)} download>
        <Icon name="download" /> Download
      </a>
      <a className="button button-primary" href={viewerUrl(exam.studyInstanceUid)}>
        <Icon name="viewer" /> Open in viewer
      </a>
    </div>
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
      toasts.say("Exam deleted. It can be restored until it is purged.", { label: "Undo", run: undo });
      await navigate("/");
      queries.removeQueries({ queryKey: ["exam", study] });
      await refresh();
    },
    onError: toasts.fail,
  });
}
