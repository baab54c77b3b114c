import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api, need } from "../../api/client";
import { accountsQuery } from "../../api/other";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

const ROLES = [
  { id: "admin", label: () => t`Administrator` },
  { id: "broker", label: () => t`Honest broker` },
  { id: "researcher", label: () => t`Researcher` },
  { id: "auditor", label: () => t`Auditor` },
];

const roleWord = (id: string): string => ROLES.find((role) => role.id === id)?.label() ?? id;

/** Every account, and a line to add one. Shown to administrators. */
export function Accounts() {
  const accounts = useQuery(accountsQuery);
  const act = useAccountActions();
  return (
    <section className="panel" aria-labelledby="accounts-title">
      <div className="access-head">
        <h2 id="accounts-title">{t`Accounts`}</h2>
        <NewAccount add={act.add.mutate} busy={act.add.isPending} />
      </div>
      {act.link !== undefined && (
        <Link name={act.link.name} url={act.link.url} expiresAt={act.link.expiresAt} />
      )}
      {accounts.isPending ? (
        <Loading what={t`accounts`} />
      ) : accounts.isError ? (
        <Failure error={accounts.error} retry={() => void accounts.refetch()} />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Name`}</th>
              <th scope="col">{t`Roles`}</th>
              <th scope="col">{t`Since`}</th>
              <th scope="col">{t`Last signed in`}</th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {accounts.data.accounts.map((account) => (
              <tr key={account.name}>
                <td>
                  {account.name} {account.disabled && <span className="badge badge-warn">{t`Closed`}</span>}
                </td>
                <td className="dim">{account.roles.map(roleWord).join(", ")}</td>
                <td className="num dim">{moment(account.createdAt)}</td>
                <td className="num dim">{account.signedInAt ? moment(account.signedInAt) : t`never`}</td>
                <td>
                  <div className="row-actions">
                    <button
                      type="button"
                      className="button button-small"
                      disabled={account.disabled || act.makeLink.isPending}
                      onClick={() => act.makeLink.mutate(account.name)}
                    >
                      {t`Sign-in link`}
                    </button>
                    <button
                      type="button"
                      className="button button-small"
                      disabled={act.change.isPending}
                      onClick={() => act.change.mutate({ name: account.name, disabled: !account.disabled })}
                    >
                      {account.disabled ? t`Open again` : t`Close`}
                    </button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function useAccountActions() {
  const queries = useQueryClient();
  const toasts = useToasts();
  const onSettled = () => queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
  const makeLink = useMutation({
    mutationFn: async (name: string) => {
      const path = { name };
      return { name, ...(await need(api.POST("/api/v1/accounts/{name}/link", { params: { path } }))) };
    },
    onError: toasts.fail,
  });
  const add = useMutation({
    mutationFn: (account: { name: string; roles: string[] }) =>
      need(api.POST("/api/v1/accounts", { body: account })),
    onSuccess: (_, { name }) => makeLink.mutate(name),
    onError: toasts.fail,
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ name, disabled }: { name: string; disabled: boolean }) =>
      need(api.PATCH("/api/v1/accounts/{name}", { params: { path: { name } }, body: { disabled } })),
    onError: toasts.fail,
    onSettled,
  });
  return { add, change, makeLink, link: makeLink.data };
}

/** New people sign in by a link first and choose a password of their own, so nobody else ever knows it. */
function Link({ name, url, expiresAt }: { name: string; url: string; expiresAt: string }) {
  return (
    <div className="notice notice-ok access-secret" role="status">
      <Icon name="key" />
      <span>
        <Trans>
          Send this link to {name}. It signs in once, until {moment(expiresAt)}, and is not shown again:{" "}
          <code>{url}</code>
        </Trans>
      </span>
    </div>
  );
}

interface NewAccountProps {
  add: (account: { name: string; roles: string[] }) => void;
  busy: boolean;
}

function NewAccount({ add, busy }: NewAccountProps) {
  const [name, setName] = useState("");
  const [role, setRole] = useState("broker");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add({ name, roles: [role] });
    setName("");
  };
  return (
    <form className="access-new" onSubmit={submit}>
      <input
        className="input"
        aria-label={t`Name of the new account`}
        placeholder={t`Name, such as “j.doe”`}
        autoComplete="off"
        pattern="[a-z0-9._@\-]{1,64}"
        title={t`Small letters, digits and . _ - @`}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <select
        className="input"
        aria-label={t`Role of the new account`}
        value={role}
        onChange={(event) => setRole(event.target.value)}
      >
        {ROLES.map(({ id, label }) => (
          <option key={id} value={id}>
            {label()}
          </option>
        ))}
      </select>
      <button type="submit" className="button" disabled={busy}>
        {t`Add`}
      </button>
    </form>
  );
}
