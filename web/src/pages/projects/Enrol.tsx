import { plural, t } from "@lingui/core/macro";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { examsQuery } from "../../api/exams";
import { enrol, projectQuery, type Project } from "../../api/projects";
import { dicomDate, personName } from "../../format/dicom";
import { Refusal } from "../../parts/Refusal";
import { useSettled } from "../exams/search";

/** Exams shown to choose from. */
const SHOWN = 30;

/** Enrols the patients of chosen exams: with all of theirs, or with these alone. */
export function Enrol({ project, close }: { project: Project; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [only, setOnly] = useState(false);
  const q = useSettled(typed.trim(), 250);
  const found = useQuery({
    ...examsQuery({ q, modality: "", from: "", to: "" }, 0),
    placeholderData: keepPreviousData,
  });
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: () => enrol(project.id, [...chosen], only),
    onSuccess: async (enrolled) => {
      await queries.invalidateQueries({ queryKey: projectQuery(project.id).queryKey });
      if (enrolled.every(({ problem }) => !problem)) close();
    },
  });
  const toggle = (study: string) => {
    const next = new Set(chosen);
    if (!next.delete(study)) next.add(study);
    setChosen(next);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    run.mutate();
  };
  const refused = (run.data ?? []).filter(({ problem }) => problem);
  return (
    <dialog ref={dialog} className="dialog project-dialog" aria-labelledby="enrol-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="enrol-title">{t`Enrol patients`}</h2>
        {run.isError && <Refusal error={run.error} />}
        {refused.length > 0 && (
          <div className="notice notice-warn" role="alert">
            <ul className="project-refused">
              {refused.map(({ exam, problem }) => (
                <li key={exam}>
                  <span className="mono">{exam}</span> {problem}
                </li>
              ))}
            </ul>
          </div>
        )}
        <label className="field">
          <span className="field-label">{t`Exams of the patients`}</span>
          <input
            className="input"
            type="search"
            autoComplete="off"
            placeholder={t`Name, patient ID, accession number, description, modality or date`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <ul className="project-choose">
          {(found.data?.exams ?? []).slice(0, SHOWN).map((exam) => (
            <li key={exam.studyInstanceUid}>
              <label className="project-check">
                <input
                  type="checkbox"
                  checked={chosen.has(exam.studyInstanceUid)}
                  onChange={() => toggle(exam.studyInstanceUid)}
                />
                <span>
                  <strong>{personName(exam.patientName) || t`No name`}</strong>{" "}
                  <span className="dim">
                    {[
                      exam.patientId,
                      exam.modalities.join(" "),
                      exam.studyDescription,
                      dicomDate(exam.studyDate),
                    ]
                      .filter((part) => part !== "")
                      .join(" · ")}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        <label className="project-check">
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.target.checked)} />
          {t`These exams alone; otherwise all of the patients, those to come too`}
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Close`}
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={run.isPending || chosen.size === 0}
          >
            {t`Enrol by ${plural(chosen.size, { one: "# exam", other: "# exams" })}`}
          </button>
        </div>
      </form>
    </dialog>
  );
}
