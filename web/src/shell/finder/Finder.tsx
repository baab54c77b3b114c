import "./finder.css";
import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { describe } from "../../api/problem";
import { findQuery } from "../../api/search";
import { useMay, type Action } from "../../api/session";
import { NO_SEARCH, storeSearch, useSettled } from "../../pages/exams/search";
import { Icon } from "../../parts/Icon";
import { before, choices, flat, type Choice, type Group } from "./choices";
import { recentPlaces } from "./recent";

/** Short enough to feel immediate, long enough that a typed word is one question. */
const PAUSE_MS = 140;

/** The box in the frame of every page: opened by a click, by "/" or by Ctrl+K. */
export function Finder({ may }: { may: Action[] }) {
  const [open, setOpen] = useState(false);
  useFinderKeys(() => setOpen(true));
  return (
    <>
      <button
        type="button"
        className="finder-open"
        aria-label={t`Find anything`}
        title={t`Find anything ( / or Ctrl+K )`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="search" size={15} />
        <span className="side-label">{t`Find anything`}</span>
        <span className="kbd side-label">/</span>
      </button>
      {open && <Dialog may={may} close={() => setOpen(false)} />}
    </>
  );
}

/** "/" where nothing is being typed and the page has no box of its own; Ctrl+K or Cmd+K anywhere. */
function useFinderKeys(open: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const chord = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey;
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      const taken = typing || event.ctrlKey || event.metaKey || event.altKey;
      const slash =
        event.key === "/" && !taken && document.querySelector("[data-own-search], dialog[open]") === null;
      if (!chord && !slash) return;
      event.preventDefault();
      open();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

function Dialog({ may, close }: { may: Action[]; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [q, setQ] = useState("");
  const [at, setAt] = useState(0);
  const [entered, setEntered] = useState(false);
  const settled = useSettled(q.trim(), PAUSE_MS);
  const asks = useMay("query");
  const found = useQuery({
    ...findQuery(settled),
    enabled: asks && settled !== "",
    placeholderData: keepPreviousData,
  });
  const groups = (q.trim() === "" ? before(recentPlaces(), may) : choices(q, found.data, may)).filter(
    (group) => group.choices.length > 0,
  );
  const all = flat(groups);
  const chosen = Math.min(at, all.length - 1);
  const go = useGo(close);
  const list = useId();
  const waiting = waits(q, settled, found);
  // Enter before the answer is there means the best of the answer.
  const best = entered && !waiting ? all[chosen] : undefined;
  useEffect(() => {
    if (best !== undefined) go(best);
  });
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = all[chosen];
    if (step !== undefined && all.length > 0) setAt((chosen + step + all.length) % all.length);
    else if (event.key === "Enter" && waiting) setEntered(true);
    else if (event.key === "Enter" && choice !== undefined) go(choice);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className="dialog finder" aria-label={t`Find anything`} onClose={close}>
      <div className="finder-box">
        <Icon name="search" size={18} />
        {/* The dialog is opened to type into it. */}
        <input
          className="finder-input"
          role="combobox"
          aria-label={t`Find anything`}
          aria-expanded={all.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={all.length > 0 ? `${list}-${chosen}` : undefined}
          placeholder={asks ? t`Name, ID, accession, UID, date, modality or any words` : t`A page`}
          autoComplete="off"
          spellCheck={false}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
            setAt(0);
            setEntered(false);
          }}
          onKeyDown={onKey}
        />
        {found.isFetching && <span className="spinner" aria-hidden="true" />}
        <button type="button" className="button button-quiet button-small" onClick={close}>
          {t`Esc`}
        </button>
      </div>
      <div className="finder-list" role="listbox" id={list} aria-label={t`What was found`}>
        <Groups groups={groups} list={list} chosen={chosen} go={go} />
      </div>
      <p className="finder-note dim" role="status">
        {note(q, all.length, found.error, waiting)}
      </p>
    </dialog>
  );
}

/** What is shown answers an earlier question. */
const waits = (q: string, settled: string, found: { isFetching: boolean }): boolean =>
  q.trim() !== "" && (q.trim() !== settled || found.isFetching);

function note(q: string, count: number, error: unknown, waiting: boolean): string {
  if (error !== null && error !== undefined) return describe(error).title;
  if (waiting) return t`Looking…`;
  if (q.trim() !== "" && count === 0) return t`Nothing found. Try fewer letters, or the ID alone.`;
  return t`↑ ↓ to choose, Enter to open. What you type is kept out of addresses and logs.`;
}

interface GroupsProps {
  groups: Group[];
  list: string;
  chosen: number;
  go: (choice: Choice) => void;
}

function Groups({ groups, list, chosen, go }: GroupsProps) {
  let number = -1;
  return groups.map(({ label, choices }) => (
    <div key={label} role="group" aria-label={label}>
      <div className="finder-group" aria-hidden="true">
        {label}
      </div>
      {choices.map((choice) => {
        number += 1;
        return (
          <Option
            key={choice.key}
            id={`${list}-${number}`}
            choice={choice}
            chosen={number === chosen}
            go={go}
          />
        );
      })}
    </div>
  ));
}

function Option(props: { id: string; choice: Choice; chosen: boolean; go: (choice: Choice) => void }) {
  const { id, choice, chosen, go } = props;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    // The keyboard is the box's: it keeps the focus and moves the choice (ARIA practices, combobox).

    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={row}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={chosen}
      className={chosen ? "finder-option chosen" : "finder-option"}
      onClick={() => go(choice)}
    >
      <Icon name={choice.icon} />
      <span className="finder-label">{choice.label}</span>
      <span className="dim clip">{choice.about}</span>
    </div>
  );
}

function useGo(close: () => void) {
  const navigate = useNavigate();
  return ({ to, search }: Choice) => {
    close();
    if (search !== undefined) storeSearch({ ...NO_SEARCH, q: search });
    void navigate(to, search === undefined ? {} : { state: { asked: Date.now() } });
  };
}
