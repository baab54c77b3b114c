import { t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { Menu, type ItemGroup } from "../../parts/Menu";
import { focusOn } from "./asking";
import { newCard, newGroup, type Card, type Group, type Part } from "./draft";
import { moved, replaced, startRow, withPart, without } from "./edit";
import { kindOf } from "./kinds";
import { kindMenu, RowEditor } from "./RowEditor";
import { Strip } from "./Strip";

interface Props<T> {
  part: T;
  set: (part: T) => void;
}

/** The criteria of a group, one below the other, and a way to add another. */
export function GroupParts({ part: group, set, root = false }: Props<Group> & { root?: boolean }) {
  const { parts, join } = group;
  return (
    <>
      {parts.length > 0 && (
        <ol className="cohort-parts">
          {parts.map((part, at) => (
            <li key={part.key}>
              {at > 0 && (
                <span className="cohort-joint" aria-hidden="true">
                  {join === "all" ? t`and` : t`or`}
                </span>
              )}
              <OnePart group={group} part={part} at={at} set={set} />
            </li>
          ))}
        </ol>
      )}
      <AddPart group={group} set={set} root={root} />
    </>
  );
}

function OnePart({
  group,
  part,
  at,
  set,
}: {
  group: Group;
  part: Part;
  at: number;
  set: (group: Group) => void;
}) {
  const { parts } = group;
  const name = part.kind === "card" ? kindOf(part.row.of).label() : t`the group`;
  const items = [
    ...(at > 0
      ? [{ key: "up", label: t`Move up`, run: () => set({ ...group, parts: moved(parts, part, -1) }) }]
      : []),
    ...(at < parts.length - 1
      ? [{ key: "down", label: t`Move down`, run: () => set({ ...group, parts: moved(parts, part, 1) }) }]
      : []),
    {
      key: "group",
      label: t`Put into a group`,
      run: () =>
        set({ ...group, parts: parts.with(at, newGroup(group.join === "all" ? "any" : "all", [part])) }),
    },
  ];
  const tools = (
    <>
      <Menu
        groups={[{ items }]}
        label={t`More for ${name}`}
        className="button button-quiet button-small button-square"
      >
        <Icon name="more" size={14} />
      </Menu>
      <button
        type="button"
        className="button button-quiet button-small button-square"
        aria-label={t`Remove ${name}`}
        title={t`Remove`}
        onClick={() => {
          set({ ...group, parts: without(parts, part) });
          document.getElementById("add-criterion")?.focus();
        }}
      >
        <Icon name="trash" size={14} />
      </button>
    </>
  );
  const change = (changed: Part) => set({ ...group, parts: replaced(parts, changed) });
  return part.kind === "card" ? (
    <CardEditor part={part} set={change} tools={tools} />
  ) : (
    <GroupEditor part={part} set={change} tools={tools} />
  );
}

function CardEditor({ part: card, set, tools }: Props<Card> & { tools: React.ReactNode }) {
  return (
    <div className="cohort-card panel">
      <RowEditor
        row={card.row}
        set={(row) => set({ ...card, row })}
        tools={tools}
        before={
          <select
            className="cohort-select"
            aria-label={t`Whether the patient has it`}
            value={card.not ? "no" : "yes"}
            onChange={(event) => set({ ...card, not: event.target.value === "no" })}
          >
            <option value="yes">{card.row.of === "patient" ? t`The` : t`Patient has`}</option>
            <option value="no">{card.row.of === "patient" ? t`Not the` : t`Patient does not have`}</option>
          </select>
        }
      />
      <Strip row={card.row} />
    </div>
  );
}

const MEANINGS = {
  some: { join: "any", not: false },
  every: { join: "all", not: false },
  none: { join: "any", not: true },
  notEvery: { join: "all", not: true },
} as const;

type Meaning = keyof typeof MEANINGS;

function meantBy({ join, not }: Group): Meaning {
  if (join === "any") return not ? "none" : "some";
  return not ? "notEvery" : "every";
}

function GroupEditor({ part: group, set, tools }: Props<Group> & { tools: React.ReactNode }) {
  return (
    <div className="cohort-group panel" role="group" aria-label={t`Group of criteria`}>
      <div className="cohort-row-head">
        <select
          className="cohort-select"
          aria-label={t`How the group is meant`}
          value={meantBy(group)}
          onChange={(event) => set({ ...group, ...MEANINGS[event.target.value as Meaning] })}
        >
          <option value="some">{t`At least one of these`}</option>
          <option value="every">{t`All of these`}</option>
          <option value="none">{t`None of these`}</option>
          <option value="notEvery">{t`Not all of these`}</option>
        </select>
        <span className="cohort-row-tools">{tools}</span>
      </div>
      <GroupParts part={group} set={set} />
    </div>
  );
}

function AddPart({ group, set, root }: { group: Group; set: (group: Group) => void; root: boolean }) {
  const groups: ItemGroup[] = [
    ...kindMenu((of) => {
      const row = startRow(of);
      set(withPart(group, newCard(row)));
      focusOn(row.key);
    }),
    {
      label: t`Several`,
      items: [
        {
          key: "group",
          icon: "folder",
          label: t`Group`,
          about: t`at least one of several, or none of them`,
          run: () => set(withPart(group, newGroup(group.join === "all" ? "any" : "all"))),
        },
      ],
    },
  ];
  return (
    <div className="cohort-add">
      <Menu
        groups={groups}
        id={root ? "add-criterion" : undefined}
        className={root ? "button button-primary" : "button button-small"}
      >
        <Icon name="plus" size={14} /> {t`Add a criterion`}
      </Menu>
    </div>
  );
}
