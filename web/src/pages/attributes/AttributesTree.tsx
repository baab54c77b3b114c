import { plural, t } from "@lingui/core/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent } from "react";
import type { Attribute } from "../../api/exams";
import { bytes } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { tagText } from "../exam/tree";
import { step, type Line } from "./lines";
import type { State } from "./pairs";

interface Props {
  lines: Line[];
  toggle: (key: string) => void;
  /** What the sides are called; undefined: there is one. */
  sides: [string, string] | undefined;
}

/** The lines as a tree with one stop for the keyboard (ARIA Authoring Practices, tree view). */
export function AttributesTree({ lines, toggle, sides }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(lines[0]?.key);
  const found = lines.findIndex(({ key }) => key === active);
  const at = Math.max(0, found);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 40,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 12,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = step(lines, at, event.key);
    if (move === undefined) return;
    event.preventDefault();
    if ("toggle" in move) {
      toggle(move.toggle);
    } else {
      setActive(lines[move.to]?.key);
      rows.scrollToIndex(move.to);
    }
  };
  const shown = rows.getVirtualItems();
  const visible = shown.some(({ index }) => index === at);
  return (
    <div className={sides === undefined ? "tags" : "tags tags-two"}>
      <Heads sides={sides} />
      <div
        ref={scroll}
        className="tags-scroll"
        role="tree"
        aria-label={t`Attributes`}
        tabIndex={0}
        aria-activedescendant={visible ? idOf(at) : undefined}
        onKeyDown={onKeyDown}
      >
        <div className="tags-all" role="presentation" style={{ height: rows.getTotalSize() }}>
          {shown.map(({ key, index, start }) => {
            const line = lines[index];
            return (
              line && (
                // The keys are those of the tree, which holds the focus.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
                <div
                  key={key}
                  ref={rows.measureElement}
                  id={idOf(index)}
                  data-index={index}
                  role="treeitem"
                  aria-level={line.level}
                  aria-setsize={-1}
                  aria-expanded={line.open}
                  aria-selected={index === at}
                  className={`tags-line tags-${line.item === undefined ? line.pair.state : "item"}`}
                  style={{ transform: `translateY(${start}px)` }}
                  onClick={() => {
                    setActive(line.key);
                    if (line.open !== undefined) toggle(line.key);
                  }}
                >
                  {line.item === undefined ? (
                    <Entry line={line} two={sides !== undefined} />
                  ) : (
                    <Item line={line} />
                  )}
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

const idOf = (index: number): string => `attribute-${index}`;

/** Names of the columns for the eye; the lines of a tree have no columns to the ear. */
function Heads({ sides }: Pick<Props, "sides">) {
  return (
    <div className="tags-heads" aria-hidden="true">
      <span>{t`Tag`}</span>
      <span>{t`Name`}</span>
      <span>{t`VR`}</span>
      {(sides ?? [t`Value`]).map((side) => (
        <span key={side}>{side}</span>
      ))}
    </div>
  );
}

function Item({ line }: { line: Line }) {
  return (
    <span className="tags-item-head faint" style={{ paddingLeft: indent(line) }}>
      {t`Item ${line.item ?? 0}`}
    </span>
  );
}

const indent = ({ level }: Line): number => (level - 1) * 14;

function Entry({ line, two }: { line: Line; two: boolean }) {
  const { left, right, state } = line.pair;
  const attribute = left ?? right;
  if (attribute === undefined) return null;
  return (
    <>
      <span className="mono faint">{tagText(attribute.tag)}</span>
      <span className="tags-name" style={{ paddingLeft: indent(line) }}>
        <span className="tags-open">{line.open !== undefined && <Icon name="next" size={12} />}</span>
        <span>
          {nameOf(attribute)}
          {attribute.keyword ? <span className="tags-keyword mono faint"> {attribute.keyword}</span> : null}
        </span>
      </span>
      <span className="mono faint">{vrOf(left, right)}</span>
      <span className="tags-value">{valueOf(left)}</span>
      {two && <span className="tags-value">{valueOf(right)}</span>}
      {two && state !== "same" && <span className="hidden-visually">{stateWords(state)}</span>}
    </>
  );
}

function stateWords(state: State): string {
  if (state === "left") return t`only on the left`;
  return state === "right" ? t`only on the right` : t`differs`;
}

const vrOf = (left?: Attribute, right?: Attribute): string =>
  [...new Set([left?.vr, right?.vr].filter((vr) => vr !== undefined))].join(" / ");

function nameOf({ name, creator, tag }: Attribute): string {
  if (name) return name;
  if (creator) return t`Private, of ${creator}`;
  return /^[0-9A-F]{3}[13579BDF]00[1-9A-F]/.test(tag) ? t`Private creator` : t`Private or unknown`;
}

function valueOf(attribute: Attribute | undefined) {
  if (attribute === undefined) return <span className="faint">—</span>;
  const { value, length, items } = attribute;
  if (items)
    return <span className="faint">{plural(items.length, { one: "# item", other: "# items" })}</span>;
  if (length) return <span className="faint">{t`${bytes(length)} of data`}</span>;
  if (!value || value.every((one) => one === "")) return <span className="faint">{t`empty`}</span>;
  return value.join(" \\ ");
}
