import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { verifyLog, type AuditVerdict } from "../../api/audit";
import { describe } from "../../api/problem";
import { count } from "../../format/units";
import { Icon } from "../../parts/Icon";

/** Faults named; the rest are counted. */
const NAMED = 5;

/** Whether every row is as it was written, and none is missing. */
export function ChainCheck() {
  const check = useMutation({ mutationFn: verifyLog });
  return (
    <section className="panel activity-check" aria-labelledby="chain-title">
      <div role="status">
        <h2 id="chain-title">{t`The chain`}</h2>
        {check.isPending ? (
          <p className="dim">{t`Reading every row…`}</p>
        ) : check.isError ? (
          <p className="activity-broken">{describe(check.error).detail ?? describe(check.error).title}</p>
        ) : check.data === undefined ? (
          <p className="dim">{t`Each row carries the hash of the row before it. Check that none was altered.`}</p>
        ) : (
          <Verdict verdict={check.data} />
        )}
      </div>
      <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate()}>
        <Icon name="ok" /> {t`Check the chain`}
      </button>
    </section>
  );
}

function Verdict({ verdict: { whole, rows, head, faults } }: { verdict: AuditVerdict }) {
  if (whole) {
    return (
      <p>
        <Trans>
          <span className="badge badge-ok">Whole</span> {count(rows)} rows, each as it was written.{" "}
          <span className="faint">
            Keep <code title={head}>{`${head.slice(0, 24)}…`}</code> elsewhere to prove later that none was
            cut off.
          </span>
        </Trans>
      </p>
    );
  }
  return (
    <div>
      <p className="activity-broken">
        <Trans>
          <span className="badge badge-danger">Broken</span> The log was altered. Keep the data folder as it
          is and call whoever answers for it.
        </Trans>
      </p>
      <ul>
        {faults.slice(0, NAMED).map((fault) => (
          <li key={fault}>{fault}</li>
        ))}
        {faults.length > NAMED && (
          <li className="dim">
            <Trans>and {faults.length - NAMED} more</Trans>
          </li>
        )}
      </ul>
    </div>
  );
}
