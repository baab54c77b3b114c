import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { transfersQuery, type Transfer } from "../../api/peers";
import { moment } from "../../format/units";
import { Failure } from "../../parts/State";

const STATES: Record<string, { word: string; badge: string }> = {
  waiting: { word: "Waiting", badge: "badge" },
  running: { word: "Under way", badge: "badge" },
  done: { word: "Done", badge: "badge badge-ok" },
  failed: { word: "Failed", badge: "badge badge-danger" },
};

/** What was sent and fetched lately, and how far it is. */
export function Transfers() {
  const found = useQuery(transfersQuery);
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const transfers = found.data ?? [];
  if (transfers.length === 0) return null;
  return (
    <section className="panel table-scroll" aria-labelledby="transfers-title">
      <div className="peers-head">
        <h2 id="transfers-title">Transfers</h2>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Images</th>
            <th scope="col">Asked for</th>
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
  const state = STATES[transfer.state] ?? { word: transfer.state, badge: "badge" };
  const way = transfer.direction === "send" ? `To ${transfer.peer}` : `From ${transfer.peer}`;
  return (
    <tr>
      <td>
        {way}
        <div className="faint num clip">
          <Link to={`/exams/${transfer.studyInstanceUid}`}>{transfer.studyInstanceUid}</Link>
        </div>
      </td>
      <td>
        <span className={state.badge}>{state.word}</span>
        {Boolean(transfer.reason) && <div className="faint">{transfer.reason}</div>}
      </td>
      <td className="num">
        {transfer.completed} of {transfer.total}
        {transfer.failed > 0 && <div className="faint">{transfer.failed} failed</div>}
      </td>
      <td className="dim num">
        {moment(transfer.createdAt)}
        <div className="faint">{transfer.askedBy}</div>
      </td>
    </tr>
  );
}
