import "./releases.css";
import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link, useParams } from "react-router";
import { Problem } from "../../api/problem";
import { stepDone, withdrawalQuery, type Step, type Withdrawal } from "../../api/releases";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { Letters } from "./Letters";
import { placeOfStep } from "./words";

/** One withdrawal: what was done by itself, and what people still have to do. */
export default function WithdrawalPage() {
  useTitle(t`Withdrawal`);
  const { id = "" } = useParams();
  const found = useQuery(withdrawalQuery(id));
  if (found.isPending) return <Loading what={t`the withdrawal`} />;
  if (found.isError) {
    if (found.error instanceof Problem && found.error.status < 500) return <NoWithdrawal />;
    return <Failure error={found.error} retry={() => void found.refetch()} />;
  }
  return <Steps withdrawal={found.data} />;
}

function NoWithdrawal() {
  return (
    <Empty
      page
      icon="leave"
      title={t`This withdrawal is not here`}
      actions={
        <Link to="/withdrawals" className="button button-primary">
          {t`All withdrawals`}
        </Link>
      }
    >
      {t`The address may be mistyped.`}
    </Empty>
  );
}

function Steps({ withdrawal: { id, by, at, reason, steps, letters } }: { withdrawal: Withdrawal }) {
  const waiting = steps.filter(({ state }) => state === "waits");
  const done = steps.filter(({ state }) => state === "done");
  return (
    <div className="page release-page">
      <div className="page-head">
        <div>
          <h1>{t`Withdrawal`}</h1>
          <p>
            {by}, {moment(at)}: {reason}
          </p>
        </div>
      </div>
      <section className="panel release-part" aria-labelledby="waits-title">
        <h2 id="waits-title">{t`Still to be done`}</h2>
        {waiting.length === 0 ? (
          <p>
            <Icon name="ok" /> {t`Everything is done.`}
          </p>
        ) : (
          <ul className="release-plain" aria-labelledby="waits-title">
            {waiting.map((step) => (
              <Waiting key={step.n} id={id} step={step} />
            ))}
          </ul>
        )}
      </section>
      <Letters letters={letters} />
      <section className="panel release-part" aria-labelledby="done-title">
        <h2 id="done-title">{t`Done`}</h2>
        <ul className="release-plain" aria-labelledby="done-title">
          {done.map((step) => (
            <li key={step.n}>
              <What step={step} />
              {step.doneAt && (
                <div className="dim num">
                  {[step.doneBy, moment(step.doneAt)].filter((part) => part).join(", ")}
                </div>
              )}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function What({ step }: { step: Step }) {
  return (
    <>
      <span className={step.state === "done" ? "badge badge-ok" : "badge badge-warn"}>
        {placeOfStep(step)}
      </span>{" "}
      <strong>{step.name}</strong>
      <div>{step.says}</div>
    </>
  );
}

function Waiting({ id, step }: { id: string; step: Step }) {
  const [note, setNote] = useState("");
  const queries = useQueryClient();
  const finish = useMutation({
    mutationFn: () => stepDone(id, step.n, note.trim()),
    onSettled: () => queries.invalidateQueries({ queryKey: ["withdrawals"] }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    finish.mutate();
  };
  return (
    <li>
      <What step={step} />
      <form className="release-look" onSubmit={submit}>
        <label className="field">
          <span className="field-label">{t`What was done`}</span>
          <input className="input" required value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <button type="submit" className="button" disabled={note.trim() === "" || finish.isPending}>
          <Icon name="ok" size={14} /> {t`Done`}
        </button>
        {finish.isError && <Refusal error={finish.error} />}
      </form>
    </li>
  );
}
