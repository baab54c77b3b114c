import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { policiesQuery } from "../../api/policies";
import { changeProject, createProject, projectsQuery, type Project, type Terms } from "../../api/projects";
import { Refusal } from "../../parts/Refusal";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";

const NEW: Terms = {
  title: "",
  protocolNumber: "",
  description: "",
  starts: "",
  ends: "",
  terms: "",
  uses: [],
  needsConsent: false,
  policy: "public-sharing",
  policyVersion: 0,
  aeTitle: null,
  closed: false,
  needsEvidence: false,
  approvals: 1,
  smallestGroup: 5,
};

interface Props {
  project: Project | undefined;
  close: () => void;
  kept: (project: Project) => void;
}

/** What a project is for, by which policy, and who may come how long. */
export function TermsForm({ project, close, kept }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [id, setId] = useState("");
  const [terms, setTerms] = useState<Terms>(project === undefined ? NEW : termsOf(project));
  const change = (part: Partial<Terms>) => setTerms((before) => ({ ...before, ...part }));
  const queries = useQueryClient();
  const toasts = useToasts();
  const save = useMutation({
    mutationFn: () =>
      project === undefined
        ? createProject(id.trim(), terms)
        : changeProject(project.id, project.version, terms),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: projectsQuery.queryKey });
      toasts.say(t`${saved.title} is kept.`);
      close();
      kept(saved);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <dialog ref={dialog} className="dialog project-dialog" aria-labelledby="terms-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="terms-title">{project === undefined ? t`Make a project` : t`Change ${project.title}`}</h2>
        {save.isError && <Refusal error={save.error} />}
        <div className="project-pair">
          {project === undefined && (
            <TextField
              label={t`Id`}
              value={id}
              set={setId}
              required
              pattern="[a-z][a-z0-9\-]+"
              maxLength={32}
              hint={t`small letters, digits and -; it stands in addresses and stays`}
            />
          )}
          <TextField label={t`Title`} value={terms.title} set={(title) => change({ title })} required />
          <TextField
            label={t`Number of the trial protocol`}
            value={terms.protocolNumber ?? ""}
            set={(protocolNumber) => change({ protocolNumber })}
          />
          <PolicyChoice terms={terms} change={change} />
          <TextField
            label={t`First day`}
            type="date"
            value={terms.starts ?? ""}
            set={(starts) => change({ starts })}
          />
          <TextField
            label={t`Last day`}
            type="date"
            value={terms.ends ?? ""}
            set={(ends) => change({ ends })}
          />
          <TextField
            label={t`Uses that subjects agree to`}
            value={(terms.uses ?? []).join(" ")}
            set={(text) => change({ uses: text.split(/[\s,]+/).filter((use) => use !== "") })}
            hint={t`one word each, such as research sharing`}
          />
          <TextField
            label={t`AE title`}
            value={terms.aeTitle ?? ""}
            maxLength={16}
            set={(text) => change({ aeTitle: text.trim() === "" ? null : text.trim() })}
            hint={t`by which DICOM peers call the project; may be left empty`}
          />
          <TextField
            label={t`Smallest group`}
            type="number"
            min={1}
            max={1000}
            required
            value={String(terms.smallestGroup ?? NEW.smallestGroup)}
            set={(text) => change({ smallestGroup: Number(text) })}
            hint={t`so many subjects of a package must look alike in age, sex and year`}
          />
        </div>
        <label className="field">
          <span className="field-label">{t`Terms of use`}</span>
          <textarea
            className="input project-text"
            rows={4}
            value={terms.terms ?? ""}
            onChange={(event) => change({ terms: event.target.value })}
          />
        </label>
        <label className="project-check">
          <input
            type="checkbox"
            checked={terms.needsConsent ?? false}
            onChange={(event) => change({ needsConsent: event.target.checked })}
          />
          {t`Subjects must have agreed; else it is enough that they have not refused`}
        </label>
        <label className="project-check">
          <input
            type="checkbox"
            checked={terms.needsEvidence ?? false}
            onChange={(event) => change({ needsEvidence: event.target.checked })}
          />
          {t`Shows nothing before evidence of its de-identification has passed`}
        </label>
        <label className="project-check">
          <input
            type="checkbox"
            checked={terms.approvals === 2}
            onChange={(event) => change({ approvals: event.target.checked ? 2 : 1 })}
          />
          {t`Two people must approve each package, neither of them the one who asked`}
        </label>
        {project !== undefined && (
          <label className="project-check">
            <input
              type="checkbox"
              checked={terms.closed ?? false}
              onChange={(event) => change({ closed: event.target.checked })}
            />
            {t`Closed: shows nothing to anybody`}
          </label>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={save.isPending}>
            {t`Keep`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Of a project, what can be changed. */
function termsOf(project: Project): Terms {
  const keys = Object.keys(NEW) as (keyof Terms)[];
  return Object.fromEntries(keys.map((key) => [key, project[key]])) as unknown as Terms;
}

/** Approved versions and the ready-made policies. */
function PolicyChoice({ terms, change }: { terms: Terms; change: (part: Partial<Terms>) => void }) {
  const policies = useQuery(policiesQuery).data ?? [];
  const usable = policies.flatMap(({ id, title, versions }) =>
    versions.filter(({ state }) => state !== "draft").map(({ version }) => ({ id, title, version })),
  );
  const newest = usable.find(({ id }) => id === terms.policy);
  const version = terms.policyVersion === 0 ? newest?.version : terms.policyVersion;
  return (
    <label className="field">
      <span className="field-label">{t`Policy`}</span>
      <select
        className="input"
        value={`${terms.policy}/${version ?? ""}`}
        onChange={(event) => {
          const [policy = "", chosen = "0"] = event.target.value.split("/");
          change({ policy, policyVersion: Number(chosen) });
        }}
      >
        {usable.map((one) => (
          <option key={`${one.id}/${one.version}`} value={`${one.id}/${one.version}`}>
            {t`${one.title}, version ${one.version}`}
          </option>
        ))}
      </select>
      <span className="field-hint">{t`another one has everything made anew`}</span>
    </label>
  );
}
