import { t } from "@lingui/core/macro";
import { useState } from "react";

export interface Rate {
  text: string;
  setText: (text: string) => void;
  /** Instances a second; undefined: as fast as it goes. */
  value: number | undefined;
}

/** A limit that keeps the other side, or the line to it, free for its own work. */
export function useRate(): Rate {
  const [text, setText] = useState("");
  const number = Number.parseInt(text, 10);
  return { text, setText, value: Number.isFinite(number) && number > 0 ? number : undefined };
}

export function RateField({ rate }: { rate: Rate }) {
  return (
    <label className="rate">
      {t`At most`}
      <input
        className="input"
        type="number"
        min={1}
        placeholder={t`any number of`}
        aria-label={t`Images a second at most`}
        value={rate.text}
        onChange={(event) => rate.setText(event.target.value)}
      />
      {t`images a second`}
    </label>
  );
}
