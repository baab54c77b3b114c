import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import type { Pick } from "../../api/cohorts";
import { Icon } from "../../parts/Icon";
import { Menu, type ItemGroup } from "../../parts/Menu";
import { focusOn, rowId, useTable } from "./asking";
import { BesideEditor } from "./BesideEditor";
import { leftOut, type Row } from "./draft";
import { replaced, startBeside, without } from "./edit";
import { fieldsOf, fieldWords, lineFor } from "./fields";
import { KIND_GROUPS, kindOf } from "./kinds";
import { LineEditor } from "./LineEditor";
import { NumberField } from "./NumberField";
import { rowWords } from "./words";

interface Props {
  row: Row;
  set: (row: Row) => void;
  /** What stands before the kind: "Patient has", "0 to 90 days later". */
  before: ReactNode;
  /** What can be done with it as a whole. */
  tools: ReactNode;
  /** What else can be added to it. */
  more?: ReactNode;
  /** What must not be between has no neighbours of its own. */
  plain?: boolean;
}

/** A criterion: its kind, which one is meant, its tests, and what is around it. */
export function RowEditor({ row, set, before, tools, more, plain = false }: Props) {
  const kind = kindOf(row.of);
  return (
    <div className="cohort-row" id={rowId(row.key)} role="group" aria-label={rowWords(row)}>
      <div className="cohort-row-head">
        {before}
        <span className="cohort-kind">
          <Icon name={kind.icon} />
          {kind.label()}
        </span>
        {kind.events && <Which row={row} set={set} />}
        <span className="cohort-row-tools">{tools}</span>
      </div>
      {row.lines.length > 0 && (
        <div className="cohort-lines">
          {row.lines.map((line) => (
            <LineEditor
              key={line.key}
              of={row.of}
              line={line}
              set={(changed) => set({ ...row, lines: replaced(row.lines, changed) })}
              remove={() => set({ ...row, lines: without(row.lines, line) })}
            />
          ))}
        </div>
      )}
      {row.beside.map((beside) => (
        <BesideEditor
          key={beside.key}
          anchor={row}
          beside={beside}
          set={(changed) => set({ ...row, beside: replaced(row.beside, changed) })}
          remove={() => set({ ...row, beside: without(row.beside, beside) })}
        />
      ))}
      <div className="cohort-row-add">
        <AddField row={row} set={set} />
        {kind.events && !plain && <AddBeside row={row} set={set} />}
        {more}
      </div>
    </div>
  );
}

function AddField({ row, set }: { row: Row; set: (row: Row) => void }) {
  const table = useTable(row.of);
  const { first, more } = fieldsOf(table, kindOf(row.of).fields);
  const item = (field: string) => ({
    key: field,
    label: fieldWords(field),
    run: () => {
      const line = lineFor(table, field);
      set({ ...row, lines: [...row.lines, line] });
      requestAnimationFrame(() => {
        const lines = document.getElementById(rowId(row.key))?.querySelector(".cohort-lines");
        lines?.lastElementChild?.querySelector("input")?.focus();
      });
    },
  });
  const groups: ItemGroup[] = [{ items: first.map(item) }];
  if (more.length > 0) groups.push({ label: t`More fields`, items: more.map(item) });
  return (
    <Menu groups={groups} className="button button-quiet button-small">
      <Icon name="plus" size={13} /> {t`Field`}
    </Menu>
  );
}

function AddBeside({ row, set }: { row: Row; set: (row: Row) => void }) {
  const groups = kindMenu(
    (of) => {
      const beside = startBeside(row.of, of);
      set({ ...row, beside: [...row.beside, beside] });
      focusOn(beside.has.key);
    },
    ({ events }) => events,
  );
  return (
    <Menu groups={groups} className="button button-quiet button-small">
      <Icon name="plus" size={13} /> {t`Near it in time`}
    </Menu>
  );
}

/** All kinds to choose one from. */
export function kindMenu(
  choose: (of: string) => void,
  fits: (kind: { events: boolean }) => boolean = () => true,
): ItemGroup[] {
  return KIND_GROUPS.map(({ label, kinds }) => ({
    label: label(),
    items: kinds.filter(fits).map(({ of, icon, label: name, about }) => ({
      key: of,
      icon,
      label: name(),
      about: about(),
      run: () => choose(of),
    })),
  })).filter(({ items }) => items.length > 0);
}

type Way = "any" | "first" | "last" | "nth" | "many";

const wayOf = ({ pick, atLeast }: Row): Way => {
  if (pick !== undefined) return typeof pick === "string" ? pick : "nth";
  return atLeast !== undefined && atLeast > 1 ? "many" : "any";
};

/** Which of a patient's rows is meant, or how many there must be. */
function Which({ row, set }: { row: Row; set: (row: Row) => void }) {
  const way = wayOf(row);
  const rest = leftOut(row, "atLeast");
  const unpicked = leftOut(row, "pick");
  const plain = leftOut(unpicked, "atLeast");
  const choose = (next: Way) => {
    if (next === "any") set(plain);
    else if (next === "many") set({ ...plain, atLeast: 2 });
    else set({ ...unpicked, pick: next === "nth" ? { nth: 2 } : next });
  };
  return (
    <span className="cohort-which">
      <select
        className="cohort-select"
        aria-label={t`Which of them`}
        value={way}
        onChange={(event) => choose(event.target.value as Way)}
      >
        <option value="any">{t`any of them`}</option>
        <option value="first">{t`the first`}</option>
        <option value="last">{t`the last`}</option>
        <option value="nth">{t`the one with number`}</option>
        <option value="many">{t`at least so many`}</option>
      </select>
      {way === "nth" && (
        <NumberField
          label={t`Its number, counted from the first`}
          min={1}
          value={nthOf(row.pick)}
          set={(nth) => set({ ...unpicked, pick: { nth: nth ?? 1 } })}
        />
      )}
      {way === "many" && (
        <NumberField
          label={t`How many at least`}
          min={2}
          value={row.atLeast}
          set={(atLeast) => set({ ...rest, atLeast: atLeast ?? 2 })}
        />
      )}
    </span>
  );
}

const nthOf = (pick: Pick | undefined): number | undefined =>
  typeof pick === "object" ? pick.nth : undefined;
