import { plural, t } from "@lingui/core/macro";
import type { PrivateKeep } from "../../api/policies";
import { Icon } from "../../parts/Icon";
import { TextField } from "../../parts/TextField";
import { withOption } from "./draft";
import { Choice, type PartProps } from "./Form";

const EMPTY: PrivateKeep = { creator: "", group: "", elements: [] };

/** Of more entries only the number is shown, until one opens them. */
const FEW = 8;

/** Private attributes that stay, by their creator; all others go. */
export function PrivateList({ document, set }: PartProps) {
  const keep = document.private.keep ?? [];
  const put = (changed: PrivateKeep[]) => {
    const allowed =
      changed.length > 0 && !document.options.includes("retain-safe-private")
        ? withOption(document, "retain-safe-private", true)
        : document;
    set({ ...allowed, private: { ...document.private, keep: changed } });
  };
  const change = (at: number, part: Partial<PrivateKeep>) =>
    put(keep.map((one, index) => (index === at ? { ...one, ...part } : one)));
  return (
    <section>
      <h2>{t`Private attributes`}</h2>
      <div className="policy-pair">
        <Choice
          label={t`Where a creator is not listed`}
          value={document.private["unknown-creator"]}
          choose={(rule) => set({ ...document, private: { ...document.private, "unknown-creator": rule } })}
          choices={{ remove: t`its attributes go`, quarantine: t`the object is withheld` }}
        />
      </div>
      {keep.length > 0 && (
        <details className="policy-private" open={keep.length <= FEW}>
          <summary>{plural(keep.length, { one: "# entry stays", other: "# entries stay" })}</summary>
          <div className="policy-fields">
            {keep.map((one, at) => (
              // Rows are known by their place: two may say the same while they are written.
              <div
                key={`${at} of ${keep.length}`}
                className="policy-row"
                role="group"
                aria-label={one.creator}
              >
                <TextField
                  label={t`Creator`}
                  value={one.creator}
                  set={(creator) => change(at, { creator })}
                />
                <TextField
                  label={t`Group`}
                  value={one.group}
                  maxLength={4}
                  size={4}
                  set={(group) => change(at, { group })}
                />
                <TextField
                  label={t`Elements`}
                  value={one.elements.join(" ")}
                  set={(text) => change(at, { elements: text.split(/[\s,]+/).filter((two) => two !== "") })}
                />
                <label className="policy-check">
                  <input
                    type="checkbox"
                    checked={one.clean ?? false}
                    onChange={(event) => change(at, { clean: event.target.checked })}
                  />
                  {t`clean`}
                </label>
                <RemoveRow
                  label={t`Remove ${one.creator}`}
                  remove={() => put(keep.filter((other) => other !== one))}
                />
              </div>
            ))}
          </div>
        </details>
      )}
      <div>
        <button type="button" className="button button-small" onClick={() => put([...keep, EMPTY])}>
          {t`Keep a private attribute`}
        </button>
      </div>
    </section>
  );
}

export function RemoveRow({ label, remove }: { label: string; remove: () => void }) {
  return (
    <button
      type="button"
      className="button button-small button-square button-quiet"
      aria-label={label}
      title={label}
      onClick={remove}
    >
      <Icon name="trash" size={14} />
    </button>
  );
}
