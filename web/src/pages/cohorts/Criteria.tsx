import { t } from "@lingui/core/macro";
import { ControlsEditor } from "./ControlsEditor";
import { fromDefinition, leftOut, type Draft } from "./draft";
import { meanExamsOf } from "./edit";
import { EXAMPLES } from "./examples";
import { kindOf } from "./kinds";
import { NumberField } from "./NumberField";
import { GroupParts } from "./PartEditor";
import { placed } from "./places";
import { rowWords } from "./words";

interface Props {
  draft: Draft;
  set: (draft: Draft) => void;
}

/** All criteria, and what is taken of those they mean. */
export function Criteria({ draft, set }: Props) {
  const { root } = draft;
  return (
    <section className="cohort-criteria" aria-label={t`Criteria`}>
      {root.parts.length === 0 ? (
        <Begin use={set} />
      ) : (
        <label className="cohort-root">
          {t`Patients with`}
          <select
            className="cohort-select"
            value={root.join}
            onChange={(event) =>
              set({ ...draft, root: { ...root, join: event.target.value === "any" ? "any" : "all" } })
            }
          >
            <option value="all">{t`all of these`}</option>
            <option value="any">{t`at least one of these`}</option>
          </select>
        </label>
      )}
      <GroupParts root part={root} set={(changed) => set({ ...draft, root: changed })} />
      {root.parts.length > 0 && <Taken draft={draft} set={set} />}
      {root.parts.length > 0 && <ControlsEditor draft={draft} set={set} />}
    </section>
  );
}

function Begin({ use }: { use: (draft: Draft) => void }) {
  return (
    <div className="cohort-begin panel">
      <h2>{t`Whom do you look for?`}</h2>
      <p className="dim">
        {t`Add a criterion, then say what is near it in time. Counts follow while you write. Or begin from an example:`}
      </p>
      <ul>
        {EXAMPLES.map(({ label, definition }) => (
          <li key={label()}>
            <button type="button" className="cohort-example" onClick={() => use(fromDefinition(definition))}>
              {label()}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Which exams are meant, and whether all patients are. */
function Taken({ draft, set }: Props) {
  const exams = placed(draft).filter(
    ({ row, denied, between }) => kindOf(row.of).exams && !denied && !between,
  );
  const meant = exams.find(({ row }) => row.label !== undefined && row.label === draft.exams)?.row.key;
  return (
    <div className="cohort-taken">
      {exams.length > 1 && (
        <label>
          {t`Exams that are meant`}
          <select
            className="cohort-select"
            value={meant ?? ""}
            onChange={(event) =>
              set(meanExamsOf(draft, event.target.value === "" ? undefined : Number(event.target.value)))
            }
          >
            <option value="">{t`all that are asked for`}</option>
            {exams.map(({ row }, at) => (
              <option key={row.key} value={row.key}>
                {`${at + 1}. ${rowWords(row)}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        <input
          type="checkbox"
          checked={draft.sample !== undefined}
          onChange={(event) =>
            set(event.target.checked ? { ...draft, sample: { patients: 100 } } : leftOut(draft, "sample"))
          }
        />
        {t`Only some of the patients, chosen by chance`}
      </label>
      {draft.sample !== undefined && (
        <NumberField
          label={t`How many patients`}
          min={1}
          value={draft.sample.patients}
          set={(patients) => set({ ...draft, sample: { ...draft.sample, patients: patients ?? 1 } })}
        />
      )}
    </div>
  );
}
