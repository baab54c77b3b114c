import "./menu.css";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { Icon, type IconName } from "./Icon";

export interface Item {
  key: string;
  label: string;
  about?: string;
  icon?: IconName;
  run: () => void;
}

export interface ItemGroup {
  label?: string;
  items: Item[];
}

interface Props {
  /** What the button says. */
  children: ReactNode;
  /** The same, for those who hear the page, where it is only a picture. */
  label?: string;
  groups: ItemGroup[];
  className?: string;
  id?: string | undefined;
}

/** A button that opens a list of things to do, as the ARIA practices describe it. */
export function Menu({ children, label, groups, className = "button button-small", id }: Props) {
  const [open, setOpen] = useState(false);
  const [up, setUp] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const name = useId();
  useEffect(() => {
    if (!open) return;
    itemsOf(list.current)[0]?.focus();
    const elsewhere = (event: PointerEvent) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);
  const show = () => {
    setUp(isLow(box.current));
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };
  /** Gone before the browser looks where Tab leads: on from the button. */
  const leave = () => {
    flushSync(() => setOpen(false));
    box.current?.querySelector("button")?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Tab") leave();
    else if (event.key === "Escape") close();
    else if (!walk(event.key, list.current)) return;
    if (event.key !== "Tab") event.preventDefault();
  };
  return (
    <div className="menu" ref={box}>
      <button
        type="button"
        id={id}
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? name : undefined}
        aria-label={label}
        title={label}
        onClick={() => (open ? setOpen(false) : show())}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          show();
        }}
      >
        {children}
      </button>
      {open && (
        <div
          ref={list}
          id={name}
          role="menu"
          tabIndex={-1}
          className={up ? "menu-list menu-up" : "menu-list"}
          onKeyDown={onKey}
          aria-label={label}
        >
          {groups.map((group, at) => (
            <Group key={group.label ?? at} group={group} close={close} />
          ))}
        </div>
      )}
    </div>
  );
}

/** In pixels; the style sheet has the same. */
const TALLEST = 420;

/** There is more room above it than below, and below there is not enough. */
function isLow(box: HTMLElement | null): boolean {
  if (box === null) return false;
  const { top, bottom } = box.getBoundingClientRect();
  const below = window.innerHeight - bottom;
  return below < TALLEST && top > below;
}

function Group({ group: { label, items }, close }: { group: ItemGroup; close: () => void }) {
  return (
    <div role="group" aria-label={label} className="menu-group">
      {label !== undefined && (
        <div className="menu-head" aria-hidden="true">
          {label}
        </div>
      )}
      {items.map((item) => (
        <button
          key={item.key}
          type="button"
          role="menuitem"
          className="menu-item"
          onClick={() => {
            close();
            item.run();
          }}
        >
          {item.icon !== undefined && <Icon name={item.icon} />}
          <span>
            {item.label}
            {item.about !== undefined && item.about !== "" && (
              <span className="menu-about">{item.about}</span>
            )}
          </span>
        </button>
      ))}
    </div>
  );
}

const itemsOf = (list: HTMLElement | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? []),
];

/** Moves by arrows, to the ends, or to what begins with a letter; tells whether the key meant that. */
function walk(key: string, list: HTMLElement | null): boolean {
  const items = itemsOf(list);
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[key];
  if (to !== undefined) {
    items[to % items.length]?.focus();
    return true;
  }
  if (key.length !== 1 || key === " ") return false;
  const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const next = after.find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase()));
  next?.focus();
  return next !== undefined;
}
