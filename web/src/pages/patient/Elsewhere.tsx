import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "react-router";
import type { Exam } from "../../api/exams";
import { patientQuery } from "../../api/patients";
import {
  fetchExam,
  isCalled,
  peersQuery,
  remoteExams,
  transfersQuery,
  type RemoteExam,
  type Transfer,
} from "../../api/peers";
import { describe } from "../../api/problem";
import { dicomDate, personName } from "../../format/dicom";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";

interface Props {
  patientId: string;
  held: Exam[];
  /** What names the patient in the address. */
  study: string;
}

interface Answer {
  peer: string;
  exams: RemoteExam[];
  /** Why it has not answered. */
  failure?: string;
}

/** What other archives have of this patient: all peers are asked at once by the Patient ID. */
export function Elsewhere({ patientId, held, study }: Props) {
  const peers = useQuery(peersQuery);
  const called = (peers.data ?? []).filter(isCalled);
  const ask = useMutation({
    mutationFn: () => Promise.all(called.map(({ name }) => askOne(name, patientId))),
  });
  if (patientId === "") return null;
  return (
    <section className="panel patient-elsewhere" aria-labelledby="elsewhere-title">
      <div className="patient-elsewhere-head">
        <div>
          <h2 id="elsewhere-title">{t`Elsewhere`}</h2>
          <p className="dim">
            {called.length === 0
              ? t`No peer is entered that can be asked for earlier exams.`
              : t`Other archives are asked for exams under the same Patient ID.`}
          </p>
        </div>
        {called.length === 0 ? (
          <Link to="/peers" className="button">
            <Icon name="peers" /> {t`Peers`}
          </Link>
        ) : (
          <button type="button" className="button" disabled={ask.isPending} onClick={() => ask.mutate()}>
            <Icon name="search" />{" "}
            {ask.isPending
              ? t`Asking…`
              : plural(called.length, { one: "Ask # peer for priors", other: "Ask # peers for priors" })}
          </button>
        )}
      </div>
      {ask.data !== undefined && <Answers answers={ask.data} held={held} study={study} />}
    </section>
  );
}

async function askOne(peer: string, patientId: string): Promise<Answer> {
  try {
    const search = { patientName: "", patientId, accession: "", from: "", to: "" };
    return { peer, exams: (await remoteExams(peer, search)).exams };
  } catch (error) {
    const { title, detail } = describe(error);
    return { peer, exams: [], failure: detail ?? title };
  }
}

function Answers({ answers, held, study }: { answers: Answer[]; held: Exam[]; study: string }) {
  const here = new Set(held.map((exam) => exam.studyInstanceUid));
  const rows = answers.flatMap(({ peer, exams }) => exams.map((exam) => ({ peer, exam })));
  return (
    <>
      {answers
        .filter(({ failure }) => failure !== undefined)
        .map(({ peer, failure }) => (
          <p key={peer} className="notice notice-danger">
            {peer}: {failure}
          </p>
        ))}
      {rows.length === 0 ? (
        <p className="dim" role="status">
          {answers.every(({ failure }) => failure !== undefined)
            ? t`No peer answered.`
            : t`The peers that answered have no exam of this patient.`}
        </p>
      ) : (
        <ul>
          {rows.map(({ peer, exam }) => (
            <Row
              key={`${peer} ${exam.study}`}
              peer={peer}
              exam={exam}
              here={here.has(exam.study)}
              of={study}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function Row({ peer, exam, here, of }: { peer: string; exam: RemoteExam; here: boolean; of: string }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const begin = useMutation({
    mutationFn: () => fetchExam(peer, { study: exam.study, rate: undefined }),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  const transfer = useTransfer(begin.data, of);
  const state = transfer?.state;
  return (
    <li className="patient-remote">
      <div className="num">
        {dicomDate(exam.date) || t`No date`}
        <div className="dim">{exam.modalities}</div>
      </div>
      <div>
        <strong>{exam.description || t`No description`}</strong>
        <div className="dim num">
          {personName(exam.patientName)} · {peer}
          {exam.instances !== "" &&
            ` · ${plural(Number(exam.instances), { one: "# image", other: "# images" })}`}
        </div>
      </div>
      <span className="dim" role="status">
        {transfer !== undefined && told(transfer)}
      </span>
      {here || state === "done" ? (
        <Link to={`/exams/${exam.study}`} className="button button-small">
          {t`Open`}
        </Link>
      ) : (
        <May action="store">
          <button
            type="button"
            className="button button-small button-primary"
            disabled={begin.isPending || (begin.isSuccess && state !== "failed" && state !== "cancelled")}
            onClick={() => begin.mutate()}
          >
            <Icon name="download" size={14} /> {t`Fetch`}
          </button>
        </May>
      )}
    </li>
  );
}

/** How far a transfer is; the patient is looked at again when it ends. */
function useTransfer(begun: Transfer | undefined, of: string): Transfer | undefined {
  const queries = useQueryClient();
  const transfers = useQuery({ ...transfersQuery, enabled: begun !== undefined });
  const now = transfers.data?.find(({ id }) => id === begun?.id) ?? begun;
  const state = now?.state;
  useEffect(() => {
    if (state === "done") void queries.invalidateQueries({ queryKey: patientQuery(of).queryKey });
  }, [state, queries, of]);
  return now;
}

function told(transfer: Transfer): string {
  if (transfer.state === "done") return t`Fetched`;
  if (transfer.state === "failed") return t`Failed: ${transfer.reason ?? ""}`;
  if (transfer.state === "cancelled") return t`Cancelled`;
  return transfer.total > 0 ? t`${transfer.completed} of ${transfer.total}` : t`On its way`;
}
