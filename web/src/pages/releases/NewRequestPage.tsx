import "./releases.css";
import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { cohortQuery } from "../../api/cohorts";
import { projectsQuery } from "../../api/projects";
import {
  askRelease,
  FORMS,
  releasesKey,
  requestUrl,
  sendVote,
  type Form,
  type Recipient,
} from "../../api/releases";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { Empty } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";
import { useTitle } from "../../shell/useTitle";
import { dayOf, newRequest, NOBODY, toRelease, wrong, type Draft } from "./request";
import { formWords, toldWords } from "./words";

/** Asks for the data of a frozen cohort. */
export default function NewRequestPage() {
  useTitle(t`Request data`);
  const [search] = useSearchParams();
  const [frozen, cohort] = [search.get("frozen") ?? "", search.get("cohort") ?? ""];
  if (frozen === "") return <NoCohort />;
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Request data`}</h1>
          <p>{t`Somebody else decides on it. What is given is pinned: cohort, facts and policy as they are now.`}</p>
        </div>
      </div>
      <Of frozen={frozen} cohort={cohort} />
      <RequestForm frozen={frozen} />
    </div>
  );
}

function NoCohort() {
  return (
    <Empty
      page
      icon="cohort"
      title={t`Begin from a frozen cohort`}
      actions={
        <Link to="/cohorts" className="button button-primary">
          {t`Go to the cohorts`}
        </Link>
      }
    >
      {t`Freeze a cohort; beside what is frozen stands “Request data”.`}
    </Empty>
  );
}

/** What is asked for. */
function Of({ frozen, cohort }: { frozen: string; cohort: string }) {
  const found = useQuery({ ...cohortQuery(cohort), enabled: cohort !== "" });
  const one = found.data?.frozen.find(({ id }) => id === frozen);
  return (
    <p className="notice">
      <Icon name="snow" />
      <span>
        {found.data !== undefined && <strong>{found.data.cohort.name} </strong>}
        <span className="mono">{frozen}</span>
        {one !== undefined && (
          <span className="num">
            {" "}
            · {t`Patients: ${toldWords(one.patients)}, exams: ${toldWords(one.exams)}`}
          </span>
        )}
      </span>
    </p>
  );
}

function RequestForm({ frozen }: { frozen: string }) {
  const [draft, setDraft] = useState<Draft>(() => newRequest(new Date()));
  const [vote, setVote] = useState<File>();
  const [tried, setTried] = useState(false);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { ask, submit } = useAsking(frozen, draft, vote);
  const today = dayOf(new Date());
  const troubles = wrong(draft, today);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (troubles.length === 0) submit();
  };
  return (
    <form className="panel release-form" onSubmit={send} noValidate aria-label={t`Request data`}>
      {ask.isError && <Refusal error={ask.error} />}
      <ProjectChoice value={draft.project} set={(project) => change({ project })} />
      <TextField label={t`Title`} value="" set={(title) => change({ title })} maxLength={200} required />
      <label className="field">
        <span className="field-label">{t`What the data is for`}</span>
        <textarea
          className="input release-text"
          rows={4}
          required
          value={draft.purpose}
          onChange={(event) => change({ purpose: event.target.value })}
        />
      </label>
      <People list={draft.recipients} set={(recipients) => change({ recipients })} />
      <div className="release-pair">
        <TextField
          label={t`Vote of the ethics committee`}
          value=""
          set={(ethics) => change({ ethics })}
          hint={t`the number it is known by`}
        />
        <label className="field">
          <span className="field-label">{t`The vote as a document`}</span>
          <input
            className="input release-file"
            type="file"
            accept="application/pdf,text/plain,.pdf,.txt"
            onChange={(event) => setVote(event.target.files?.[0])}
          />
        </label>
      </div>
      <FormChoice chosen={draft.forms} set={(forms) => change({ forms })} />
      <TextField
        label={t`Last day on which it can be fetched`}
        type="date"
        min={today}
        value={draft.expires}
        set={(expires) => change({ expires })}
        required
      />
      <Terms project={draft.project} accepted={draft.terms} set={(terms) => change({ terms })} />
      {tried && troubles.length > 0 && (
        <ul className="notice notice-danger release-troubles" role="alert">
          {troubles.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <div>
        <button type="submit" className="button button-primary" disabled={ask.isPending}>
          {t`Send the request`}
        </button>
      </div>
    </form>
  );
}

/** Sends it, then the vote; a request whose vote was not taken stands, and says so. */
function useAsking(frozen: string, draft: Draft, vote: File | undefined) {
  const go = useNavigate();
  const queries = useQueryClient();
  const toasts = useToasts();
  const ask = useMutation({
    mutationFn: async () => {
      const id = await askRelease(toRelease(draft, frozen));
      if (vote !== undefined) await sendVote(id, vote).catch(toasts.fail);
      return id;
    },
    onSuccess: async (id) => {
      await queries.invalidateQueries({ queryKey: releasesKey });
      toasts.say(t`Asked. Somebody else decides.`);
      await go(requestUrl(id));
    },
  });
  return { ask, submit: () => ask.mutate() };
}

function ProjectChoice({ value, set }: { value: string; set: (id: string) => void }) {
  const projects = useQuery(projectsQuery);
  const open = projects.data?.filter(({ isOpen }) => isOpen) ?? [];
  return (
    <label className="field">
      <span className="field-label">{t`Project`}</span>
      <select className="input" required value={value} onChange={(event) => set(event.target.value)}>
        <option value="">{t`Choose one`}</option>
        {open.map(({ id, title }) => (
          <option key={id} value={id}>
            {title || id}
          </option>
        ))}
      </select>
      {projects.data !== undefined && open.length === 0 && (
        <span className="field-hint">{t`You are in no project that is open. Whoever leads one can add you.`}</span>
      )}
    </label>
  );
}

function People({ list, set }: { list: Recipient[]; set: (list: Recipient[]) => void }) {
  const change = (at: number, part: Partial<Recipient>) =>
    set(list.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <fieldset className="release-people">
      <legend>{t`Who receives it`}</legend>
      {list.map((one, at) => (
        <div key={at} className="release-person" role="group" aria-label={t`Person ${at + 1}`}>
          <Plain label={t`Name`} value={one.name} set={(name) => change(at, { name })} />
          <Plain
            label={t`E-mail, or the account here`}
            value={one.email}
            set={(email) => change(at, { email })}
          />
          <Plain
            label={t`Institution`}
            value={one.institution}
            set={(institution) => change(at, { institution })}
          />
          {list.length > 1 && (
            <button
              type="button"
              className="button button-square button-quiet"
              aria-label={t`Remove person ${at + 1}`}
              onClick={() => set(list.filter((_, index) => index !== at))}
            >
              <Icon name="close" size={14} />
            </button>
          )}
        </div>
      ))}
      <button type="button" className="button button-small" onClick={() => set([...list, { ...NOBODY }])}>
        <Icon name="plus" size={13} /> {t`One more`}
      </button>
    </fieldset>
  );
}

/** A field whose row may go away: what stands in it is what is said. */
function Plain({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="input"
        autoComplete="off"
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

function FormChoice({ chosen, set }: { chosen: Form[]; set: (forms: Form[]) => void }) {
  return (
    <fieldset className="release-people">
      <legend>{t`As what`}</legend>
      {FORMS.map((form) => (
        <label key={form} className="release-check">
          <input
            type="checkbox"
            checked={chosen.includes(form)}
            onChange={(event) =>
              set(event.target.checked ? [...chosen, form] : chosen.filter((other) => other !== form))
            }
          />
          {formWords(form)}
        </label>
      ))}
    </fieldset>
  );
}

function Terms(props: { project: string; accepted: boolean; set: (accepted: boolean) => void }) {
  const projects = useQuery(projectsQuery);
  const text = projects.data?.find(({ id }) => id === props.project)?.terms ?? "";
  return (
    <fieldset className="release-people">
      <legend>{t`Terms of use`}</legend>
      {text !== "" && <p className="release-terms">{text}</p>}
      <label className="release-check">
        <input
          type="checkbox"
          checked={props.accepted}
          onChange={(event) => props.set(event.target.checked)}
        />
        {t`I accept the project's terms of use, for everybody named here. Nobody tries to find out who the patients are.`}
      </label>
    </fieldset>
  );
}
