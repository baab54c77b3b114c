import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import { api, need } from "../../api/client";
import { tokensQuery } from "../../api/other";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

/** Personal access tokens: a program sends one in place of a password. */
export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const queries = useQueryClient();
  const toasts = useToasts();
  const refresh = () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: () => need(api.POST("/api/v1/tokens", { body: { name } })),
    onSuccess: () => setName(""),
    onError: toasts.fail,
    onSettled: refresh,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => need(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
    onError: toasts.fail,
    onSettled: refresh,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <section className="panel" aria-labelledby="tokens-title">
      <div className="access-head">
        <h2 id="tokens-title">{t`Your tokens`}</h2>
        <form className="access-new" onSubmit={submit}>
          <input
            className="input"
            aria-label={t`Name of the new token`}
            placeholder={t`What for, such as “notebook”`}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" className="button" disabled={create.isPending}>
            {t`Make a token`}
          </button>
        </form>
      </div>
      {create.data !== undefined && (
        <div className="notice notice-ok access-secret" role="status">
          <Icon name="key" />
          <span>
            <Trans>
              Copy it now, it is not shown again: <code>{create.data.secret}</code>
            </Trans>
          </span>
        </div>
      )}
      {tokens.isPending ? (
        <Loading what={t`tokens`} />
      ) : tokens.isError ? (
        <Failure error={tokens.error} retry={() => void tokens.refetch()} />
      ) : tokens.data.tokens.length === 0 ? (
        <p className="access-none dim">{t`You have no tokens.`}</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Name`}</th>
              <th scope="col">{t`Made`}</th>
              <th scope="col">{t`Last used`}</th>
              <th scope="col">{t`Ends`}</th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {tokens.data.tokens.map((token) => (
              <tr key={token.id}>
                <td>
                  {token.name}
                  {token.studyInstanceUid && (
                    <div className="faint">
                      <Link
                        to={`/exams/${token.studyInstanceUid}`}
                      >{t`Reads one exam, and nothing else`}</Link>
                    </div>
                  )}
                </td>
                <td className="num dim">{moment(token.createdAt)}</td>
                <td className="num dim">{token.lastUsedAt ? moment(token.lastUsedAt) : t`never`}</td>
                <td className="num dim">{moment(token.expiresAt)}</td>
                <td>
                  <div className="row-actions">
                    <button
                      type="button"
                      className="button button-small"
                      aria-label={t`Revoke ${token.name}`}
                      onClick={() => revoke.mutate(token.id)}
                    >
                      {t`Revoke`}
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
