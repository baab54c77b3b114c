import { t } from "@lingui/core/macro";
import type { Letter } from "../../api/releases";
import { exactMoment } from "../../format/units";
import { aboutLetter, letterBadge, letterState } from "./words";

/** What recipients were told by letter, and what a person has to tell them. */
export function Letters({ letters }: { letters: Letter[] }) {
  if (letters.length === 0) return null;
  return (
    <section className="panel release-part table-scroll" aria-labelledby="letters-title">
      <h2 id="letters-title">{t`Letters to recipients`}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`To`}</th>
            <th scope="col">{t`About`}</th>
            <th scope="col">{t`State`}</th>
          </tr>
        </thead>
        <tbody>
          {letters.map((letter) => (
            <tr key={`${letter.release} ${letter.email} ${letter.about} ${letter.at}`}>
              <td>
                {letter.name} <a href={`mailto:${letter.email}`}>{letter.email}</a>
              </td>
              <td>{aboutLetter(letter)}</td>
              <td>
                <span className={letterBadge(letter)}>{letterState(letter)}</span>{" "}
                <span className="dim num">{exactMoment(letter.at)}</span>
                {letter.why !== "" && <div className="dim">{letter.why}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
