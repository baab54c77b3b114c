import { t } from "@lingui/core/macro";
import { useId, useState, type SyntheticEvent } from "react";
import { keyOf, spanOf, type Draft } from "./checking";
import { Choices } from "./Choices";
import { keyWords, words, type Span } from "./reading";

interface Props {
  text: string;
  /** What is selected in the text. */
  chosen: Span | undefined;
  /** Keys to choose from; others can be typed. */
  known: string[];
  add: (draft: Draft) => void;
}

const PLAIN = { assertion: "present", temporality: "current", laterality: null };

/** What was missed: words of the text, and what they mean. */
export function AddFinding({ text, chosen, known, add }: Props) {
  const [place, setPlace] = useState(chosen === undefined ? "" : words(text, chosen));
  const [name, setName] = useState("");
  const [said, setSaid] = useState<Pick<Draft, "assertion" | "temporality" | "laterality">>(PLAIN);
  const id = useId();
  const typed = chosen === undefined || words(text, chosen) !== place;
  const span = typed ? spanOf(text, place) : chosen;
  const finding = keyOf(name);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (span === undefined || finding === undefined) return;
    add({ ...said, verdict: "added", finding, start: span.start, end: span.end });
    setPlace("");
    setName("");
    setSaid(PLAIN);
  };
  return (
    <form className="check-add" onSubmit={submit} aria-label={t`Add what was missed`}>
      <h3>{t`Add what was missed`}</h3>
      <label className="field">
        <span className="field-label">{t`Words of the text (select them, or type them)`}</span>
        <input
          className="input"
          value={place}
          autoComplete="off"
          onChange={(event) => setPlace(event.target.value)}
          aria-invalid={place !== "" && span === undefined}
        />
      </label>
      {place !== "" && span === undefined && <p role="alert">{t`These words are not in the text.`}</p>}
      <label className="field">
        <span className="field-label">{t`Finding`}</span>
        <input
          className="input"
          value={name}
          autoComplete="off"
          list={id}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <datalist id={id}>
        {known.map((key) => (
          <option key={key} value={keyWords(key)} />
        ))}
      </datalist>
      <Choices draft={said} change={(change) => setSaid({ ...said, ...change })} />
      <button type="submit" className="button" disabled={span === undefined || finding === undefined}>
        {t`Add`}
      </button>
    </form>
  );
}
