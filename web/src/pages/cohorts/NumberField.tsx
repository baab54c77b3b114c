import { useState } from "react";

interface Props {
  label: string;
  value: number | undefined;
  set: (value: number | undefined) => void;
  min?: number;
  placeholder?: string;
}

/** A whole number, kept as it is typed: an empty field is none, and 0 only where it was written. */
export function NumberField({ label, value, set, min = 0, placeholder }: Props) {
  const [typed, setTyped] = useState<string>();
  return (
    <input
      className="input cohort-number"
      type="number"
      inputMode="numeric"
      min={min}
      aria-label={label}
      placeholder={placeholder}
      value={typed ?? (value === undefined ? "" : String(value))}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        setTyped(event.target.value);
        const number = Math.floor(Number(event.target.value));
        set(event.target.value === "" || Number.isNaN(number) ? undefined : Math.max(min, number));
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
