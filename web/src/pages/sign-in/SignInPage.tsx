import "./sign-in.css";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore, type SubmitEvent } from "react";
import { useLocation } from "react-router";
import { describe, Problem } from "../../api/problem";
import { sessionQuery, signIn, systemQuery } from "../../api/session";
import { LanguageChoice } from "../../language/LanguageChoice";
import { Icon } from "../../parts/Icon";
import { Logo } from "../../shell/Logo";
import { useTitle } from "../../shell/useTitle";
import { uploads } from "../upload/transport";
import { backTo } from "./back";

/** An upload goes on once its owner is back; what it has brought is safe. */
function WaitingUpload() {
  const { phase, hindrance } = useSyncExternalStore(uploads.subscribe, uploads.current);
  if (phase !== "sending" || hindrance !== "session") return null;
  return (
    <div className="notice notice-warn" role="status">
      <Icon name="upload" />
      <span>
        <Trans>
          The session has ended while an upload was under way. Sign in with the same account to go on.
        </Trans>
      </span>
    </div>
  );
}

/** The only page for people who aren't signed in. */
export function SignInPage() {
  useTitle(t`Sign in`);
  const queries = useQueryClient();
  const system = useQuery(systemQuery);
  const location = useLocation();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const attempt = useMutation({
    mutationFn: () => signIn(name, password),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    attempt.mutate();
  };
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit} aria-labelledby="sign-in-title">
        <Logo />
        <h1 id="sign-in-title">{t`Sign in`}</h1>
        {reason(location.search) !== undefined && !attempt.isError && (
          <div className="notice notice-warn" role="status">
            <Icon name="quarantine" />
            <span>{reason(location.search)}</span>
          </div>
        )}
        <WaitingUpload />
        {attempt.isError && <Refusal error={attempt.error} />}
        <label className="field">
          <span className="field-label">{t`Account`}</span>
          <input
            className="input"
            name="name"
            autoComplete="username"
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field-label">{t`Password`}</span>
          <input
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <button type="submit" className="button button-primary" disabled={attempt.isPending}>
          {attempt.isPending ? t`Signing in…` : t`Sign in`}
        </button>
        {system.data?.oidc === true && (
          <a
            className="button"
            href={`/auth/oidc/start?next=${encodeURIComponent(backTo(location.search) ?? `${location.pathname}${location.search}`)}`}
          >
            {t`Sign in with your organisation`}
          </a>
        )}
        <p className="field-hint">
          <Trans>
            First time here? Open the one-time link that <code>isocenter serve</code> printed, or ask an
            administrator for one: <code>isocenter user link NAME</code>.
          </Trans>
        </p>
        <LanguageChoice />
      </form>
    </main>
  );
}

function Refusal({ error }: { error: Error }) {
  const wrong = error instanceof Problem && error.status === 401;
  const { title, detail } = describe(error);
  return (
    <div className="notice notice-danger" role="alert">
      <Icon name="quarantine" />
      <span>{wrong ? t`The account or the password is not right.` : `${title}. ${detail ?? ""}`}</span>
    </div>
  );
}

/** Why the server sent the person here. */
function reason(search: string): string | undefined {
  const why = new URLSearchParams(search).get("signIn");
  if (why === "link-used") return t`This one-time link was used before or is too old. Ask for a new one.`;
  if (why?.startsWith("oidc") === true) return t`Your organisation's sign-in was not completed.`;
  return undefined;
}
