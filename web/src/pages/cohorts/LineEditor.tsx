import { t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { useTable } from "./asking";
import type { Line, Op } from "./draft";
import { ATTRIBUTE, fieldWords, holds, opsOf, opWords, unitOf } from "./fields";
import { ValueBox } from "./ValueBox";
import { lineWords } from "./words";
import { WordsBox } from "./WordsBox";

interface Props {
  of: string;
  line: Line;
  set: (line: Line) => void;
  remove: () => void;
}

/** One test: a field, how it is tested, and by what. */
export function LineEditor({ of, line, set, remove }: Props) {
  const name = fieldWords(line.field);
  return (
    <div className="cohort-line" role="group" aria-label={name}>
      {line.field.startsWith(ATTRIBUTE) ? (
        <Keyword line={line} set={set} />
      ) : (
        <span className="cohort-field">{name}</span>
      )}
      {line.op === "raw" ? (
        <span className="cohort-said">{lineWords(line)}</span>
      ) : (
        <>
          <HowTested of={of} line={line} set={set} name={name} />
          <By of={of} line={line} set={set} name={name} />
        </>
      )}
      <button
        type="button"
        className="button button-quiet button-small button-square"
        aria-label={t`Leave out ${name}`}
        title={t`Leave out`}
        onClick={remove}
      >
        <Icon name="close" size={13} />
      </button>
    </div>
  );
}

/** A keyword as DICOM writes it. */
const exampleKey = "StationName";

function Keyword({ line, set }: { line: Line; set: (line: Line) => void }) {
  return (
    <input
      className="input cohort-keyword"
      aria-label={t`Keyword of the DICOM attribute, or group and element`}
      placeholder={exampleKey}
      spellCheck={false}
      autoComplete="off"
      value={line.field.slice(ATTRIBUTE.length)}
      onChange={(event) => set({ ...line, field: `${ATTRIBUTE}${event.target.value.trim()}` })}
    />
  );
}

interface TestProps {
  of: string;
  line: Line;
  set: (line: Line) => void;
  name: string;
}

function HowTested({ of, line, set, name }: TestProps) {
  const ops = opsOf(line.field, holds(useTable(of), line.field));
  return (
    <select
      className="cohort-select"
      aria-label={t`How ${name} is tested`}
      value={`${line.op}-${line.not}`}
      onChange={(event) => {
        const [op = "is", not] = event.target.value.split("-");
        set(withOp(line, op as Op, not === "true"));
      }}
    >
      {[false, true].flatMap((not) =>
        ops.map((op) => (
          <option key={`${op}-${not}`} value={`${op}-${not}`}>
            {opWords(op, not)}
          </option>
        )),
      )}
    </select>
  );
}

/** What was written already is kept where it still has a meaning. */
function withOp(line: Line, op: Op, not: boolean): Line {
  const text = op === "has" && line.text === "" ? (line.values[0] ?? "") : line.text;
  const values =
    line.op === "has" && op !== "has" && text !== "" && line.values.length === 0 ? [text] : line.values;
  return { ...line, op, not, text, values };
}

function By({ of, line, set, name }: TestProps) {
  const kind = holds(useTable(of), line.field);
  if (line.op === "known") return <span className="cohort-fill" />;
  if (line.op === "has") {
    return (
      <input
        className="input cohort-fill"
        aria-label={t`Part of ${name}`}
        placeholder={t`a word or part of one`}
        value={line.text}
        onChange={(event) => set({ ...line, text: event.target.value })}
      />
    );
  }
  if (line.op === "says") return <WordsBox line={line} set={set} name={name} />;
  if (line.op === "range") return <Range line={line} set={set} name={name} date={kind === "date"} />;
  return (
    <ValueBox
      table={of}
      field={line.field}
      values={line.values}
      set={(values) => set({ ...line, values })}
      label={name}
      free={line.op === "begins"}
    />
  );
}

interface RangeProps {
  line: Line;
  set: (line: Line) => void;
  name: string;
  date: boolean;
}

function Range({ line, set, name, date }: RangeProps) {
  const type = date ? "date" : "number";
  return (
    <span className="cohort-range">
      <input
        className="input"
        type={type}
        step="any"
        aria-label={t`${name} at least`}
        placeholder={t`open`}
        value={line.min}
        onChange={(event) => set({ ...line, min: event.target.value })}
      />
      <span className="dim">{t`to`}</span>
      <input
        className="input"
        type={type}
        step="any"
        aria-label={t`${name} at most`}
        placeholder={t`open`}
        value={line.max}
        onChange={(event) => set({ ...line, max: event.target.value })}
      />
      {unitOf(line.field) !== "" && <span className="dim">{unitOf(line.field)}</span>}
    </span>
  );
}
