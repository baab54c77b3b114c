import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { cancelTransfer, isUnderWay, transfersQuery } from "../../api/peers";

import { Icon } from "../../parts/Icon";
import { Progress } from "../../parts/Progress";
import { useToasts } from "../../parts/toasts";
import { setSending, tally, useSending, type Sending, type Tally } from "./sending";

/** How far the exams are that were sent from the list. */
export function SendingBar() {
  const sending = useSending();
  return sending === undefined ? null : <Bar sending={sending} />;
}

function Bar({ sending }: { sending: Sending }) {
  const { data: now = [] } = useQuery(transfersQuery);
  const all = sending.transfers.length;
  const counts = tally(sending.transfers, now);
  const cancel = useCancelAll(sending);
  return (
    <div className="sending" role="status" aria-label={t`Sending`}>
      <span className="sending-words">{words(sending.peer, all, counts)}</span>
      <Progress label={t`Exams sent to ${sending.peer}`} value={all - counts.underWay} of={all} />
      <Link to="/peers">{t`Details`}</Link>
      {counts.underWay > 0 ? (
        <button
          type="button"
          className="button button-small"
          disabled={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t`Cancel the rest`}
        </button>
      ) : (
        <button
          type="button"
          className="button button-quiet button-small button-square"
          aria-label={t`Close`}
          onClick={() => setSending(undefined)}
        >
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}

function words(peer: string, all: number, { done, failed, cancelled, underWay }: Tally): string {
  const head =
    underWay > 0
      ? t`Sending to ${peer}: ${done} of ${plural(all, { one: "# exam", other: "# exams" })}`
      : t`${plural(done, { one: "# exam", other: "# exams" })} sent to ${peer}`;
  return [head, failed > 0 ? t`${failed} failed` : "", cancelled > 0 ? t`${cancelled} cancelled` : ""]
    .filter((part) => part !== "")
    .join(", ");
}

function useCancelAll({ transfers }: Sending) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async () => {
      const now = await queries.query(transfersQuery);
      const begun = new Set(transfers.map(({ id }) => id));
      for (const one of now) if (begun.has(one.id) && isUnderWay(one)) await cancelTransfer(one.id);
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
}
