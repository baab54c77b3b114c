import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { lookNow, peerTermsQuery, setPeerTerms, type PeerTerms, type PeerTold } from "../../api/peers";
import { moment } from "../../format/units";
import { Refusal } from "../../parts/Refusal";
import { Failure, Loading } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";

/** What a peer's owner allows: whether and how it is asked for what it holds, and fetched from for releases. */
export function TermsForm({ peer, close }: { peer: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const found = useQuery(peerTermsQuery(peer));
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="terms-title" onClose={close}>
      <div className="dialog-body">
        <h2 id="terms-title">{t`What the owner of ${peer} allows`}</h2>
        {found.isPending && <Loading what={t`what its owner allows`} />}
        {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
        {found.isSuccess && (
          <>
            <Told peer={peer} told={found.data} />
            <Form peer={peer} terms={found.data.terms} close={close} />
          </>
        )}
      </div>
    </dialog>
  );
}

/** How far it has told what it holds. */
function Told({ peer, told }: { peer: string; told: PeerTold }) {
  const toasts = useToasts();
  const queries = useQueryClient();
  const look = useMutation({
    mutationFn: () => lookNow(peer),
    onSuccess: () => toasts.say(t`${peer} is asked for the exams of the last days.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: peerTermsQuery(peer).queryKey }),
  });
  if (typeof told.terms.indexFrom !== "string") return null;
  return (
    <div role="status">
      <p className="num">
        {typeof told.toldTo === "string"
          ? t`Exams told of up to ${told.toldTo}: ${told.exams}; not here: ${told.notHere}.`
          : t`It has not told what it holds yet.`}
      </p>
      {typeof told.opensAt === "string" && (
        <p className="dim num">{t`Its hours begin ${moment(told.opensAt)}.`}</p>
      )}
      {typeof told.failure === "string" && <p className="notice notice-warn">{told.failure}</p>}
      <button
        type="button"
        className="button button-small"
        disabled={look.isPending}
        onClick={() => look.mutate()}
      >
        {t`Ask now`}
      </button>
    </div>
  );
}

function Form({ peer, terms, close }: { peer: string; terms: PeerTerms; close: () => void }) {
  const [entry, setEntry] = useState(terms);
  const change = (part: Partial<PeerTerms>) => setEntry((before) => ({ ...before, ...part }));
  const save = useSave(peer, close);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(entry);
  };
  return (
    <form className="peer-form" onSubmit={submit}>
      {save.isError && <Refusal error={save.error} />}
      <TextField
        label={t`Exams it holds are asked for from`}
        type="date"
        value={entry.indexFrom ?? ""}
        set={(day) => change({ indexFrom: day || null })}
        hint={t`Day by day, without images; empty: it is not asked, and what it told is forgotten`}
      />
      <TextField
        label={t`Questions a minute at most`}
        type="number"
        min={1}
        max={10_000}
        required
        value={String(entry.questionsPerMinute ?? "")}
        set={(text) => change({ questionsPerMinute: Number(text) })}
      />
      <TextField
        label={t`Images a second at most`}
        type="number"
        min={1}
        max={10_000}
        required
        value={String(entry.instancesPerSecond ?? "")}
        set={(text) => change({ instancesPerSecond: Number(text) })}
        hint={t`When an approved request fetches exams that are still there`}
      />
      <TextField
        label={t`Hours`}
        value={entry.hours ?? ""}
        set={(hours) => change({ hours: hours.trim() || null })}
        placeholder="20:00-06:00"
        hint={t`Only then it is asked and fetched from, by the server's clock; empty: at any time`}
      />
      <div className="dialog-actions">
        <button type="button" className="button" onClick={close}>
          {t`Cancel`}
        </button>
        <button type="submit" className="button button-primary" disabled={save.isPending}>
          {t`Save`}
        </button>
      </div>
    </form>
  );
}

function useSave(peer: string, close: () => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (terms: PeerTerms) => setPeerTerms(peer, terms),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: peerTermsQuery(peer).queryKey });
      toasts.say(t`What the owner of ${peer} allows is kept.`);
      close();
    },
  });
}
