import { t } from "@lingui/core/macro";
import type { Entry } from "../../api/records";
import { kindWords, standing } from "../records/words";
import { keyOf } from "./lanes";
import { whenWords } from "./when";

/** Rows that are drawn at once; the filter finds the rest. */
const SHOWN = 500;

/** The same as the picture, to be read, heard and printed: the latest first. */
export function EntryTable(props: {
  entries: Entry[];
  chosen: string | undefined;
  choose: (key: string) => void;
}) {
  const { entries, chosen, choose } = props;
  const shown = entries.toReversed().slice(0, SHOWN);
  return (
    <section className="panel table-scroll entry-table" aria-label={t`Entries as a list`}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Status`}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => {
            const key = keyOf(entry);
            return (
              <tr key={key} className={key === chosen ? "chosen" : ""}>
                <td className="num dim entry-when">{whenWords(entry)}</td>
                <td>
                  <button type="button" className="links-to" onClick={() => choose(key)}>
                    {entry.title || kindWords(entry.kind)}
                  </button>
                  {entry.value && <strong className="num"> {entry.value}</strong>}
                  <div className="dim">{kindWords(entry.kind)}</div>
                </td>
                <td>{standing(entry) !== "" && <span className="badge">{standing(entry)}</span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length < entries.length && (
        <p className="dim entry-more">
          {t`The latest ${SHOWN} of ${entries.length}; filter to find the others.`}
        </p>
      )}
    </section>
  );
}
