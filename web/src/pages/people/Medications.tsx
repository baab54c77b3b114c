import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { medicationsQuery, sourceUrl, type Medication } from "../../api/records";
import { dicomDate } from "../../format/dicom";
import { Failure, Loading } from "../../parts/State";
import { kindWords } from "../records/words";
import { courseBadge, courseWords, isCurrent } from "./courses";

interface Props {
  person: number;
  choose: (key: string) => void;
}

/** What the person takes and took: one line a medicine, whatever said so; the current ones first. */
export function Medications({ person, choose }: Props) {
  const known = useQuery(medicationsQuery(person));
  if (known.isPending) return <Loading what={t`the medication`} />;
  if (known.isError) return <Failure error={known.error} retry={() => void known.refetch()} />;
  const { medications, windowDays } = known.data;
  if (medications.length === 0) return null;
  const current = medications.filter(isCurrent);
  const earlier = medications.filter((one) => !isCurrent(one));
  return (
    <section className="panel person-part" aria-labelledby="medication-title">
      <h2 id="medication-title">{t`Medication`}</h2>
      <p className="dim">
        {plural(windowDays, {
          one: "Current is what goes on, and what was last told of within # day and never stopped.",
          other: "Current is what goes on, and what was last told of within # days and never stopped.",
        })}
      </p>
      {current.length === 0 ? (
        <p>{t`Nothing is current.`}</p>
      ) : (
        <List label={t`Current medication`} medications={current} choose={choose} />
      )}
      {earlier.length > 0 && (
        <details className="medications-earlier" open={current.length === 0}>
          <summary>
            {t`Earlier and planned`} <span className="num">{earlier.length}</span>
          </summary>
          <List label={t`Earlier and planned medication`} medications={earlier} choose={choose} />
        </details>
      )}
    </section>
  );
}

function List(props: { label: string; medications: Medication[]; choose: (key: string) => void }) {
  const { label, medications, choose } = props;
  return (
    <ul className="medications" aria-label={label}>
      {medications.map((one) => (
        <li key={one.entries[0]?.record ?? one.name}>
          <OneMedication medication={one} choose={choose} />
        </li>
      ))}
    </ul>
  );
}

function OneMedication({ medication, choose }: { medication: Medication; choose: (key: string) => void }) {
  const { name, standing, dose, first, last, entries, codes } = medication;
  return (
    <details className="medication">
      <summary>
        <strong className="medication-name">{name || t`Not named`}</strong>
        <span className={courseBadge(standing)}>{courseWords(standing)}</span>
        {dose && <span className="dim">{dose}</span>}
        <span className="num dim medication-when">{spanWords(first, last)}</span>
      </summary>
      {codes.length > 0 && (
        <p className="faint num medication-codes">
          {codes.map(({ system, code }) => (system === "" ? code : `${code} (${system})`)).join(" · ")}
        </p>
      )}
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`When`}</th>
              <th scope="col">{t`What`}</th>
              <th scope="col">{t`Status`}</th>
              <th scope="col">{t`Source`}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.record}>
                <td className="num dim">{spanWords(entry.begins, entry.ends)}</td>
                <td>
                  <button type="button" className="links-to" onClick={() => choose(`record-${entry.record}`)}>
                    {kindWords(entry.kind)}
                  </button>
                  {entry.name !== "" && entry.name !== name && <span className="dim"> {entry.name}</span>}
                  {entry.dose && <div className="dim">{entry.dose}</div>}
                </td>
                <td>{entry.status !== "" && <span className="badge">{entry.status}</span>}</td>
                <td>{entry.source && <Link to={sourceUrl(entry.source)}>{t`Show source`}</Link>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

type Moment = string | null | undefined;

function spanWords(from: Moment, to: Moment): string {
  const days = [from, to].flatMap((moment) => (moment ? [dicomDate(moment.slice(0, 10))] : []));
  return [...new Set(days)].join(" – ");
}
