import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { valuesQuery, wordsQuery } from "../../api/cohorts";
import { Icon } from "../../parts/Icon";
import { useSettled } from "../exams/search";
import { ATTRIBUTE, knownValues, valueWords } from "./fields";
import { bestOf, offered, type Offer } from "./offers";
import { countWords } from "./words";

const PAUSE_MS = 180;

interface Props {
  table: string;
  field: string;
  values: string[];
  set: (values: string[]) => void;
  /** What is asked for, for those who hear the page. */
  label: string;
  /** What is typed is meant as it is: the beginning of values, not one of them. */
  free: boolean;
  /** Words of reports: the lexicon offers them. */
  words?: boolean;
}

/** Values as chips, chosen by typing; those the facts have are offered with their number of patients. */
export function ValueBox({ table, field, values, set, label, free, words = false }: Props) {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useId();
  const queries = useQueryClient();
  const has = useSettled(typed.trim(), PAUSE_MS);
  const asks = !field.startsWith(ATTRIBUTE) && !words;
  const found = useQuery({
    ...valuesQuery(table, field, has),
    enabled: open && asks,
    placeholderData: keepPreviousData,
  });
  const said = useQuery({ ...wordsQuery(has), enabled: open && words && has !== "" });
  const known = words ? (said.data?.phrases ?? []) : knownValues(table, field);
  const options = offered(found.data ?? [], known, values, typed);
  // An answer may come after other fields were changed: what is set is what stands there by then.
  const latest = useRef({ values, set });
  useEffect(() => {
    latest.current = { values, set };
  });
  const add = (value: string) => {
    const { values, set } = latest.current;
    if (value !== "" && !values.includes(value)) set([...values, value]);
    setTyped("");
    setAt(-1);
  };
  const enter = async () => {
    const chosen = options[at]?.value;
    const word = typed.trim();
    if (typeof chosen === "string") add(chosen);
    else if (word === "" || free || !asks) add(word);
    else {
      // Enter before the answer is there means the best of the answer.
      const told = await queries.query(valuesQuery(table, field, word)).catch(() => []);
      add(bestOf(offered(told, known, values, word), word));
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length > 0) {
      setOpen(true);
      setAt((at + step + options.length) % options.length);
    } else if (event.key === "Enter" || (event.key === "," && !free)) {
      void enter();
    } else if (event.key === "Escape" && open) {
      setOpen(false);
    } else if (event.key === "Backspace" && typed === "" && values.length > 0) {
      set(values.slice(0, -1));
      return;
    } else return;
    event.preventDefault();
  };
  const shown = open && options.length > 0;
  return (
    <div className="value-box">
      {values.map((value) => (
        <span key={value} className="value-chip">
          {valueWords(field, value)}
          <button
            type="button"
            aria-label={t`Take ${valueWords(field, value)} away`}
            onClick={() => set(values.filter((one) => one !== value))}
          >
            <Icon name="close" size={11} />
          </button>
        </span>
      ))}
      <input
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && at >= 0 ? `${list}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={values.length === 0 ? t`type to choose` : ""}
        value={typed}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onChange={(event) => {
          setTyped(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onKeyDown={onKey}
        onBlur={() => {
          setOpen(false);
          const word = typed.trim();
          const same = options.find(({ value }) => value?.toLowerCase() === word.toLowerCase());
          add(free ? word : (same?.value ?? word));
        }}
      />
      {shown && <Offers id={list} options={options} field={field} at={at} choose={add} label={label} />}
    </div>
  );
}

interface OffersProps {
  id: string;
  options: Offer[];
  field: string;
  at: number;
  choose: (value: string) => void;
  label: string;
}

function Offers({ id, options, field, at, choose, label }: OffersProps) {
  return (
    <div id={id} role="listbox" className="value-offers" aria-label={t`Values of ${label}`}>
      {options.map(({ value, display, patients }, n) => (
        // The keyboard is the box's: it keeps the focus and moves the choice (ARIA practices, combobox).

        // eslint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={value}
          id={`${id}-${n}`}
          role="option"
          tabIndex={-1}
          aria-selected={n === at}
          className={n === at ? "value-offer chosen" : "value-offer"}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => choose(value ?? "")}
        >
          <span className="clip">
            {valueWords(field, value ?? "")}
            {typeof display === "string" && <span className="dim"> {display}</span>}
          </span>
          {patients !== undefined && <span className="num faint">{countWords(patients)}</span>}
        </div>
      ))}
    </div>
  );
}
