import "./downloads.css";
import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useNavigate } from "react-router";
import { beginDownload, downloadsQuery, type DownloadWish, type Part } from "../../api/downloads";
import { downloadUrl, type Exam, type Series } from "../../api/exams";
import { useToasts } from "../../parts/toasts";
import { FormFields, NO_CHOICE, wishOf, type Choice } from "./FormFields";

interface Props {
  exams: Exam[];
  /** Of a single exam: its series, to choose one. */
  series?: Series[] | undefined;
  close: () => void;
  begun?: () => void;
}

/** Asks what to take out and how; the package is made in the background. */
export function DownloadDialog({ exams, series = [], close, begun }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [choice, setChoice] = useState<Choice>(NO_CHOICE);
  const [one, setOne] = useState("");
  const begin = useBegin(close, begun);
  const parts = exams.map(({ studyInstanceUid }): Part => ({
    studyInstanceUid,
    ...(one === "" ? {} : { seriesInstanceUid: one }),
  }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    begin.mutate(wishOf(choice, parts));
  };
  const whole = exams.length === 1 && one === "" && choice.form === "dicom" ? exams[0] : undefined;
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="download-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="download-title">
          {plural(exams.length, { one: "Download this exam", other: "Download # exams" })}
        </h2>
        {series.length > 0 && <SeriesField series={series} one={one} choose={setOne} />}
        <FormFields choice={choice} change={setChoice} />
        {whole !== undefined && (
          <p className="dim">
            <a href={downloadUrl(whole.studyInstanceUid)} download onClick={close}>{t`Download at once`}</a>{" "}
            {t`instead: it begins now, and begins anew if the connection breaks off.`}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={begin.isPending}>
            {begin.isPending ? t`Asking…` : t`Prepare the package`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface SeriesFieldProps {
  series: Series[];
  one: string;
  choose: (series: string) => void;
}

function SeriesField({ series, one, choose }: SeriesFieldProps) {
  return (
    <label className="field">
      <span className="field-label">{t`What`}</span>
      <select className="input" value={one} onChange={(event) => choose(event.target.value)}>
        <option value="">{t`The whole exam`}</option>
        {series.map(({ seriesInstanceUid, seriesNumber, modality, seriesDescription }) => (
          <option key={seriesInstanceUid} value={seriesInstanceUid}>
            {t`Series ${seriesNumber ?? "?"}: ${modality} ${seriesDescription}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function useBegin(close: () => void, begun: (() => void) | undefined) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (wanted: DownloadWish) => beginDownload(wanted),
    onSuccess: () => {
      const look = () => void navigate("/downloads");
      toasts.say(t`The package is being made.`, { label: t`Downloads`, run: look });
      begun?.();
      close();
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: downloadsQuery.queryKey }),
  });
}
