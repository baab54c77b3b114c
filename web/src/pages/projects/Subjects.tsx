import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import {
  coverageQuery,
  projectQuery,
  sayConsent,
  subjectsQuery,
  withdraw,
  type Project,
  type Subject,
} from "../../api/projects";
import { count, moment } from "../../format/units";
import { RemoveButton } from "../../parts/RemoveButton";
import { Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";
import { Enrol } from "./Enrol";
import { consentWords } from "./words";

/** The subjects by their codes; who they are only when a manager asks, and that is put on record. */
export function Subjects({ project }: { project: Project }) {
  const { id, mayManage, uses = [] } = project;
  const [identities, setIdentities] = useState(false);
  const [enrolling, setEnrolling] = useState(false);
  const made = useQuery(coverageQuery(id)).data?.instances ?? 0;
  const found = useQuery({ ...subjectsQuery(id, identities, made), placeholderData: keepPreviousData });
  if (found.isPending) return <Loading what={t`subjects`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  return (
    <div className="project-parts">
      {mayManage && (
        <div className="project-tools">
          <button type="button" className="button button-primary" onClick={() => setEnrolling(true)}>
            {t`Enrol patients`}
          </button>
          <label className="project-check">
            <input
              type="checkbox"
              checked={identities}
              onChange={(event) => setIdentities(event.target.checked)}
            />
            {t`Show who they are; the log says that you did`}
          </label>
        </div>
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Code`}</th>
              {identities && <th scope="col">{t`Patient ID`}</th>}
              <th scope="col">{t`State`}</th>
              {uses.map((use) => (
                <th key={use} scope="col">
                  {use}
                </th>
              ))}
              <th scope="col" className="right">
                {t`Exams`}
              </th>
              <th scope="col" className="right">
                {t`Instances`}
              </th>
              <th scope="col">{t`Enrolled`}</th>
              {mayManage && (
                <th scope="col">
                  <span className="hidden-visually">{t`Actions`}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {found.data.map((subject) => (
              <Row key={subject.code} subject={subject} project={project} identities={identities} />
            ))}
          </tbody>
        </table>
        {found.data.length === 0 && <p className="dim project-none">{t`Nobody is enrolled yet.`}</p>}
      </div>
      {enrolling && <Enrol project={project} close={() => setEnrolling(false)} />}
    </div>
  );
}

function Row(props: { subject: Subject; project: Project; identities: boolean }) {
  const { subject, project, identities } = props;
  const { code, withdrawn, usable, patient, consents, enrolledAt, enrolledBy } = subject;
  const queries = useQueryClient();
  const toasts = useToasts();
  const change = useMutation({
    mutationFn: (run: () => Promise<void>) => run(),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(project.id).queryKey }),
  });
  return (
    <tr>
      <td className="mono">{code}</td>
      {identities && (
        <td>
          {patient ? <Link to={`/patients/${patient.exam}`}>{patient.patientId || t`No ID`}</Link> : "—"}{" "}
          <span className="dim">{patient?.issuer}</span>
        </td>
      )}
      <td>
        <span className={usable ? "badge badge-ok" : "badge badge-warn"}>
          {withdrawn ? t`Has left` : usable ? t`Shown` : t`Not shown`}
        </span>
      </td>
      {(project.uses ?? []).map((use) => (
        <td key={use}>
          {consentWords(consents[use])}
          {project.mayManage && !withdrawn && (
            <span className="project-says">
              {consents[use]?.granted !== true && (
                <button
                  type="button"
                  className="button button-small"
                  aria-label={t`${code} agreed to ${use}`}
                  onClick={() => change.mutate(() => sayConsent(project.id, code, use, true))}
                >
                  {t`agreed`}
                </button>
              )}
              {consents[use]?.granted !== false && (
                <button
                  type="button"
                  className="button button-small"
                  aria-label={t`${code} refused ${use}`}
                  onClick={() => change.mutate(() => sayConsent(project.id, code, use, false))}
                >
                  {t`refused`}
                </button>
              )}
            </span>
          )}
        </td>
      ))}
      <td className="right num">{count(subject.exams)}</td>
      <td className="right num">{count(subject.instances)}</td>
      <td className="dim num">
        {moment(enrolledAt)} {enrolledBy}
      </td>
      {project.mayManage && (
        <td>
          {!withdrawn && (
            <div className="row-actions">
              <RemoveButton name={code} remove={() => change.mutate(() => withdraw(project.id, code))}>
                <Trans>
                  The subject leaves the project: from now on nothing of it is shown there. Its code stays.
                </Trans>
              </RemoveButton>
            </div>
          )}
        </td>
      )}
    </tr>
  );
}
