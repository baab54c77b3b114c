import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { Link, useNavigate } from "react-router";
import { withdraw, withdrawalUrl } from "../../api/releases";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Refusal } from "../../parts/Refusal";

/** On the patient's page: where their data went, and taking them out of everything. */
export function Withdraw({ study }: { study: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <May action="release">
      <Link to="/register" state={{ study }} className="button">
        <Icon name="report" /> {t`Uses`}
      </Link>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <Icon name="leave" /> {t`Withdraw…`}
      </button>
      {asking && <Ask study={study} close={() => setAsking(false)} />}
    </May>
  );
}

function Ask({ study, close }: { study: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [reason, setReason] = useState("");
  const go = useNavigate();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: () => withdraw(study, reason.trim()),
    onSuccess: async (id) => {
      await queries.invalidateQueries();
      await go(withdrawalUrl(id));
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="withdraw-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="withdraw-title">{t`This person withdraws?`}</h2>
        <p className="dim">
          {t`They leave every project, the facts and whatever is given from now on. For what was given already, the next page lists every copy and who has to be told. The originals stay.`}
        </p>
        {act.isError && <Refusal error={act.error} />}
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
            disabled={reason.trim() === "" || act.isPending}
          >
            {t`Withdraw`}
          </button>
        </div>
      </form>
    </dialog>
  );
}
