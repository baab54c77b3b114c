import { t } from "@lingui/core/macro";
import { Link } from "react-router";
import { sourceUrl, type RecordInFull } from "../../api/records";
import { exactMoment } from "../../format/units";
import { inWords } from "./inWords";

type Usual = RecordInFull["usual"];

/** Four digits: no laboratory measures more. */
const usualWords = ({ value, unit }: NonNullable<Usual>): string => `${Number(value.toPrecision(4))} ${unit}`;

/** A record in words; the resource itself is folded below. */
export function RecordWords({ content, usual }: { content: unknown; usual?: Usual }) {
  return (
    <>
      <dl className="record-words">
        {inWords(content).map(([label, value], at) => (
          <div key={at}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {usual !== undefined && usual !== null && (
          <div>
            <dt>{t`In the usual unit`}</dt>
            <dd>{usualWords(usual)}</dd>
          </div>
        )}
      </dl>
      <details className="record-raw">
        <summary>{t`As FHIR`}</summary>
        {/* A long resource is scrolled by keyboard as well. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0}>{JSON.stringify(content, null, 2)}</pre>
      </details>
    </>
  );
}

/** Who said it, where and when. */
export function Sayings({ full }: { full: RecordInFull }) {
  return (
    <section className="record-sayings" aria-label={t`Where it comes from`}>
      <h3>{t`Where it comes from`}</h3>
      <ul>
        {full.statements.map((one, at) => (
          <li key={at}>
            <Link to={sourceUrl(one.source)}>{one.speaker.replaceAll("|", " · ") || t`Source`}</Link>{" "}
            <span className="mono faint">{one.place}</span>
            <div className="dim num">
              {t`said ${exactMoment(one.saidAt)}, came ${exactMoment(one.receivedAt)}`}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
