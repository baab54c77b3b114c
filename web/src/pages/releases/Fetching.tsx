import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { makeWithout, releasesKey, type ReleaseDetail } from "../../api/releases";
import { useMay } from "../../api/session";
import { moment } from "../../format/units";
import { Confirm } from "../../parts/Confirm";
import { useToasts } from "../../parts/toasts";

/** Exams that were still in a PACS: how many are here by now, what is missing and why. */
export function Fetching({ detail }: { detail: ReleaseDetail }) {
  const { id, fetching, state } = detail;
  const decides = useMay("release");
  if (fetching === null) return null;
  const waits = state === "making" && fetching.missing.some((missing) => missing.waits);
  const { here, wanted, missing, without } = fetching;
  return (
    <section className="panel release-part table-scroll" aria-labelledby="fetching-title">
      <h2 id="fetching-title">{t`Exams that were still in a PACS`}</h2>
      <p className="num" role="status">
        {t`${here} of ${wanted} are here.`}
        {without !== null && <> {t`${without} had the package made without the others.`}</>}
      </p>
      {missing.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Peer`}</th>
              <th scope="col">{t`Why`}</th>
              <th scope="col" className="right">
                {t`How many`}
              </th>
            </tr>
          </thead>
          <tbody>
            {missing.map(({ peer, why, until, count }) => (
              <tr key={`${peer} ${why} ${until ?? ""}`}>
                <td>{peer}</td>
                <td>
                  {why}
                  {until !== null && <span className="dim num"> · {t`goes on ${moment(until)}`}</span>}
                </td>
                <td className="right num">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {decides && waits && <Without id={id} exams={wanted - here} />}
    </section>
  );
}

function Without({ id, exams }: { id: string; exams: number }) {
  const [asking, setAsking] = useState(false);
  const toasts = useToasts();
  const queries = useQueryClient();
  const without = useMutation({
    mutationFn: () => makeWithout(id),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: releasesKey }),
  });
  return (
    <>
      <div className="row-actions release-actions">
        <button type="button" className="button" disabled={without.isPending} onClick={() => setAsking(true)}>
          {t`Make it without them…`}
        </button>
      </div>
      {asking && (
        <Confirm
          title={t`Make the package without them?`}
          action={t`Make it without them`}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            without.mutate();
          }}
        >
          {plural(exams, {
            one: "# exam stays where it is. The papers of the package tell it as missing.",
            other: "# exams stay where they are. The papers of the package tell them as missing.",
          })}
        </Confirm>
      )}
    </>
  );
}
