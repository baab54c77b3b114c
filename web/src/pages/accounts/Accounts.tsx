import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api, need } from "../../api/client";
import { accountsQuery } from "../../api/other";
import { moment } from "../../format/units";
import { Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

const ROLES = [
  { id: "admin", label: "Administrator" },
  { id: "broker", label: "Honest broker" },
  { id: "researcher", label: "Researcher" },
  { id: "auditor", label: "Auditor" },
];

/** Every account, and a line to add one. Shown to administrators. */
export function Accounts() {
  const accounts = useQuery(accountsQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const change = useMutation({
    mutationFn: ({ name, disabled }: { name: string; disabled: boolean }) =>
      need(api.PATCH("/api/v1/accounts/{name}", { params: { path: { name } }, body: { disabled } })),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: accountsQuery.queryKey }),
  });
  return (
    <section className="panel" aria-labelledby="accounts-title">
      <div className="access-head">
        <h2 id="accounts-title">Accounts</h2>
        <NewAccount />
      </div>
      {accounts.isPending ? (
        <Loading what="accounts" />
      ) : accounts.isError ? (
        <Failure error={accounts.error} retry={() => void accounts.refetch()} />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Roles</th>
              <th scope="col">Since</th>
              <th scope="col">
                <span className="hidden-visually">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {accounts.data.accounts.map((account) => (
              <tr key={account.name}>
                <td>
                  {account.name} {account.disabled && <span className="badge badge-warn">Closed</span>}
                </td>
                <td className="dim">{account.roles.join(", ")}</td>
                <td className="num dim">{moment(account.createdAt)}</td>
                <td>
                  <div className="row-actions">
                    <button
                      type="button"
                      className="button button-small"
                      disabled={change.isPending}
                      onClick={() => change.mutate({ name: account.name, disabled: !account.disabled })}
                    >
                      {account.disabled ? "Open again" : "Close"}
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

function NewAccount() {
  const queries = useQueryClient();
  const toasts = useToasts();
  const [name, setName] = useState("");
  const [role, setRole] = useState("broker");
  const [password, setPassword] = useState("");
  const create = useMutation({
    mutationFn: () => need(api.POST("/api/v1/accounts", { body: { name, roles: [role], password } })),
    onSuccess: () => {
      toasts.say(`Account ${name} made.`);
      setName("");
      setPassword("");
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: accountsQuery.queryKey }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form className="access-new" onSubmit={submit}>
      <input
        className="input"
        aria-label="Name of the new account"
        placeholder="Name"
        autoComplete="off"
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <select
        className="input"
        aria-label="Role of the new account"
        value={role}
        onChange={(event) => setRole(event.target.value)}
      >
        {ROLES.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <input
        className="input"
        type="password"
        aria-label="Password of the new account"
        placeholder="Password"
        autoComplete="new-password"
        minLength={12}
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button type="submit" className="button" disabled={create.isPending}>
        Add
      </button>
    </form>
  );
}
