import { t } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { patientsCounted, type Definition, type Version } from "../../api/cohorts";
import { moment } from "../../format/units";
import { Refusal } from "../../parts/Refusal";
import { comparison, differences } from "./compare";
import { countWords } from "./words";

interface Props {
  /** The newest first. */
  versions: Version[];
  /** What is written now. */
  current: Definition;
  use: (definition: Definition) => void;
}

/** Every version, and what changed since. */
export function Versions({ versions, current, use }: Props) {
  const [since, setSince] = useState<number>();
  const chosen = versions.find(({ version }) => version === since) ?? versions[1] ?? versions[0];
  return (
    <div className="cohort-versions">
      <ul className="cohort-version-list">
        {versions.map(({ version, definition, madeBy, madeAt }) => (
          <li key={version}>
            <span>
              <strong>{t`Version ${version}`}</strong>{" "}
              <span className="dim">
                {madeBy}, {moment(madeAt)}
              </span>
            </span>
            <button
              type="button"
              className="button button-small"
              aria-label={t`Bring version ${version} back`}
              onClick={() => use(definition)}
            >
              {t`Bring back`}
            </button>
          </li>
        ))}
      </ul>
      {chosen !== undefined && (
        <Since versions={versions} chosen={chosen} choose={setSince} current={current} />
      )}
    </div>
  );
}

interface SinceProps {
  versions: Version[];
  chosen: Version;
  choose: (version: number) => void;
  current: Definition;
}

function Since({ versions, chosen, choose, current }: SinceProps) {
  const lines = differences(chosen.definition, current);
  const changed = lines.some(({ change }) => change !== "same");
  return (
    <section className="cohort-since" aria-label={t`What changed`}>
      <label className="cohort-since-choice">
        {t`What changed since`}
        <select
          className="cohort-select"
          value={chosen.version}
          onChange={(event) => choose(Number(event.target.value))}
        >
          {versions.map(({ version }) => (
            <option key={version} value={version}>
              {t`version ${version}`}
            </option>
          ))}
        </select>
      </label>
      {changed ? (
        <ul className="cohort-differences">
          {lines.map(({ change, text }, at) => (
            <li key={`${at} ${text}`} className={`is-${change}`}>
              {change !== "same" && (
                <span className="hidden-visually">{change === "added" ? t`new:` : t`no longer:`}</span>
              )}
              {text}
            </li>
          ))}
        </ul>
      ) : (
        <p className="dim">{t`Nothing: it asks the same.`}</p>
      )}
      {changed && (
        <WhoChanged
          key={`${chosen.digest} ${JSON.stringify(current)}`}
          before={chosen.definition}
          after={current}
        />
      )}
    </section>
  );
}

/** Three counts, asked for when somebody wants them. */
function WhoChanged({ before, after }: { before: Definition; after: Definition }) {
  const compare = useMutation({
    mutationFn: async () => {
      const { came, went, stayed } = comparison(before, after);
      return Promise.all([came, went, stayed].map(patientsCounted));
    },
  });
  const [came, went, stayed] = compare.data ?? [];
  if (came === undefined || went === undefined || stayed === undefined) {
    return (
      <>
        {compare.isError && <Refusal error={compare.error} />}
        <div>
          <button
            type="button"
            className="button button-small"
            disabled={compare.isPending}
            onClick={() => compare.mutate()}
          >
            {t`Who came, who went?`}
          </button>
        </div>
      </>
    );
  }
  return (
    <div role="group" aria-label={t`Patients`}>
      <dl className="cohort-came">
        <div>
          <dt>{t`came`}</dt>
          <dd className="num">{countWords(came)}</dd>
        </div>
        <div>
          <dt>{t`went`}</dt>
          <dd className="num">{countWords(went)}</dd>
        </div>
        <div>
          <dt>{t`stayed`}</dt>
          <dd className="num">{countWords(stayed)}</dd>
        </div>
      </dl>
    </div>
  );
}
