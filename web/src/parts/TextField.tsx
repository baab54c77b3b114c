import { useState, type InputHTMLAttributes } from "react";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange"> {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
}

/** A field of a form. The text is kept as it is typed: what it means may have fewer blanks than what is written. */
export function TextField({ label, value, set, hint, ...input }: Props) {
  const [typed, setTyped] = useState(value);
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="input"
        autoComplete="off"
        {...input}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          set(event.target.value);
        }}
      />
      {hint !== undefined && <span className="field-hint">{hint}</span>}
    </label>
  );
}
