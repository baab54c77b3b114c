import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { optionsQuery, type PolicyDocument } from "../../api/policies";
import { TextField } from "../../parts/TextField";
import { withOption, type Writing } from "./draft";
import { PrivateList } from "./PrivateList";
import { Rules } from "./Rules";
import { Verdict } from "./TomlBox";
import { optionWords } from "./words";

export interface PartProps {
  document: PolicyDocument;
  set: (document: PolicyDocument) => void;
}

/** The policy as fields. While the TOML is wrong they stay as they last were. */
export function Form({ writing, isFixed, isNew }: { writing: Writing; isFixed: boolean; isNew: boolean }) {
  const { draft, set } = writing;
  const { document } = draft;
  // Fields would write over what is typed as TOML and isn't a policy yet.
  const typed = draft.fault !== undefined && draft.edit === undefined && draft.text !== draft.valid;
  const part: PartProps = { document, set: (changed) => set(changed) };
  return (
    <div className="policy-form">
      {!isFixed && <Verdict draft={draft} />}
      <fieldset key={draft.revision} disabled={isFixed} className="policy-fields" data-typed={typed}>
        <legend className="hidden-visually">{t`Policy`}</legend>
        <section>
          <h2>{t`Name`}</h2>
          <div className="policy-pair">
            {isNew && (
              <TextField
                label={t`Id`}
                value={document.id}
                set={(id) => set({ ...document, id })}
                required
                hint={t`small letters, digits, - and .; objects bear it`}
              />
            )}
            <TextField
              label={t`Title`}
              value={document.title}
              set={(title) => set({ ...document, title })}
              maxLength={200}
            />
          </div>
        </section>
        <Options {...part} />
        <Dates {...part} />
        <Details {...part} />
        <Rules {...part} />
        <PrivateList {...part} />
      </fieldset>
    </div>
  );
}

function Options({ document, set }: PartProps) {
  const found = useQuery(optionsQuery);
  return (
    <section>
      <h2>{t`Beyond the Basic profile`}</h2>
      <p className="dim">{t`Options of PS3.15 §E.3, with the code by which objects say that they were used.`}</p>
      <div className="policy-options">
        {(found.data ?? []).map(({ name, code, meaning }) => {
          const { label, about } = optionWords(name);
          return (
            <div key={name} className="policy-option" title={meaning}>
              <input
                id={`option-${name}`}
                type="checkbox"
                aria-describedby={`about-${name}`}
                checked={document.options.includes(name)}
                onChange={(event) => set(withOption(document, name, event.target.checked))}
              />
              <div>
                <label htmlFor={`option-${name}`}>{label}</label> <span className="mono faint">{code}</span>
                <span id={`about-${name}`} className="policy-about">
                  {about}
                </span>
              </div>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Dates({ document, set }: PartProps) {
  const { dates, options } = document;
  const [from, to] = dates["shift-days"];
  const change = (part: Partial<typeof dates>) => set({ ...document, dates: { ...dates, ...part } });
  const moved = options.includes("retain-longitudinal-modified-dates");
  return (
    <section>
      <h2>{t`Dates and ages`}</h2>
      <div className="policy-pair">
        {moved && (
          <Choice
            label={t`Dates that are kept`}
            value={dates.modified}
            choose={(modified) => change({ modified })}
            choices={{ shift: t`move by days`, year: t`keep the year alone` }}
          />
        )}
        {moved && dates.modified === "shift" && (
          <>
            <TextField
              label={t`Days at least`}
              type="number"
              value={String(from)}
              set={(text) => change({ "shift-days": [Math.trunc(Number(text)), to] })}
            />
            <TextField
              label={t`Days at most`}
              type="number"
              value={String(to)}
              set={(text) => change({ "shift-days": [from, Math.trunc(Number(text))] })}
            />
          </>
        )}
        <TextField
          label={t`Ages above this become one group`}
          type="number"
          min={0}
          value={String(dates["age-cap"])}
          set={(text) => change({ "age-cap": Math.trunc(Number(text)) })}
          hint={t`0: ages stay`}
        />
      </div>
    </section>
  );
}

function Details({ document, set }: PartProps) {
  const { subjects, text, pixels } = document;
  return (
    <section>
      <h2>{t`Codes, text and pixels`}</h2>
      <div className="policy-pair">
        <TextField
          label={t`Codes begin with`}
          value={subjects.prefix}
          maxLength={16}
          set={(prefix) => set({ ...document, subjects: { ...subjects, prefix } })}
        />
        <TextField
          label={t`and have so many characters more`}
          type="number"
          min={6}
          max={24}
          value={String(subjects.length)}
          set={(length) =>
            set({ ...document, subjects: { ...subjects, length: Math.trunc(Number(length)) } })
          }
        />
        <Choice
          label={t`In place of a name in a text`}
          value={text.replacement}
          choose={(replacement) => set({ ...document, text: { ...text, replacement } })}
          choices={{ label: t`what it was: [name]`, blank: t`nothing` }}
        />
        <Choice
          label={t`Images that may have text in their pixels`}
          value={pixels["burned-in"]}
          choose={(rule) => set({ ...document, pixels: { ...pixels, "burned-in": rule } })}
          choices={burnedIn(pixels["burned-in"])}
        />
      </div>
    </section>
  );
}

/** What can be chosen; what this page has no words for stays as it is named. */
function burnedIn(chosen: string): Record<string, string> {
  const known: Record<string, string> = {
    quarantine: t`are withheld`,
    "trust-attribute": t`pass where Burned In Annotation says NO`,
    search: t`are searched, and text in them is masked`,
    accept: t`pass; whoever writes this vouches for them`,
  };
  return chosen in known ? known : { ...known, [chosen]: chosen };
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  choose: (value: T) => void;
  choices: Record<T, string>;
}

export function Choice<T extends string>({ label, value, choose, choices }: ChoiceProps<T>) {
  const entries = Object.entries(choices) as [T, string][];
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select
        className="input"
        value={value}
        onChange={(event) => {
          const chosen = entries.find(([key]) => key === event.target.value);
          if (chosen !== undefined) choose(chosen[0]);
        }}
      >
        {entries.map(([key, words]) => (
          <option key={key} value={key}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
