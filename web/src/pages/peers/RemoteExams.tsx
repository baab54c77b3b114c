import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { describe } from "../../api/problem";
import { fetchExam, remoteExams, transfersQuery, type RemoteExam, type RemoteSearch } from "../../api/peers";
import { dicomDate, personName } from "../../format/dicom";

import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";
import { RateField, useRate } from "./rate";

const FIELDS: { key: keyof RemoteSearch; label: () => string; type: string }[] = [
  { key: "patientName", label: () => t`Name begins with`, type: "text" },
  { key: "patientId", label: () => t`Patient ID`, type: "text" },
  { key: "accession", label: () => t`Accession number`, type: "text" },
  { key: "from", label: () => t`From`, type: "date" },
  { key: "to", label: () => t`To`, type: "date" },
];

/** Asks a peer which exams it has, and fetches the chosen ones. */
export function RemoteExams({ peer, close }: { peer: string; close: () => void }) {
  const [search, setSearch] = useState<RemoteSearch>({
    patientName: "",
    patientId: "",
    accession: "",
    from: "",
    to: "",
  });
  const ask = useMutation({ mutationFn: () => remoteExams(peer, search) });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <section className="panel" aria-labelledby="remote-title">
      <div className="peers-head">
        <h2 id="remote-title">{t`Exams at ${peer}`}</h2>
        <button
          type="button"
          className="button button-quiet button-square"
          aria-label={t`Close the search`}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      <form className="remote-search" onSubmit={submit}>
        {FIELDS.map(({ key, label, type }) => (
          <label key={key} className="field">
            <span className="field-label">{label()}</span>
            <input
              className="input"
              type={type}
              autoComplete="off"
              value={search[key]}
              onChange={(event) => setSearch({ ...search, [key]: event.target.value })}
            />
          </label>
        ))}
        <button type="submit" className="button button-primary" disabled={ask.isPending}>
          {ask.isPending ? t`Asking…` : t`Search`}
        </button>
      </form>
      {ask.isError && <p className="notice notice-danger remote-note">{said(ask.error)}</p>}
      {ask.data !== undefined && <Found peer={peer} exams={ask.data.exams} complete={ask.data.complete} />}
    </section>
  );
}

function said(error: unknown): string {
  const { title, detail } = describe(error);
  return detail ?? title;
}

function Found({ peer, exams, complete }: { peer: string; exams: RemoteExam[]; complete: boolean }) {
  const rate = useRate();
  if (exams.length === 0) return <p className="dim remote-note">{t`${peer} has no exam that matches.`}</p>;
  return (
    <>
      <div className="remote-note remote-found">
        <span className="dim">
          {plural(exams.length, { one: "# exam", other: "# exams" })}.{" "}
          {complete ? "" : t`There are more: narrow the search.`}
        </span>
        <RateField rate={rate} />
      </div>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Patient`}</th>
              <th scope="col">{t`Exam date`}</th>
              <th scope="col">{t`Modality`}</th>
              <th scope="col">{t`Description`}</th>
              <th scope="col">{t`Accession`}</th>
              <th scope="col">{t`Images`}</th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {exams.map((exam) => (
              <Row key={exam.study} peer={peer} exam={exam} rate={rate.value} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Row({ peer, exam, rate }: { peer: string; exam: RemoteExam; rate: number | undefined }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const begin = useMutation({
    mutationFn: () => fetchExam(peer, { study: exam.study, rate }),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  return (
    <tr>
      <td>
        <strong>{personName(exam.patientName) || t`No name`}</strong>
        <div className="faint num">{exam.patientId}</div>
      </td>
      <td className="num">{dicomDate(exam.date)}</td>
      <td>{exam.modalities}</td>
      <td>{exam.description}</td>
      <td className="num">{exam.accession}</td>
      <td className="num">{exam.instances}</td>
      <td>
        <div className="row-actions">
          <May action="store">
            <button
              type="button"
              className="button button-small"
              disabled={begin.isPending || begin.isSuccess}
              onClick={() => begin.mutate()}
            >
              <Icon name="download" size={14} /> {begin.isSuccess ? t`Asked for` : t`Fetch`}
            </button>
          </May>
        </div>
      </td>
    </tr>
  );
}
