import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { coverageQuery, makeAnew, projectQuery, withheldQuery, type Project } from "../../api/projects";
import { count, moment } from "../../format/units";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

/** What the wall kept back: what to look at before the policy is changed. */
export function Withheld({ project: { id, policy } }: { project: Project }) {
  const [reason, setReason] = useState("");
  const found = useQuery(withheldQuery(id, reason));
  const coverage = useQuery(coverageQuery(id)).data;
  const queries = useQueryClient();
  const toasts = useToasts();
  const again = useMutation({
    mutationFn: () => makeAnew(id),
    onSuccess: () => toasts.say(t`Everything passes the policy again.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: projectQuery(id).queryKey }),
  });
  if (found.isPending) return <Loading what={t`what was withheld`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const reasons = new Map<string, number>();
  for (const one of coverage?.withheld ?? [])
    reasons.set(one.reason, (reasons.get(one.reason) ?? 0) + one.instances);
  const { withheld, more } = found.data;
  return (
    <div className="project-parts">
      <div className="project-tools">
        <div className="chips" role="group" aria-label={t`Reason`}>
          {["", ...reasons.keys()].map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={reason === one}
              onClick={() => setReason(one)}
            >
              {one === "" ? t`All` : `${one} ${count(reasons.get(one) ?? 0)}`}
            </button>
          ))}
        </div>
        <button type="button" className="button" disabled={again.isPending} onClick={() => again.mutate()}>
          {t`Try all again`}
        </button>
      </div>
      {withheld.length === 0 ? (
        <Empty icon="ok" title={t`Nothing is withheld`}>
          {coverage !== undefined && coverage.waiting > 0 ? t`Subjects are still being made.` : undefined}
        </Empty>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t`Subject`}</th>
                <th scope="col">{t`Reason`}</th>
                <th scope="col">{t`Modality`}</th>
                <th scope="col">{t`Withheld`}</th>
                <th scope="col">
                  <span className="hidden-visually">{t`Actions`}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {withheld.map(({ sopInstanceUid, code, detail, modality, withheldAt, original }) => (
                <tr key={sopInstanceUid}>
                  <td className="mono">{code}</td>
                  <td>{detail}</td>
                  <td>{modality}</td>
                  <td className="dim num">{moment(withheldAt)}</td>
                  <td>
                    {original && (
                      <div className="row-actions">
                        <Link
                          className="button button-small"
                          to={`/exams/${original.studyInstanceUid}/instances/${original.sopInstanceUid}/attributes`}
                        >
                          {t`Original`}
                        </Link>
                        <Link
                          className="button button-small"
                          to={`/policies/${policy}?exam=${original.studyInstanceUid}`}
                        >
                          {t`Try the policy`}
                        </Link>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {more && <p className="dim project-none">{t`There are more than are listed.`}</p>}
        </div>
      )}
    </div>
  );
}
