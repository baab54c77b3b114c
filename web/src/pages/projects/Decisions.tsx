import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { createPolicy } from "../../api/policies";
import { decidedPolicy, projectQuery, takeBack, type Project, type ReviewDecision } from "../../api/projects";
import { useMay } from "../../api/session";
import { moment } from "../../format/units";
import { RemoveButton } from "../../parts/RemoveButton";
import { useToasts } from "../../parts/toasts";
import { kindWords } from "./Review";

/** What was decided: rules of the project, to be taken back or made a part of a policy. */
export function Decisions({ project, decisions }: { project: Project; decisions: ReviewDecision[] }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const navigate = useNavigate();
  const mayWrite = useMay("manage-policies");
  const back = useMutation({
    mutationFn: (id: number) => takeBack(project.id, id),
    onSuccess: () => toasts.say(t`Taken back. Everything passes the policy again.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(project.id).queryKey }),
  });
  const policy = useMutation({
    mutationFn: async () => createPolicy(await decidedPolicy(project.id), t`Decisions of ${project.id}`),
    onSuccess: ({ id }) => navigate(`/policies/${id}`),
    onError: toasts.fail,
  });
  if (decisions.length === 0) return null;
  const ofKinds = decisions.some(({ doubt, sopInstanceUid }) => doubt === "pixels" && !sopInstanceUid);
  return (
    <section className="review-decisions" aria-labelledby="decisions-title">
      <div className="project-tools">
        <h2 id="decisions-title">{t`Decisions`}</h2>
        {mayWrite && ofKinds && (
          <button
            type="button"
            className="button"
            disabled={policy.isPending}
            onClick={() => policy.mutate()}
          >
            {t`Make a policy of them`}
          </button>
        )}
      </div>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Of`}</th>
              <th scope="col">{t`Decided`}</th>
              <th scope="col">{t`Why`}</th>
              <th scope="col">{t`By`}</th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((one) => (
              <tr key={one.id}>
                <td>{one.sopInstanceUid ? t`one of ${kindWords(one)}` : t`all of ${kindWords(one)}`}</td>
                <td>{actionWords(one)}</td>
                <td>{one.note}</td>
                <td className="dim num">
                  {moment(one.decidedAt)} {one.decidedBy}
                </td>
                <td>
                  <div className="row-actions">
                    <RemoveButton name={kindWords(one)} remove={() => back.mutate(one.id)}>
                      <Trans>
                        The decision is taken back: nothing of the project is shown until everything has
                        passed the policy without it.
                      </Trans>
                    </RemoveButton>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function actionWords({ doubt, action, boxes }: ReviewDecision): string {
  if (action === "withhold") return t`kept back`;
  if (doubt === "creators") return t`private attributes removed`;
  return action === "mask" ? t`masked at ${boxes.map((box) => box.join(", ")).join("; ")}` : t`released`;
}
