import "./peers.css";
import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { cancelTransfer, isUnderWay, retryTransfer, transfersQuery, type Transfer } from "../../api/peers";
import { useMay } from "../../api/session";
import { count, moment } from "../../format/units";
import { Progress } from "../../parts/Progress";
import { Failure } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

const STATES: Record<string, { word: () => string; badge: string }> = {
  waiting: { word: () => t`Waiting`, badge: "badge" },
  running: { word: () => t`Under way`, badge: "badge" },
  done: { word: () => t`Done`, badge: "badge badge-ok" },
  failed: { word: () => t`Failed`, badge: "badge badge-danger" },
  cancelled: { word: () => t`Cancelled`, badge: "badge badge-warn" },
};

/** What was sent and fetched lately, and how far it is. */
export function Transfers({ only }: { only?: (transfer: Transfer) => boolean }) {
  const found = useQuery(transfersQuery);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const transfers = (found.data ?? []).filter((transfer) => only?.(transfer) ?? true);
  if (transfers.length === 0) return null;
  return (
    <section className="panel table-scroll" aria-labelledby="transfers-title">
      <div className="peers-head">
        <h2 id="transfers-title">{t`Transfers`}</h2>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Images`}</th>
            <th scope="col">{t`Asked for`}</th>
            <th scope="col">
              <span className="hidden-visually">{t`Actions`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {transfers.map((transfer) => (
            <Row key={transfer.id} transfer={transfer} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ transfer }: { transfer: Transfer }) {
  const state = STATES[transfer.state] ?? { word: () => transfer.state, badge: "badge" };
  const way = transfer.direction === "send" ? t`To ${transfer.peer}` : t`From ${transfer.peer}`;
  return (
    <tr>
      <td>
        {way}
        <div className="num clip transfer-exam">
          {typeof transfer.project === "string" ? (
            <Link to={`/projects/${transfer.project}`}>{t`an exam of the project ${transfer.project}`}</Link>
          ) : (
            <Link to={`/exams/${transfer.studyInstanceUid}`}>{transfer.studyInstanceUid}</Link>
          )}
        </div>
      </td>
      <td>
        <span className={state.badge}>{state.word()}</span>
        {Boolean(transfer.reason) && <div className="faint">{transfer.reason}</div>}
      </td>
      <td className="num">
        {transfer.completed === transfer.total
          ? count(transfer.total)
          : t`${count(transfer.completed)} of ${count(transfer.total)}`}
        {transfer.state === "running" && transfer.total > 0 && (
          <Progress
            label={t`${way}: images`}
            value={transfer.completed + transfer.failed}
            of={transfer.total}
          />
        )}
        {transfer.failed > 0 && <div className="faint">{t`${transfer.failed} failed`}</div>}
      </td>
      <td className="dim num">
        {moment(transfer.createdAt)}
        <div className="faint">{transfer.askedBy}</div>
      </td>
      <td>
        {isUnderWay(transfer) && <Cancel transfer={transfer} way={way} />}
        {["failed", "cancelled"].includes(transfer.state) && <Again transfer={transfer} way={way} />}
      </td>
    </tr>
  );
}

function Cancel({ transfer, way }: { transfer: Transfer; way: string }) {
  const may = useMay(transfer.direction === "send" ? "export" : "store");
  const queries = useQueryClient();
  const toasts = useToasts();
  const cancel = useMutation({
    mutationFn: () => cancelTransfer(transfer.id),
    onSuccess: () => toasts.say(t`Transfer cancelled. What has arrived stays.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  if (!may) return null;
  return (
    <div className="row-actions">
      <button
        type="button"
        className="button button-small"
        aria-label={t`Cancel the transfer: ${way}`}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        {t`Cancel`}
      </button>
    </div>
  );
}

function Again({ transfer, way }: { transfer: Transfer; way: string }) {
  const may = useMay(transfer.direction === "send" ? "export" : "store");
  const queries = useQueryClient();
  const toasts = useToasts();
  const again = useMutation({
    mutationFn: () => retryTransfer(transfer.id),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
  if (!may) return null;
  return (
    <div className="row-actions">
      <button
        type="button"
        className="button button-small"
        aria-label={t`Try the transfer again: ${way}`}
        disabled={again.isPending}
        onClick={() => again.mutate()}
      >
        {t`Try again`}
      </button>
    </div>
  );
}
