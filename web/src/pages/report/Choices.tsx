import { t } from "@lingui/core/macro";
import { assertionWords, timeWords } from "./reading";
import type { Draft } from "./checking";

const ASSERTIONS = ["present", "possible", "absent"] as const;
const TIMES = ["current", "new", "changed", "unchanged", "resolved", "historical", "hypothetical"];
const SIDES = ["left", "right", "bilateral", "midline"];

interface Props {
  draft: Pick<Draft, "assertion" | "temporality" | "laterality">;
  change: (change: Partial<Draft>) => void;
}

/** Whether it is there, when, and on which side. */
export function Choices({ draft, change }: Props) {
  return (
    <div className="check-choices">
      <Choice label={t`There?`} value={draft.assertion} set={(assertion) => change({ assertion })}>
        {ASSERTIONS.map((one) => ({ value: one, name: assertionWords(one) }))}
      </Choice>
      <Choice label={t`When?`} value={draft.temporality} set={(temporality) => change({ temporality })}>
        {TIMES.map((one) => ({ value: one, name: one === "current" ? t`now` : timeWords(one) }))}
      </Choice>
      <Choice
        label={t`Side`}
        value={draft.laterality ?? ""}
        set={(side) => change({ laterality: side === "" ? null : side })}
      >
        {[{ value: "", name: t`none` }, ...SIDES.map((one) => ({ value: one, name: timeWords(one) }))]}
      </Choice>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  set: (value: string) => void;
  children: { value: string; name: string }[];
}

function Choice({ label, value, set, children }: ChoiceProps) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <select className="input" value={value} onChange={(event) => set(event.target.value)}>
        {children.map((one) => (
          <option key={one.value} value={one.value}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
