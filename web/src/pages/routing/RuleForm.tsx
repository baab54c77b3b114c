import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { isCalled, peersQuery } from "../../api/peers";
import {
  ANY,
  keepRule,
  routingFoldersQuery,
  routingQuery,
  tryRule,
  type KeptRule,
  type Rule,
} from "../../api/routing";
import { projectsQuery } from "../../api/projects";
import { dicomDate, personName } from "../../format/dicom";
import { doorWords } from "../../format/doors";
import { Refusal } from "../../parts/Refusal";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";
import { readKeys, readList, writeKeys } from "./words";

const DOORS = ["c-store", "stow", "upload", "import", "fetch"];
const NEW: Rule = { name: "", conditions: ANY, peers: [], quietSeconds: 60 };
const DAYS = 7;

/** A rule: new, or the next version of one. */
export function RuleForm({ kept, close }: { kept: KeptRule | undefined; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [rule, setRule] = useState<Rule>(kept?.rule ?? NEW);
  const change = (part: Partial<Rule>) => setRule((before) => ({ ...before, ...part }));
  const given = rule.conditions ?? ANY;
  const only = (part: Partial<typeof given>) => change({ conditions: { ...given, ...part } });
  const save = useSave(kept, close);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(rule);
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="rule-title" onClose={close}>
      <form className="dialog-body peer-form rule-form" onSubmit={submit}>
        <h2 id="rule-title">{kept === undefined ? t`Make a rule` : t`Change ${kept.rule.name}`}</h2>
        {save.isError && <Refusal error={save.error} />}
        <TextField
          label={t`Name`}
          value={rule.name}
          set={(name) => change({ name })}
          required
          maxLength={64}
        />
        <Peers chosen={rule.peers} choose={(peers) => change({ peers })} />
        <Through chosen={rule.project ?? ""} choose={(project) => change({ project })} />
        <h3>{t`An exam that`}</h3>
        <div className="rule-pair">
          <TextField
            label={t`Modalities`}
            value={given.modalities.join(" ")}
            set={(text) => only({ modalities: readList(text) })}
            hint={t`e.g. CT MR; one of them is enough`}
          />
          <TextField
            label={t`Body parts`}
            value={given.bodyParts.join(" ")}
            set={(text) => only({ bodyParts: readList(text) })}
            hint={t`as the devices write them, e.g. CHEST`}
          />
          <TextField
            label={t`Words of its descriptions`}
            value={given.words}
            set={(words) => only({ words })}
            hint={t`all must be there, in the exam's or its series'`}
          />
          <TextField
            label={t`Came from`}
            value={given.senders.join(" ")}
            set={(text) => only({ senders: readList(text) })}
            hint={t`peers, AE titles or accounts`}
          />
          <TextField
            label={t`Made at most so many days before it arrived`}
            type="number"
            min={1}
            value={given.newerThanDays?.toString() ?? ""}
            set={(text) => only({ newerThanDays: text === "" ? null : Number(text) })}
            hint={t`empty: however old`}
          />
          <TextField
            label={t`Seconds without anything new`}
            type="number"
            min={1}
            max={86_400}
            required
            value={rule.quietSeconds.toString()}
            set={(text) => change({ quietSeconds: Number(text) })}
            hint={t`DICOM doesn't say when an exam is complete`}
          />
        </div>
        <fieldset className="rule-choices">
          <legend className="field-label">{t`Came by`}</legend>
          {DOORS.map((door) => (
            <Tick
              key={door}
              label={doorWords(door)}
              value={door}
              chosen={given.doors}
              choose={(doors) => only({ doors })}
            />
          ))}
        </fieldset>
        <Keys keys={given.keys} set={(keys) => only({ keys })} />
        <Trial rule={rule} />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={save.isPending}>
            {kept?.isOn === true ? t`Save; it stays on` : t`Save, switched off`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function useSave(kept: KeptRule | undefined, close: () => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (rule: Rule) => keepRule(rule, kept, kept?.isOn ?? false),
    onSuccess: async ({ rule: { name } }) => {
      await queries.invalidateQueries({ queryKey: routingQuery.queryKey });
      toasts.say(t`${name} is kept.`);
      close();
    },
  });
}

function Peers({ chosen, choose }: { chosen: string[]; choose: (peers: string[]) => void }) {
  const peers = (useQuery(peersQuery).data ?? []).filter(isCalled).map(({ name }) => name);
  const folders = useQuery(routingFoldersQuery).data ?? [];
  const destinations = [...peers, ...folders];
  return (
    <fieldset className="rule-choices">
      <legend className="field-label">{t`Is sent to`}</legend>
      {destinations.map((name) => (
        <Tick key={name} label={name} value={name} chosen={chosen} choose={choose} />
      ))}
      {destinations.length === 0 && (
        <span className="dim">{t`No peer has an address to call. Add one on the page Peers.`}</span>
      )}
    </fieldset>
  );
}

/** As it came, or through a project: then de-identified, and to its members alone. */
function Through({ chosen, choose }: { chosen: string; choose: (project: string | null) => void }) {
  const projects = useQuery(projectsQuery).data ?? [];
  return (
    <label className="field">
      <span className="field-label">{t`Through a project`}</span>
      <select
        className="input"
        value={chosen}
        onChange={(event) => choose(event.target.value === "" ? null : event.target.value)}
      >
        <option value="">{t`none: with its identity, as it came`}</option>
        {projects.map(({ id, title }) => (
          <option key={id} value={id}>
            {t`${title}: de-identified, to members alone`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface TickProps {
  label: string;
  value: string;
  chosen: string[];
  choose: (chosen: string[]) => void;
}

function Tick({ label, value, chosen, choose }: TickProps) {
  return (
    <label className="peer-check">
      <input
        type="checkbox"
        checked={chosen.includes(value)}
        onChange={(event) => {
          const others = chosen.filter((one) => one !== value);
          choose(event.target.checked ? [...others, value] : others);
        }}
      />
      {label}
    </label>
  );
}

function Keys(props: {
  keys: Record<string, string> | undefined;
  set: (keys: Record<string, string>) => void;
}) {
  const [typed, setTyped] = useState(writeKeys(props.keys));
  return (
    <label className="field">
      <span className="field-label">{t`Other attributes of one of its series`}</span>
      <textarea
        className="input"
        rows={2}
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          props.set(readKeys(event.target.value));
        }}
      />
      <span className="field-hint">{t`KEYWORD=VALUE, one to a line, with * and ? as in DICOM: StationName, InstitutionName, Manufacturer, ReferringPhysicianName …`}</span>
    </label>
  );
}

/** What the rule would have found in the last days. */
function Trial({ rule }: { rule: Rule }) {
  const trial = useMutation({ mutationFn: () => tryRule(rule, DAYS) });
  const { data } = trial;
  return (
    <div className="rule-tried">
      <div>
        <button type="button" className="button" disabled={trial.isPending} onClick={() => trial.mutate()}>
          {t`Try it on the last ${DAYS} days`}
        </button>
      </div>
      {trial.isError && <Refusal error={trial.error} />}
      {data !== undefined && (
        <div role="status">
          <strong>{t`Would have sent ${plural(data.matched, { one: "# exam", other: "# exams" })}`}</strong>{" "}
          <span className="dim">
            {data.complete
              ? t`of ${data.looked} that arrived`
              : t`of the latest ${data.looked}; more arrived`}
          </span>
          <ul>
            {data.exams.slice(0, 5).map((exam) => (
              <li key={exam.studyInstanceUid}>
                {personName(exam.patientName) || t`No name`}, {dicomDate(exam.studyDate)},{" "}
                {exam.modalities.join(" ")}, {exam.studyDescription}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
