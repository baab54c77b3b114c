import { t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { Menu } from "../../parts/Menu";
import { focusOn } from "./asking";
import { leftOut, type Beside, type Row } from "./draft";
import { nearOf, spanOf, startRow, type Span } from "./edit";
import { kindOf } from "./kinds";
import { NumberField } from "./NumberField";
import { kindMenu, RowEditor } from "./RowEditor";

interface Props {
  anchor: Row;
  beside: Beside;
  set: (beside: Beside) => void;
  remove: () => void;
}

/** What is, or is not, around a criterion, and how near. */
export function BesideEditor({ anchor, beside, set, remove }: Props) {
  const { has, absent, near, without } = beside;
  const canBetween = !absent && near !== "sameExam";
  return (
    <div className="cohort-beside">
      <RowEditor
        row={has}
        set={(row) => set({ ...beside, has: row })}
        before={<How anchor={anchor} beside={beside} set={set} />}
        tools={<Remove label={t`Leave out ${kindOf(has.of).label()}`} remove={remove} />}
        more={canBetween && without === undefined && <AddBetween beside={beside} set={set} />}
      />
      {canBetween && without !== undefined && (
        <div className="cohort-beside cohort-between">
          <RowEditor
            plain
            row={without}
            set={(row) => set({ ...beside, without: row })}
            before={<span className="cohort-none">{t`and between the two none of this`}</span>}
            tools={
              <Remove
                label={t`Leave out ${kindOf(without.of).label()}`}
                remove={() => set(leftOut(beside, "without"))}
              />
            }
          />
        </div>
      )}
    </div>
  );
}

function Remove({ label, remove }: { label: string; remove: () => void }) {
  return (
    <button
      type="button"
      className="button button-quiet button-small button-square"
      aria-label={label}
      title={label}
      onClick={remove}
    >
      <Icon name="trash" size={14} />
    </button>
  );
}

function AddBetween({ beside, set }: { beside: Beside; set: (beside: Beside) => void }) {
  const groups = kindMenu(
    (of) => {
      const row = startRow(of);
      set({ ...beside, without: row });
      focusOn(row.key);
    },
    ({ events }) => events,
  );
  return (
    <Menu groups={groups} className="button button-quiet button-small">
      <Icon name="plus" size={13} /> {t`None in between`}
    </Menu>
  );
}

function How({ anchor, beside, set }: { anchor: Row; beside: Beside; set: (beside: Beside) => void }) {
  const span = spanOf(beside.near);
  const exams = kindOf(anchor.of).exams && kindOf(beside.has.of).exams;
  const change = (part: Partial<Span>) => set({ ...beside, near: nearOf({ ...span, ...part }) });
  const timed = span.way === "after" || span.way === "before" || span.way === "around";
  return (
    <span className="cohort-near">
      <select
        className="cohort-select"
        aria-label={t`Whether it is there`}
        value={beside.absent ? "no" : "yes"}
        onChange={(event) => set({ ...beside, absent: event.target.value === "no" })}
      >
        <option value="yes">{t`and`}</option>
        <option value="no">{t`and no`}</option>
      </select>
      {timed && (
        <NumberField
          label={span.way === "around" ? t`At most so many days before` : t`From so many days`}
          placeholder="∞"
          value={span.from}
          set={(from) => change({ from })}
        />
      )}
      {timed && <span className="dim">{span.way === "around" ? t`days before to` : t`to`}</span>}
      {timed && (
        <NumberField
          label={span.way === "around" ? t`At most so many days after` : t`To so many days`}
          placeholder="∞"
          value={span.to}
          set={(to) => change({ to })}
        />
      )}
      <select
        className="cohort-select"
        aria-label={t`How near it is`}
        value={span.way}
        onChange={(event) => change(spanFor(span, event.target.value as Span["way"]))}
      >
        {exams && <option value="sameExam">{t`in the same exam`}</option>}
        <option value="after">{t`days later`}</option>
        <option value="before">{t`days earlier`}</option>
        <option value="around">{t`days after`}</option>
        <option value="anyTime">{t`at any time`}</option>
      </select>
    </span>
  );
}

/** Another way keeps its days, or begins with a quarter of a year. */
function spanFor(span: Span, way: Span["way"]): Span {
  const to = span.to ?? 90;
  return way === "around"
    ? { way, from: span.way === "around" ? span.from : to, to }
    : { way, from: span.from ?? 0, to };
}
