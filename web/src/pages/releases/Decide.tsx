import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decideRelease, releasesKey, type ReleaseDetail } from "../../api/releases";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { useToasts } from "../../parts/toasts";

/** The decision, for those who may; nobody decides on what they asked for, and nobody twice. */
export function Decide({ detail, me }: { detail: ReleaseDetail; me: string }) {
  const { state, askedBy, mayDecide, decisions } = detail;
  if (state !== "asked") return null;
  if (askedBy === me) return <p className="dim">{t`Somebody else decides on what you ask for.`}</p>;
  if (decisions.some(({ by }) => by === me))
    return <p className="dim">{t`You have decided. Another person must, too.`}</p>;
  return mayDecide ? <Box detail={detail} /> : null;
}

function Box({ detail: { id, checks } }: { detail: ReleaseDetail }) {
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const toasts = useToasts();
  const decide = useMutation({
    mutationFn: (approve: boolean) => decideRelease(id, approve, reason.trim()),
    onSuccess: (_, approve) => toasts.say(approve ? t`Approved.` : t`Refused.`),
    onSettled: () => queries.invalidateQueries({ queryKey: releasesKey }),
  });
  const stopped = checks.some(({ severity }) => severity === "stop");
  const empty = reason.trim() === "";
  return (
    <section className="panel release-part" aria-labelledby="decide-title">
      <h2 id="decide-title">{t`Your decision`}</h2>
      {decide.isError && <Refusal error={decide.error} />}
      <label className="field">
        <span className="field-label">{t`Reason`}</span>
        <textarea
          className="input release-text"
          rows={2}
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="field-hint">{t`It is kept with the request, and whoever asked reads it.`}</span>
      </label>
      {stopped && <p className="dim">{t`A check stops it: it cannot be approved as it is.`}</p>}
      <div className="row-actions release-actions">
        <button
          type="button"
          className="button button-primary"
          disabled={empty || stopped || decide.isPending}
          onClick={() => decide.mutate(true)}
        >
          <Icon name="ok" size={14} /> {t`Approve`}
        </button>
        <button
          type="button"
          className="button"
          disabled={empty || decide.isPending}
          onClick={() => decide.mutate(false)}
        >
          <Icon name="close" size={14} /> {t`Refuse`}
        </button>
      </div>
    </section>
  );
}
