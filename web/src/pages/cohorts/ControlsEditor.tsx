import { t } from "@lingui/core/macro";
import type { Alike, On } from "../../api/cohorts";
import { leftOut, newGroup, type ControlsDraft, type Draft } from "./draft";
import { NumberField } from "./NumberField";
import { GroupParts } from "./PartEditor";
import { onWords } from "./words";

interface Props {
  draft: Draft;
  set: (draft: Draft) => void;
}

const MOST = 20;
const ALL: On[] = ["age", "sex", "manufacturer", "model", "year"];

/** A woman of sixty is compared with one of fifty-eight to sixty-two. */
const begin = (): ControlsDraft => ({
  root: newGroup("all"),
  ratio: 1,
  match: [{ on: "age", within: 2 }, { on: "sex" }],
});

/** People to compare the patients with: how many, what is alike, and of whom. */
export function ControlsEditor({ draft, set }: Props) {
  const { controls } = draft;
  return (
    <div>
      <div className="cohort-taken">
        <label>
          <input
            type="checkbox"
            checked={controls !== undefined}
            onChange={(event) =>
              set(event.target.checked ? { ...draft, controls: begin() } : leftOut(draft, "controls"))
            }
          />
          {t`With controls to compare them with`}
        </label>
      </div>
      {controls !== undefined && (
        <Written controls={controls} set={(changed) => set({ ...draft, controls: changed })} />
      )}
    </div>
  );
}

interface WrittenProps {
  controls: ControlsDraft;
  set: (controls: ControlsDraft) => void;
}

function Written({ controls, set }: WrittenProps) {
  const { root, ratio, match, seed } = controls;
  return (
    <section className="cohort-controls panel" aria-label={t`Controls`}>
      <h2>{t`Controls`}</h2>
      <div className="cohort-taken">
        <label>
          {t`Of each patient`}
          <NumberField
            label={t`Controls of each patient`}
            min={1}
            value={ratio}
            set={(count) => set({ ...controls, ratio: Math.min(MOST, count ?? 1) })}
          />
        </label>
        <label>
          {t`Another choice`}
          <NumberField
            label={t`Number of the choice by chance`}
            value={seed}
            placeholder="0"
            set={(number) =>
              set(number === undefined ? leftOut(controls, "seed") : { ...controls, seed: number })
            }
          />
        </label>
      </div>
      <div className="cohort-taken" role="group" aria-label={t`What is alike`}>
        {ALL.map((on) => (
          <AlikeIn key={on} on={on} match={match} set={(changed) => set({ ...controls, match: changed })} />
        ))}
      </div>
      {match.length === 0 && (
        <p className="dim" role="alert">{t`Choose what is alike; until then there are no controls.`}</p>
      )}
      <p className="dim">
        {root.parts.length === 0
          ? t`Anybody else can be one. Add criteria to say who.`
          : t`Anybody else can be one who has:`}
      </p>
      <GroupParts part={root} set={(changed) => set({ ...controls, root: changed })} />
    </section>
  );
}

interface AlikeProps {
  on: On;
  match: Alike[];
  set: (match: Alike[]) => void;
}

function AlikeIn({ on, match, set }: AlikeProps) {
  const chosen = match.find((one) => one.on === on);
  const name = onWords(on);
  const change = (alike: Alike | undefined) =>
    set(
      ALL.flatMap((one) => {
        const kept = one === on ? alike : match.find((other) => other.on === one);
        return kept === undefined ? [] : [kept];
      }),
    );
  return (
    <span className="cohort-taken">
      <label>
        <input
          type="checkbox"
          checked={chosen !== undefined}
          onChange={(event) => change(event.target.checked ? { on } : undefined)}
        />
        {name}
      </label>
      {chosen !== undefined && (on === "age" || on === "year") && (
        <label>
          ±
          <NumberField
            label={t`${name}: years apart`}
            value={chosen.within ?? 0}
            set={(within) => change({ on, within: Math.min(MOST, within ?? 0) })}
          />
          {t`years`}
        </label>
      )}
    </span>
  );
}
