import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import {
  cancelRelease,
  makeReleaseAgain,
  recallRelease,
  releasesKey,
  type ReleaseDetail,
} from "../../api/releases";
import { useMay } from "../../api/session";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { useToasts } from "../../parts/toasts";

const RECALLABLE = ["making", "waiting", "failed", "ready"];

/** Taking a request back, making its package again, calling it back. */
export function Steer({ detail, me }: { detail: ReleaseDetail; me: string }) {
  const { id, state, askedBy } = detail;
  const [asking, setAsking] = useState<"cancel" | "recall">();
  const releases = useMay("release");
  const toasts = useToasts();
  const queries = useQueryClient();
  const settled = () => queries.invalidateQueries({ queryKey: releasesKey });
  const cancel = useMutation({
    mutationFn: () => cancelRelease(id),
    onError: toasts.fail,
    onSettled: settled,
  });
  const again = useMutation({
    mutationFn: () => makeReleaseAgain(id),
    onError: toasts.fail,
    onSettled: settled,
  });
  return (
    <div className="row-actions">
      {state === "asked" && askedBy === me && (
        <button type="button" className="button" onClick={() => setAsking("cancel")}>
          {t`Take it back`}
        </button>
      )}
      {releases && (state === "waiting" || state === "failed") && (
        <button type="button" className="button" disabled={again.isPending} onClick={() => again.mutate()}>
          <Icon name="retry" size={14} /> {t`Make it again`}
        </button>
      )}
      {releases && RECALLABLE.includes(state) && (
        <button type="button" className="button" onClick={() => setAsking("recall")}>
          {t`Call it back…`}
        </button>
      )}
      {asking === "cancel" && (
        <Confirm
          title={t`Take the request back?`}
          action={t`Take it back`}
          onCancel={() => setAsking(undefined)}
          onConfirm={() => {
            setAsking(undefined);
            cancel.mutate();
          }}
        >
          {t`Nobody can decide on it any more. You can ask again.`}
        </Confirm>
      )}
      {asking === "recall" && <Recall id={id} close={() => setAsking(undefined)} settled={settled} />}
    </div>
  );
}

function Recall({ id, close, settled }: { id: string; close: () => void; settled: () => Promise<void> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [reason, setReason] = useState("");
  const recall = useMutation({
    mutationFn: () => recallRelease(id, reason.trim()),
    onSuccess: close,
    onSettled: settled,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    recall.mutate();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="recall-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="recall-title">{t`Call the package back?`}</h2>
        <p className="dim">
          {t`Nobody can fetch it any more. Who fetched it stands in the receipts, and has to delete every copy.`}
        </p>
        {recall.isError && <Refusal error={recall.error} />}
        <label className="field">
          <span className="field-label">{t`Reason`}</span>
          <input
            className="input"
            required
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button
            type="submit"
            className="button button-danger"
            disabled={reason.trim() === "" || recall.isPending}
          >
            {t`Call it back`}
          </button>
        </div>
      </form>
    </dialog>
  );
}
