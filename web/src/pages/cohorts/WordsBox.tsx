import { t } from "@lingui/core/macro";
import { useQueries } from "@tanstack/react-query";
import { wordsQuery } from "../../api/cohorts";
import { Icon } from "../../parts/Icon";
import type { Line } from "./draft";
import { valueWords } from "./fields";
import { ValueBox } from "./ValueBox";

interface Props {
  line: Line;
  set: (line: Line) => void;
  name: string;
}

/** Words and phrases of a report; of a phrase that names a finding, also what says the same in other words. */
export function WordsBox({ line, set, name }: Props) {
  const { values, findings = [] } = line;
  const known = useQueries({ queries: values.map((said) => wordsQuery(said)) });
  const named = new Set(known.flatMap(({ data }) => data?.findings ?? []));
  const missing = values.filter((_, at) => known[at]?.data?.known === false);
  const finding = (key: string) => valueWords("findings", key);
  return (
    <span className="cohort-words cohort-fill">
      <ValueBox
        words
        table=""
        field={line.field}
        values={values}
        set={(changed) => set({ ...line, values: changed })}
        label={name}
        free
      />
      {[...new Set([...findings, ...named])].map((key) => (
        <label key={key}>
          <input
            type="checkbox"
            checked={findings.includes(key)}
            onChange={(event) =>
              set({
                ...line,
                findings: event.target.checked ? [...findings, key] : findings.filter((one) => one !== key),
              })
            }
          />
          {t`also ${finding(key)} in other words`}
        </label>
      ))}
      {missing.length > 0 && (
        <span role="alert" className="cohort-missing">
          <Icon name="conflict" size={13} />
          {t`Not in the lexicon, so it can't be asked for: ${missing.join(", ")}`}
        </span>
      )}
    </span>
  );
}
