import { t } from "@lingui/core/macro";
import type { Check } from "../../api/releases";
import { checkWords, severityWords, toDo } from "./words";

const BADGES: Record<Check["severity"], string> = {
  stop: "badge badge-danger",
  warn: "badge badge-warn",
  ok: "badge badge-ok",
};

const ORDER: Check["severity"][] = ["stop", "warn", "ok"];

/** What was looked at before anything leaves, the gravest first, with what helps. */
export function Checks({ checks }: { checks: Check[] }) {
  if (checks.length === 0) return null;
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return (
    <section className="panel release-part" aria-labelledby="checks-title">
      <h2 id="checks-title">{t`Could somebody be recognised?`}</h2>
      <ul className="release-plain" aria-labelledby="checks-title">
        {sorted.map((check, at) => (
          <li key={at}>
            <span className={BADGES[check.severity]}>{severityWords(check.severity)}</span>{" "}
            <strong>{checkWords(check)}</strong>
            <div>{check.says}</div>
            {toDo(check) !== "" && <div className="dim">{toDo(check)}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
