import { t } from "@lingui/core/macro";
import { NO_FILTER, type AuditFilter, type AuditRow } from "../../api/audit";
import { Icon } from "../../parts/Icon";

interface Props {
  filter: AuditFilter;
  change: (part: Partial<AuditFilter>) => void;
  /** Rows on the page, whose actions are suggested. */
  seen: AuditRow[];
}

const FIELDS = [
  { key: "actor", label: () => t`Person or program`, type: "search" },
  { key: "action", label: () => t`Action`, type: "search" },
  { key: "object", label: () => t`Object`, type: "search" },
  { key: "from", label: () => t`From`, type: "datetime-local" },
  { key: "until", label: () => t`Until`, type: "datetime-local" },
] as const;

const HINTS: Partial<Record<keyof AuditFilter, () => string>> = {
  actor: () => t`a part of the name`,
  action: () => t`such as read`,
  object: () => t`a UID, peer:pacs`,
};

export function Filters({ filter, change, seen }: Props) {
  const actions = [...new Set(seen.map(({ action }) => action))].toSorted();
  const filtered = Object.values(filter).some((value: string) => value !== "");
  return (
    <search className="activity-filters" aria-label={t`Filter the log`}>
      {FIELDS.map(({ key, label, type }) => (
        <label key={key} className={`field activity-${key}`}>
          <span className="field-label">{label()}</span>
          <input
            className="input"
            type={type}
            autoComplete="off"
            spellCheck={false}
            placeholder={HINTS[key]?.()}
            list={key === "action" ? "activity-actions" : undefined}
            value={filter[key]}
            onChange={(event) => change({ [key]: event.target.value })}
          />
        </label>
      ))}
      <datalist id="activity-actions">
        {actions.map((action) => (
          <option key={action} value={action} />
        ))}
      </datalist>
      <label className="field">
        <span className="field-label">{t`Outcome`}</span>
        <select
          className="input"
          value={filter.outcome}
          onChange={(event) => change({ outcome: event.target.value })}
        >
          <option value="">{t`any`}</option>
          <option value="done">{t`done`}</option>
          <option value="refused">{t`refused`}</option>
          <option value="failed">{t`failed`}</option>
        </select>
      </label>
      <button
        type="button"
        className="button button-quiet"
        disabled={!filtered}
        onClick={() => change(NO_FILTER)}
      >
        <Icon name="close" size={14} /> {t`Clear`}
      </button>
    </search>
  );
}
