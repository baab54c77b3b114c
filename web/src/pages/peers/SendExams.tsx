import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import type { Exam } from "../../api/exams";
import { isCalled, peersQuery, sendExam, transfersQuery, type Transfer } from "../../api/peers";
import { useMay } from "../../api/session";
import { personName } from "../../format/dicom";

import { Icon } from "../../parts/Icon";
import { useToasts } from "../../parts/toasts";
import { RateField, useRate } from "./rate";

/** Exams named in the question; the rest are counted. */
const NAMED = 4;

/** Sends one exam to a peer, in the background. */
export function SendExam({ exam }: { exam: Exam }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <Icon name="send" /> {t`Send`}
      </button>
      {asking && <SendDialog exams={[exam]} close={() => setAsking(false)} />}
    </>
  );
}

interface Props {
  exams: Exam[];
  close: () => void;
  /** Told which transfers were begun. */
  begun?: (peer: string, transfers: Transfer[]) => void;
}

/** Asks where to send exams, and begins a transfer for each. */
export function SendDialog({ exams, close, begun }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const peers = useQuery(peersQuery);
  const called = (peers.data ?? []).filter(isCalled);
  const [chosen, setChosen] = useState<string>();
  const peer = chosen ?? called[0]?.name;
  const rate = useRate();
  const send = useSend(exams, close, begun);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (peer !== undefined) send.mutate({ peer, rate: rate.value });
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="send-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="send-title">{plural(exams.length, { one: "Send this exam", other: "Send # exams" })}</h2>
        {exams.length > 1 && <p className="dim">{named(exams)}</p>}
        {peers.isSuccess && called.length === 0 ? (
          <NoPeer />
        ) : (
          <>
            <label className="field">
              <span className="field-label">{t({ message: "To", context: "whom" })}</span>
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
            {t`Cancel`}
          </button>
          <button
            type="submit"
            className="button button-primary"
            disabled={peer === undefined || send.isPending}
          >
            {send.isPending ? t`Asking…` : t`Send`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function named(exams: Exam[]): string {
  const names = exams.slice(0, NAMED).map((exam) => personName(exam.patientName) || t`No name`);
  const rest = exams.length - names.length;
  return rest > 0
    ? t`${names.join("; ")} and ${plural(rest, { one: "# more exam", other: "# more exams" })}`
    : names.join("; ");
}

function NoPeer() {
  const may = useMay("manage-peers");
  return (
    <p className="dim">
      {t`No peer is known that can be called.`}{" "}
      {may ? <Link to="/peers">{t`Add one`}</Link> : t`An administrator can add one.`}
    </p>
  );
}

function useSend(exams: Exam[], close: () => void, begun: Props["begun"]) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ peer, rate }: { peer: string; rate: number | undefined }) => {
      const transfers: Transfer[] = [];
      try {
        for (const { studyInstanceUid: study } of exams)
          transfers.push(await sendExam(peer, { study, rate }));
      } finally {
        // What was begun before one failed is on its way all the same.
        if (transfers.length > 0) begun?.(peer, transfers);
      }
      return peer;
    },
    onSuccess: (peer) => {
      const many = exams.length;
      toasts.say(
        t`${plural(many, { one: "The exam is", other: "# exams are" })} on the way to ${peer}. The peers page tells how far.`,
      );
      close();
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: transfersQuery.queryKey }),
  });
}
