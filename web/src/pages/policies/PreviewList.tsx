import { t } from "@lingui/core/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState, type KeyboardEvent } from "react";
import type { AttributeRule, PreviewedAttribute, RuleAction } from "../../api/policies";
import { Icon } from "../../parts/Icon";
import { Empty } from "../../parts/State";
import { TextField } from "../../parts/TextField";
import { withPrivate, withRule, type Writing } from "./draft";
import { depthOf, digitsOf, itemOf, tagOf } from "./filter";
import { ActionChoice } from "./Rules";
import { optionWords, outcomeWords } from "./words";

interface Props {
  rows: PreviewedAttribute[];
  writing: Writing;
  isFixed: boolean;
}

/** Attributes before and after. Up and down go from one to the next; pressing one shows its rule. */
export function PreviewList({ rows, writing, isFixed }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<string>();
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 46,
    getItemKey: (index) => rows[index]?.path ?? index,
    overscan: 10,
  });
  const at = Math.min(active, rows.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isRow = event.target instanceof HTMLElement && event.target.matches(".preview-row");
    if (step === undefined || !isRow) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(rows.length - 1, at + step));
    setActive(to);
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => document.getElementById(`row-${to}`)?.focus());
  };
  if (rows.length === 0) return <Empty icon="search" title={t`No attribute matches`} />;
  const shown = virtual.getVirtualItems();
  const reachable = shown.some(({ index }) => index === at) ? at : shown[0]?.index;
  return (
    <div className="preview-list">
      <div className="preview-heads" aria-hidden="true">
        <span>{t`Attribute`}</span>
        <span>{t`Original`}</span>
        <span>{t`Result`}</span>
        <span>{t`Outcome`}</span>
      </div>
      {/* The keys are those of the rows, which hold the focus. */}
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div ref={scroll} className="preview-scroll" onKeyDown={onKeyDown}>
        <ul className="preview-all" style={{ height: virtual.getTotalSize() }} aria-label={t`Attributes`}>
          {shown.map(({ key, index, start }) => {
            const one = rows[index];
            return (
              one && (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Row
                    one={one}
                    index={index}
                    reachable={index === reachable}
                    open={open === one.path}
                    press={() => {
                      setActive(index);
                      setOpen(open === one.path ? undefined : one.path);
                    }}
                  />
                  {open === one.path && <Why one={one} writing={writing} isFixed={isFixed} />}
                </li>
              )
            );
          })}
        </ul>
      </div>
    </div>
  );
}

interface RowProps {
  one: PreviewedAttribute;
  index: number;
  reachable: boolean;
  open: boolean;
  press: () => void;
}

function Row({ one, index, reachable, open, press }: RowProps) {
  const { label, icon, tone } = outcomeWords(one.outcome);
  const gone = one.outcome === "removed";
  return (
    <button
      id={`row-${index}`}
      type="button"
      className={`preview-row preview-${one.outcome}`}
      aria-expanded={open}
      tabIndex={reachable ? 0 : -1}
      title={one.why}
      onClick={press}
    >
      <span className="preview-name" style={{ paddingLeft: depthOf(one.path) * 12 }}>
        <span>{nameOf(one)}</span>
        <span className="mono faint">
          {tagOf(one.path)} {one.vr}
          {itemOf(one.path) !== "" && ` ${t`item ${itemOf(one.path)}`}`}
        </span>
      </span>
      <span className="preview-value">
        <span className="hidden-visually">{t`Original:`} </span>
        {one.before === "" ? <span className="faint">{t`empty`}</span> : one.before}
      </span>
      <span className="preview-value">
        <span className="hidden-visually">{t`Result:`} </span>
        {gone ? (
          <span className="faint">—</span>
        ) : one.after === "" ? (
          <span className="faint">{t`empty`}</span>
        ) : (
          one.after
        )}
      </span>
      <span>
        <span className={`badge ${tone} preview-outcome`}>
          <Icon name={icon} size={12} /> {label}
        </span>
      </span>
    </button>
  );
}

function nameOf({ name, creator }: PreviewedAttribute): string {
  if (name) return name;
  return creator ? t`Private, of ${creator}` : t`Private or unknown`;
}

/** The rule that decided, and how to make another. */
function Why({ one, writing, isFixed }: { one: PreviewedAttribute; writing: Writing; isFixed: boolean }) {
  const { option } = one.by;
  const [asking, setAsking] = useState(false);
  return (
    <div className="preview-why">
      <p>
        <strong>{t`Decided by`}</strong> {one.why}
        {option ? ` · ${optionWords(option).label}` : ""}
      </p>
      {one.by.kind === "stamp" ? null : isFixed ? (
        <p className="dim">{t`A ready-made policy takes no rules; copy it first.`}</p>
      ) : asking ? (
        <NewRule one={one} writing={writing} close={() => setAsking(false)} />
      ) : (
        <button type="button" className="button button-small" onClick={() => setAsking(true)}>
          {t`Make a rule for it`}
        </button>
      )}
    </div>
  );
}

function NewRule({ one, writing, close }: { one: PreviewedAttribute; writing: Writing; close: () => void }) {
  const { draft, set } = writing;
  const digits = digitsOf(one.path);
  const { creator } = one;
  const attribute = one.keyword ?? digits;
  const before = draft.document.rules.find((rule) => rule.attribute === attribute);
  const [action, setAction] = useState<RuleAction>(before?.action ?? "keep");
  const [because, setBecause] = useState(before?.because ?? "");
  const add = () => {
    const rule: AttributeRule = { attribute, action, ...(because.trim() === "" ? {} : { because }) };
    set(withRule(draft.document, rule), true);
    close();
  };
  const keep = (clean: boolean) => {
    const listed = { creator: creator ?? "", group: digits.slice(0, 4), element: digits.slice(6), clean };
    set(withPrivate(draft.document, listed), true);
    close();
  };
  if (one.name === undefined && !creator)
    return <p className="dim">{t`Nobody has reserved this private block: it always goes.`}</p>;
  if (creator)
    return (
      <div className="preview-rule">
        <button type="button" className="button button-small" onClick={() => keep(false)}>
          {t`Keep it, of ${creator}`}
        </button>
        <button type="button" className="button button-small" onClick={() => keep(true)}>
          {t`Keep it, its text cleaned`}
        </button>
      </div>
    );
  return (
    <div className="preview-rule">
      <ActionChoice value={action} choose={setAction} />
      <TextField label={t`Because`} value={because} set={setBecause} />
      <button type="button" className="button button-primary" onClick={add}>
        {t`Add the rule`}
      </button>
    </div>
  );
}
