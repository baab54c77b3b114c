import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useNavigate } from "react-router";
import {
  changeCohort,
  cohortsQuery,
  cohortUrl,
  makeCohort,
  type Definition,
  type Detail,
  type ToKeep,
} from "../../api/cohorts";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";

interface Props {
  detail: Detail | undefined;
  definition: Definition;
  dirty: boolean;
  saved: () => void;
}

type Asking = "new" | "copy" | "about";

/** Keeps what is written: as a new cohort, as another version, or as a copy of one's own. */
export function SaveBar({ detail, definition, dirty, saved }: Props) {
  const [asking, setAsking] = useState<Asking>();
  const queries = useQueryClient();
  const toasts = useToasts();
  const next = (detail?.cohort.version ?? 0) + 1;
  const save = useMutation({
    mutationFn: async ({ cohort: { id, name, about, shared } }: Detail) =>
      changeCohort(id, { name, about, shared, definition }),
    onSuccess: async () => {
      saved();
      await queries.invalidateQueries({ queryKey: cohortsQuery.queryKey });
      toasts.say(t`Version ${next} is saved.`);
    },
    onError: toasts.fail,
  });
  const close = () => setAsking(undefined);
  return (
    <div className="cohort-actions">
      {detail !== undefined && (
        <button type="button" className="button" onClick={() => setAsking("copy")}>
          <Icon name="copy" size={14} /> {t`Make a copy…`}
        </button>
      )}
      {detail?.own === true && (
        <button type="button" className="button" onClick={() => setAsking("about")}>
          {t`Name and sharing…`}
        </button>
      )}
      {detail === undefined && (
        <button type="button" className="button button-primary" onClick={() => setAsking("new")}>
          {t`Save…`}
        </button>
      )}
      {detail?.own === true && (
        <button
          type="button"
          className="button button-primary"
          disabled={!dirty || save.isPending}
          onClick={() => save.mutate(detail)}
        >
          {dirty ? t`Save as version ${next}` : t`Saved`}
        </button>
      )}
      {asking !== undefined && (
        <AboutDialog asking={asking} detail={detail} definition={definition} close={close} saved={saved} />
      )}
    </div>
  );
}

interface DialogProps {
  asking: Asking;
  detail: Detail | undefined;
  definition: Definition;
  close: () => void;
  saved: () => void;
}

function AboutDialog({ asking, detail, definition, close, saved }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [body, setBody] = useState<ToKeep>(() => startOf(asking, detail, definition));
  const change = (part: Partial<ToKeep>) => setBody((now) => ({ ...now, ...part }));
  const keep = useKeep(asking, detail, close, saved);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    keep.mutate(body);
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="keep-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="keep-title">{titleOf(asking)}</h2>
        {keep.error !== null && <Refusal error={keep.error} />}
        <TextField
          label={t`Name`}
          required
          maxLength={200}
          value={body.name}
          set={(name) => change({ name })}
        />
        <label className="field">
          <span className="field-label">{t`What it is for`}</span>
          <textarea
            className="input cohort-text"
            rows={3}
            maxLength={4000}
            value={body.about}
            onChange={(event) => change({ about: event.target.value })}
          />
          <span className="field-hint">{t`No names of patients: others may see it.`}</span>
        </label>
        <label className="cohort-check">
          <input
            type="checkbox"
            checked={body.shared}
            onChange={(event) => change({ shared: event.target.checked })}
          />
          {t`Others who may count see it, and can copy it`}
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={keep.isPending}>
            {t`Save`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function titleOf(asking: Asking): string {
  if (asking === "new") return t`Save the cohort`;
  return asking === "copy" ? t`A copy of your own` : t`Name and sharing`;
}

function startOf(asking: Asking, detail: Detail | undefined, definition: Definition): ToKeep {
  const { cohort } = detail ?? {};
  if (cohort === undefined) return { name: "", about: "", shared: false, definition };
  const { id, name, about, shared } = cohort;
  if (asking === "copy")
    return { name: t`Copy of ${name}`, about, shared: false, definition, forkedFrom: id };
  // Another name is no other question: the version stays what it is.
  return { name, about, shared, definition: detail?.versions[0]?.definition ?? definition };
}

function useKeep(asking: Asking, detail: Detail | undefined, close: () => void, saved: () => void) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async (body: ToKeep) => {
      if (asking !== "about" || detail === undefined) return makeCohort(body);
      await changeCohort(detail.cohort.id, body);
      return detail.cohort.id;
    },
    onSuccess: async (id, { name }) => {
      if (asking !== "about") saved();
      await queries.invalidateQueries({ queryKey: cohortsQuery.queryKey });
      toasts.say(t`${name} is saved.`);
      close();
      if (asking !== "about") void navigate(cohortUrl(id), { replace: asking === "new" });
    },
  });
}
