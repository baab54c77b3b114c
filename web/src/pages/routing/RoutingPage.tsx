import "./routing.css";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { transfersQuery } from "../../api/peers";
import { keepRule, removeRule, routingQuery, versionsQuery, type KeptRule } from "../../api/routing";
import { count, duration, moment } from "../../format/units";
import { ListPage } from "../../parts/ListPage";
import { RemoveButton } from "../../parts/RemoveButton";
import { useToasts } from "../../parts/toasts";
import { Transfers } from "../peers/Transfers";
import { RuleForm } from "./RuleForm";
import { conditionWords } from "./words";

/** Which exams are sent on by themselves, where to, and how that went. */
export default function RoutingPage() {
  const found = useQuery(routingQuery);
  const rules = found.data ?? [];
  const [edited, setEdited] = useState<KeptRule | "new">();
  const [history, setHistory] = useState<KeptRule>();
  return (
    <>
      <ListPage
        title={t`Routing rules`}
        about={t`An exam that arrives, matches a rule and has been quiet for a while is sent to other systems: as it came, or de-identified through a project.`}
        query={found}
        count={rules.length}
        empty={{
          icon: "route",
          title: t`No rules yet`,
          text: t`Make a rule to send what arrives on to a workstation, a trial or another archive. It is tried on what is here before it is switched on.`,
        }}
        heads={[t`Rule`, t`An exam that`, t`Is sent to`, t`State`, ""]}
        actions={
          <button type="button" className="button button-primary" onClick={() => setEdited("new")}>
            {t`Make a rule`}
          </button>
        }
      >
        {rules.map((rule) => (
          <Row key={rule.id} kept={rule} edit={() => setEdited(rule)} show={() => setHistory(rule)} />
        ))}
      </ListPage>
      <div className="page peers-below">
        {history !== undefined && <History kept={history} close={() => setHistory(undefined)} />}
        <Transfers only={(transfer) => transfer.rule !== undefined && transfer.rule !== null} />
      </div>
      {edited !== undefined && (
        <RuleForm kept={edited === "new" ? undefined : edited} close={() => setEdited(undefined)} />
      )}
    </>
  );
}

function Row({ kept, edit, show }: { kept: KeptRule; edit: () => void; show: () => void }) {
  const { rule, version } = kept;
  const conditions = conditionWords(rule);
  return (
    <tr>
      <td>
        <strong>{rule.name}</strong>
        <div>
          <button type="button" className="button button-quiet button-small" onClick={show}>
            {t`Version ${version}`}
          </button>
        </div>
      </td>
      <td>
        <ul className="rule-conditions">
          {conditions.map((condition) => (
            <li key={condition}>{condition}</li>
          ))}
          {conditions.length === 0 && <li>{t`arrives, whatever it is`}</li>}
          <li className="dim">{t`after ${duration(rule.quietSeconds)} without anything new`}</li>
        </ul>
      </td>
      <td>
        {rule.peers.join(", ")}
        {rule.project ? <div className="dim">{t`de-identified, through ${rule.project}`}</div> : null}
      </td>
      <td>
        <State kept={kept} />
      </td>
      <td>
        <div className="row-actions">
          <Switch kept={kept} />
          <button type="button" className="button button-small" onClick={edit}>
            {t`Edit`}
          </button>
          <Remove kept={kept} />
        </div>
      </td>
    </tr>
  );
}

function State({ kept: { id, isOn, waiting } }: { kept: KeptRule }) {
  const transfers = (useQuery(transfersQuery).data ?? []).filter((transfer) => transfer.rule === id);
  const failed = transfers.filter(({ state }) => state === "failed").length;
  return (
    <>
      <span className={isOn ? "badge badge-ok" : "badge"}>{isOn ? t`On` : t`Off`}</span>
      {waiting > 0 && (
        <div className="dim num">
          {plural(waiting, { one: "# exam waits to be quiet", other: "# exams wait to be quiet" })}
        </div>
      )}
      {failed > 0 && (
        <div>
          <span className="badge badge-danger">{t`${count(failed)} failed`}</span>
        </div>
      )}
    </>
  );
}

function useRuleChange(change: () => Promise<unknown>, said: string) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: change,
    onSuccess: () => toasts.say(said),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: routingQuery.queryKey }),
  });
}

function Switch({ kept }: { kept: KeptRule }) {
  const { name } = kept.rule;
  const change = useRuleChange(
    () => keepRule(kept.rule, kept, !kept.isOn),
    kept.isOn
      ? t`${name} is off. Nothing more is begun by it.`
      : t`${name} is on, for what arrives from now.`,
  );
  return (
    <button
      type="button"
      className="button button-small"
      disabled={change.isPending}
      aria-label={kept.isOn ? t`Switch ${name} off` : t`Switch ${name} on`}
      onClick={() => change.mutate()}
    >
      {kept.isOn ? t`Switch off` : t`Switch on`}
    </button>
  );
}

function Remove({ kept }: { kept: KeptRule }) {
  const { name } = kept.rule;
  const remove = useRuleChange(() => removeRule(kept.id), t`${name} was removed.`);
  return (
    <RemoveButton name={name} remove={() => remove.mutate()}>
      <Trans>Nothing more is sent by it. What it has begun goes on, and its versions stay in the log.</Trans>
    </RemoveButton>
  );
}

/** Who made which version of a rule. */
function History({ kept, close }: { kept: KeptRule; close: () => void }) {
  const found = useQuery(versionsQuery(kept.id));
  const { name } = kept.rule;
  return (
    <section className="panel table-scroll" aria-labelledby="versions-title">
      <div className="peers-head">
        <h2 id="versions-title">{t`Versions of ${name}`}</h2>
        <button type="button" className="button button-quiet button-small" onClick={close}>
          {t`Close`}
        </button>
      </div>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`Version`}</th>
            <th scope="col">{t`An exam that`}</th>
            <th scope="col">{t`Is sent to`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Changed`}</th>
          </tr>
        </thead>
        <tbody>
          {(found.data ?? []).map(({ version, rule, isOn, changedAt, changedBy }) => (
            <tr key={version}>
              <td className="num">{version}</td>
              <td>{conditionWords(rule).join(", ") || t`arrives, whatever it is`}</td>
              <td>{rule.peers.join(", ")}</td>
              <td>{isOn ? t`On` : t`Off`}</td>
              <td className="dim num">
                {moment(changedAt)} {changedBy}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
