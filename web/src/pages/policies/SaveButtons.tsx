import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode, type SubmitEvent } from "react";
import { Link, useNavigate } from "react-router";
import {
  approvePolicy,
  createPolicy,
  nextVersion,
  policiesQuery,
  type PolicyVersion,
} from "../../api/policies";
import { Refusal } from "../../parts/Refusal";
import { useToasts } from "../../parts/toasts";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  versions: PolicyVersion[];
  shown: PolicyVersion | undefined;
}

/** Keeps what is written as a version; approves a draft; copies. */
export function SaveButtons({ draft, versions, shown }: Props) {
  const [asking, setAsking] = useState<"save" | "approve">();
  const ready = draft.edit === undefined && draft.fault === undefined && draft.dirty;
  const isFixed = shown?.state === "ready-made";
  const next = (versions[0]?.version ?? 0) + 1;
  const close = () => setAsking(undefined);
  return (
    <div className="policy-actions">
      {shown !== undefined && (
        <Link className="button" to={`/policies/new?from=${shown.id}&version=${shown.version}`}>
          {t`Copy`}
        </Link>
      )}
      {shown?.state === "draft" && (
        <button type="button" className="button" disabled={draft.dirty} onClick={() => setAsking("approve")}>
          {t`Approve version ${shown.version}`}
        </button>
      )}
      {!isFixed && (
        <button
          type="button"
          className="button button-primary"
          disabled={!ready}
          onClick={() => setAsking("save")}
        >
          {t`Keep as version ${next}`}
        </button>
      )}
      {asking === "save" && <Save draft={draft} shown={shown} seen={next - 1} close={close} />}
      {asking === "approve" && shown !== undefined && <Approve version={shown} close={close} />}
    </div>
  );
}

interface DialogProps {
  title: string;
  action: string;
  error: unknown;
  busy: boolean;
  run: () => void;
  close: () => void;
  children: ReactNode;
}

function Ask({ title, action, error, busy, run, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    run();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="keep-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="keep-title">{title}</h2>
        {error !== null && <Refusal error={error} />}
        {children}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={busy}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Save(props: { draft: Draft; shown: PolicyVersion | undefined; seen: number; close: () => void }) {
  const { draft, shown, seen, close } = props;
  const [note, setNote] = useState("");
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const save = useMutation({
    mutationFn: () =>
      shown === undefined ? createPolicy(draft.text, note) : nextVersion(shown.id, seen, draft.text, note),
    onSuccess: async ({ id, version }) => {
      await queries.invalidateQueries({ queryKey: policiesQuery.queryKey });
      toasts.say(t`Version ${version} of ${id} is kept, as a draft.`);
      close();
      void navigate(`/policies/${id}`);
    },
  });
  return (
    <Ask
      title={t`Keep as version ${seen + 1}`}
      action={t`Keep`}
      error={save.error}
      busy={save.isPending}
      run={() => save.mutate()}
      close={close}
    >
      <p className="dim">{t`Versions never change. This one is a draft until it is approved.`}</p>
      <label className="field">
        <span className="field-label">{t`What is new, and why`}</span>
        <textarea
          className="input policy-text"
          rows={3}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </Ask>
  );
}

function Approve({ version: { id, version, author }, close }: { version: PolicyVersion; close: () => void }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const approve = useMutation({
    mutationFn: () => approvePolicy(id, version),
    onSuccess: async ({ approvedAlone }) => {
      await queries.invalidateQueries({ queryKey: policiesQuery.queryKey });
      toasts.say(
        approvedAlone
          ? t`Version ${version} is approved by its author: no other account has the right.`
          : t`Version ${version} is approved.`,
      );
      close();
    },
  });
  return (
    <Ask
      title={t`Approve version ${version}`}
      action={t`Approve`}
      error={approve.error}
      busy={approve.isPending}
      run={() => approve.mutate()}
      close={close}
    >
      <p className="dim">
        <Trans>
          Projects can then be served by it. {author} wrote it; somebody else approves it, if anybody else has
          the right. It stands in the log.
        </Trans>
      </p>
    </Ask>
  );
}
