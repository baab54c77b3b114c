import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import { isCalled, peersQuery, sendExam, transfersQuery } from "../../api/peers";
import { Icon } from "../../parts/Icon";
import { useToasts } from "../../parts/toasts";
import { RateField, useRate } from "../peers/rate";

/** Sends the exam to a peer, in the background. */
export function SendExam({ study }: { study: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <Icon name="send" /> Send
      </button>
      {asking && <SendDialog study={study} close={() => setAsking(false)} />}
    </>
  );
}

function SendDialog({ study, close }: { study: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const peers = useQuery(peersQuery);
  const called = (peers.data ?? []).filter(isCalled);
  const [chosen, setChosen] = useState<string>();
  const peer = chosen ?? called[0]?.name;
  const rate = useRate();
  const send = useSend(study, close);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (peer !== undefined) send.mutate({ peer, rate: rate.value });
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="send-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="send-title">Send this exam</h2>
        {peers.isSuccess && called.length === 0 ? (
          <p className="dim">
            No peer is known that can be called. <Link to="/peers">Add one</Link>
          </p>
        ) : (
          <>
            <label className="field">
              <span className="field-label">To</span>
              <select className="input" value={peer} onChange={(event) => setChosen(event.target.value)}>
                {called.map(({ name, aeTitle }) => (
                  <option key={name} value={name}>
                    {name} ({aeTitle})
                  </option>
                ))}
              </select>
            </label>
            <RateField rate={rate} />
          </>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={peer === undefined || send.isPending}
          >
            Send
          </button>
        </div>
      </form>
    </dialog>
  );
}

function useSend(study: string, close: () => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: ({ peer, rate }: { peer: string; rate: number | undefined }) =>
      sendExam(peer, { study, rate }),
    onSuccess: async ({ peer }) => {
      toasts.say(`The exam is on its way to ${peer}. The peers page tells how far it is.`);
      await queries.invalidateQueries({ queryKey: transfersQuery.queryKey });
      close();
    },
    onError: toasts.fail,
  });
}
