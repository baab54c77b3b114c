import "./sign-in.css";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, useSyncExternalStore, type SubmitEvent } from "react";
import { useLocation } from "react-router";
import { describe, Problem } from "../../api/problem";
import { sessionQuery, signIn, systemQuery } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Logo } from "../../shell/Logo";
import { useTitle } from "../../shell/useTitle";
import { uploads } from "../upload/transport";

/** An upload goes on once its owner is back; what it has brought is safe. */
function WaitingUpload() {
  const { phase, hindrance } = useSyncExternalStore(uploads.subscribe, uploads.current);
  if (phase !== "sending" || hindrance !== "session") return null;
  return (
    <div className="notice notice-warn" role="status">
      <Icon name="upload" />
      <span>
        The session has ended while an upload was under way. Sign in with the same account to go on.
      </span>
    </div>
  );
}

/** The only page for people who aren't signed in. */
export function SignInPage() {
  useTitle("Sign in");
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
        <h1 id="sign-in-title">Sign in</h1>
        {reason(location.search) !== undefined && !attempt.isError && (
          <div className="notice notice-warn" role="status">
            <Icon name="quarantine" />
            <span>{reason(location.search)}</span>
          </div>
        )}
        <WaitingUpload />
        {attempt.isError && <Refusal error={attempt.error} />}
        <label className="field">
          <span className="field-label">Account</span>
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
          <span className="field-label">Password</span>
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
          {attempt.isPending ? "Signing in…" : "Sign in"}
        </button>
        {system.data?.oidc === true && (
          <a className="button" href={`/auth/oidc/start?next=${encodeURIComponent(location.pathname)}`}>
            Sign in with your organisation
          </a>
        )}
        <p className="field-hint">
          First time here? Open the one-time link that <code>isocenter serve</code> printed, or ask an
          administrator for one: <code>isocenter user link NAME</code>.
        </p>
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
      <span>{wrong ? "The account or the password is not right." : `${title}. ${detail ?? ""}`}</span>
    </div>
  );
}

/** Why the server sent the person here. */
function reason(search: string): string | undefined {
  const why = new URLSearchParams(search).get("signIn");
  if (why === "link-used") return "This one-time link was used before or is too old. Ask for a new one.";
  if (why?.startsWith("oidc") === true) return "Your organisation's sign-in was not completed.";
  return undefined;
}
