import { t } from "@lingui/core/macro";
import { useEffect, useRef } from "react";
import type { ExamSearch } from "../../api/exams";
import { Icon } from "../../parts/Icon";
import { daysAgo, isSearching } from "./search";

/** What most departments have; anything else is found by typing its code in the box. */
const MODALITIES = ["CT", "MR", "PT", "DX", "CR", "MG", "US", "XA", "NM"];

const spans = () => [
  { label: t`Today`, days: 0 },
  { label: t`7 days`, days: 6 },
  { label: t`30 days`, days: 29 },
  { label: t`1 year`, days: 364 },
];

interface Props {
  search: ExamSearch;
  change: (part: Partial<ExamSearch>) => void;
  clear: () => void;
}

export function SearchBar({ search, change, clear }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useSlashKey(box);
  return (
    <search className="search" data-own-search>
      <div className="search-box">
        <Icon name="search" size={18} />
        <input
          ref={box}
          className="input input-large"
          type="search"
          aria-label={t`Search exams`}
          placeholder={t`Name, patient ID, accession number, description, modality or date`}
          autoComplete="off"
          spellCheck={false}
          value={search.q}
          onChange={(event) => change({ q: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") focusFirstRow(event);
          }}
        />
        {search.q === "" && <span className="kbd search-key">/</span>}
      </div>
      <div className="search-filters">
        <div className="chips" role="group" aria-label={t`Modality`}>
          {MODALITIES.map((modality) => (
            <button
              key={modality}
              type="button"
              className="chip"
              aria-pressed={search.modality === modality}
              onClick={() => change({ modality: search.modality === modality ? "" : modality })}
            >
              {modality}
            </button>
          ))}
        </div>
        <Dates search={search} change={change} />
        {isSearching(search) && (
          <button type="button" className="button button-quiet button-small" onClick={clear}>
            <Icon name="close" size={14} /> {t`Clear all`}
          </button>
        )}
      </div>
    </search>
  );
}

function Dates({ search, change }: Omit<Props, "clear">) {
  const now = new Date();
  return (
    <div className="dates" role="group" aria-label={t`Exam date`}>
      <div className="chips">
        {spans().map(({ label, days }) => {
          const from = daysAgo(days, now);
          const on = search.from === from && search.to === "";
          return (
            <button
              key={label}
              type="button"
              className="chip"
              aria-pressed={on}
              onClick={() => change({ from: on ? "" : from, to: "" })}
            >
              {label}
            </button>
          );
        })}
      </div>
      <input
        className="input date"
        type="date"
        aria-label={t`Exam date from`}
        value={search.from}
        max={search.to}
        onChange={(event) => change({ from: event.target.value })}
      />
      <span className="faint">{t`to`}</span>
      <input
        className="input date"
        type="date"
        aria-label={t`Exam date to`}
        value={search.to}
        min={search.from}
        onChange={(event) => change({ to: event.target.value })}
      />
    </div>
  );
}

function focusFirstRow(event: React.KeyboardEvent): void {
  const first = document.querySelector<HTMLElement>("[data-exam-row] a");
  if (first === null) return;
  event.preventDefault();
  first.focus();
}

/** "/" goes to the search box from anywhere on the page where one isn't typing already. */
function useSlashKey(box: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.current?.select();
      box.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [box]);
}
