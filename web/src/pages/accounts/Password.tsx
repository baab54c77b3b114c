import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { api, need } from "../../api/client";
import { sessionQuery } from "../../api/session";
import { useToasts } from "../../parts/toasts";

/** One's own password. Changing it ends every session of the account. */
export function Password() {
  const toasts = useToasts();
  const queries = useQueryClient();
  const [before, setBefore] = useState("");
  const [after, setAfter] = useState("");
  const change = useMutation({
    mutationFn: () =>
      need(
        api.PUT("/api/v1/account/password", {
          body: { newPassword: after, ...(before === "" ? {} : { oldPassword: before }) },
        }),
      ),
    onSuccess: async () => {
      toasts.say(t`Password changed. Sign in with the new one.`);
      // The server ended all sessions of the account, this one too.
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
    onError: toasts.fail,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <section className="panel" aria-labelledby="password-title">
      <form className="access-password" onSubmit={submit}>
        <h2 id="password-title">{t`Your password`}</h2>
        <label className="field">
          <span className="field-label">{t`Now (empty if you have none)`}</span>
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            value={before}
            onChange={(event) => setBefore(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field-label">{t`New, at least 10 characters`}</span>
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
            value={after}
            onChange={(event) => setAfter(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={change.isPending}>
          {t`Change`}
        </button>
      </form>
    </section>
  );
}
