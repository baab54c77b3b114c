import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { examQuery, examsQuery, type Series } from "../../api/exams";
import type { Target } from "../../api/policies";
import { dicomDate, personName } from "../../format/dicom";
import { Failure, Loading } from "../../parts/State";
import { useSettled } from "../exams/search";

/** Exams shown to choose from. */
const SHOWN = 8;

/** Which exam to try the policy on: one of the latest, or one looked for. */
export function ExamChoice({ choose }: { choose: (study: string) => void }) {
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim(), 250);
  const found = useQuery({
    ...examsQuery({ q, modality: "", from: "", to: "" }, 0),
    placeholderData: keepPreviousData,
  });
  const exams = (found.data?.exams ?? []).slice(0, SHOWN);
  return (
    <div className="preview-choice">
      <label className="field">
        <span className="field-label">{t`Try it on an exam`}</span>
        <input
          className="input"
          type="search"
          placeholder={t`Name, patient ID, accession number, description, modality or date`}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="field-hint">{t`Nothing is changed by a preview. It is read, and the log says so.`}</span>
      </label>
      {found.isPending ? (
        <Loading what={t`exams`} />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : exams.length === 0 ? (
        <p className="dim">{q === "" ? t`There is no exam yet.` : t`No exam matches.`}</p>
      ) : (
        <ul className="preview-exams">
          {exams.map((exam) => (
            <li key={exam.studyInstanceUid}>
              <button type="button" className="preview-exam" onClick={() => choose(exam.studyInstanceUid)}>
                <strong>{personName(exam.patientName) || t`No name`}</strong>
                <span className="dim">
                  {[exam.modalities.join(" "), exam.studyDescription, dicomDate(exam.studyDate)]
                    .filter((part) => part !== "")
                    .join(" · ")}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface ChosenProps {
  study: string;
  part: Omit<Target, "study">;
  setPart: (part: Omit<Target, "study">) => void;
  other: () => void;
}

/** The exam that is shown, and which of its instances. */
export function ExamChosen({ study, part, setPart, other }: ChosenProps) {
  const exam = useQuery(examQuery(study)).data;
  const series = exam?.series ?? [];
  const chosen = series.find((one) => one.seriesInstanceUid === part.series) ?? series[0];
  return (
    <div className="preview-chosen">
      {series.length > 0 && (
        <select
          className="input"
          aria-label={t`Series`}
          value={chosen?.seriesInstanceUid}
          onChange={(event) => setPart({ series: event.target.value })}
        >
          {series.map((one) => (
            <option key={one.seriesInstanceUid} value={one.seriesInstanceUid}>
              {seriesWords(one)}
            </option>
          ))}
        </select>
      )}
      {chosen !== undefined && chosen.instances.length > 1 && (
        <select
          className="input"
          aria-label={t`Instance`}
          value={part.instance ?? chosen.instances[0]?.sopInstanceUid}
          onChange={(event) => setPart({ series: chosen.seriesInstanceUid, instance: event.target.value })}
        >
          {chosen.instances.map((one, at) => (
            <option key={one.sopInstanceUid} value={one.sopInstanceUid}>
              {t`image ${one.instanceNumber ?? at + 1}`}
            </option>
          ))}
        </select>
      )}
      <button type="button" className="button" onClick={other}>
        {t`Other exam`}
      </button>
    </div>
  );
}

const seriesWords = ({ modality, seriesNumber, seriesDescription }: Series): string =>
  `${modality} ${seriesNumber ?? ""} ${seriesDescription}`.trim();
