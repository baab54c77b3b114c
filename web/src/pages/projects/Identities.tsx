import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import {
  answerIdentity,
  askIdentity,
  identitiesQuery,
  projectQuery,
  showIdentity,
  type IdentityRequest,
  type Patient,
  type Project,
} from "../../api/projects";
import { sessionQuery } from "../../api/session";
import { moment } from "../../format/units";
import { Refusal } from "../../parts/Refusal";
import { Empty, Failure, Loading } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";

/** Going back from a code to the patient: one person asks and says why, another answers, it is shown once. */
export function Identities({ project: { id } }: { project: Project }) {
  const found = useQuery(identitiesQuery(id));
  const me = useQuery(sessionQuery).data?.account.name;
  const [people, setPeople] = useState<Record<number, Patient>>({});
  if (found.isPending) return <Loading what={t`requests`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="project-parts">
      <Ask project={id} />
      {found.data.length === 0 ? (
        <Empty icon="account" title={t`Nobody has asked who a subject is`}>
          {t`It takes two people: one asks and says why, another one answers. Each step is in the log.`}
        </Empty>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t`Subject`}</th>
                <th scope="col">{t`Why`}</th>
                <th scope="col">{t`Asked for`}</th>
                <th scope="col">{t`Answer`}</th>
                <th scope="col">
                  <span className="hidden-visually">{t`Actions`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.data.map((request) => (
                <Row
                  key={request.id}
                  project={id}
                  request={request}
                  mine={request.askedBy === me}
                  patient={people[request.id]}
                  shown={(patient) => setPeople((before) => ({ ...before, [request.id]: patient }))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Ask({ project }: { project: string }) {
  const [code, setCode] = useState("");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(0);
  const queries = useQueryClient();
  const ask = useMutation({
    mutationFn: () => askIdentity(project, code.trim(), reason),
    onSuccess: () => {
      setCode("");
      setReason("");
      setAsked(asked + 1);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(project).queryKey }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form className="project-add" onSubmit={submit}>
      {ask.isError && <Refusal error={ask.error} />}
      <TextField
        key={`code ${asked}`}
        label={t`Subject`}
        value={code}
        set={setCode}
        required
        hint={t`its code`}
      />
      <TextField
        key={`reason ${asked}`}
        label={t`Why`}
        value={reason}
        set={setReason}
        required
        minLength={10}
        maxLength={1000}
        hint={t`such as: an incidental finding has to be told`}
      />
      <button type="submit" className="button button-primary" disabled={ask.isPending}>
        {t`Ask who it is`}
      </button>
    </form>
  );
}

interface RowProps {
  project: string;
  request: IdentityRequest;
  mine: boolean;
  patient: Patient | undefined;
  shown: (patient: Patient) => void;
}

function Row({ project, request, mine, patient, shown }: RowProps) {
  const { id, code, reason, askedBy, askedAt, answeredBy, answeredAt, granted, shownAt } = request;
  const queries = useQueryClient();
  const toasts = useToasts();
  const settled = () => queries.invalidateQueries({ queryKey: projectQuery(project).queryKey });
  const answer = useMutation({
    mutationFn: (yes: boolean) => answerIdentity(project, id, yes),
    onError: toasts.fail,
    onSettled: settled,
  });
  const show = useMutation({
    mutationFn: () => showIdentity(project, id),
    onSuccess: shown,
    onError: toasts.fail,
    onSettled: settled,
  });
  const isOpen = !answeredBy;
  return (
    <tr>
      <td className="mono">{code}</td>
      <td>{reason}</td>
      <td className="dim num">
        {moment(askedAt)} {askedBy}
      </td>
      <td>
        <span className={granted ? "badge badge-ok" : "badge"}>
          {isOpen ? t`waits` : granted ? t`granted` : t`denied`}
        </span>{" "}
        <span className="dim num">{answeredAt && `${moment(answeredAt)} ${answeredBy ?? ""}`}</span>
      </td>
      <td>
        <div className="row-actions">
          {isOpen && mine && <span className="dim">{t`somebody else answers`}</span>}
          {isOpen && !mine && (
            <>
              <button type="button" className="button button-small" onClick={() => answer.mutate(true)}>
                {t`Grant`}
              </button>
              <button type="button" className="button button-small" onClick={() => answer.mutate(false)}>
                {t`Deny`}
              </button>
            </>
          )}
          {granted && mine && !shownAt && (
            <button type="button" className="button button-small" onClick={() => show.mutate()}>
              {t`Show once`}
            </button>
          )}
          {patient && (
            <Link to={`/patients/${patient.exam}`}>
              {patient.patientId || t`No ID`} <span className="dim">{patient.issuer}</span>
            </Link>
          )}
          {shownAt && !patient && <span className="dim">{t`shown ${moment(shownAt)}`}</span>}
        </div>
      </td>
    </tr>
  );
}
