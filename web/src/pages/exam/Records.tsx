import "../people/people.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { examRecordsQuery, personUrl, reportUrl, type ExamRecords, type LinkRow } from "../../api/records";
import { days } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { Decide, LinkState, WhyLinked } from "../people/LinksOf";
import { classWords, kindWords, orderStateWords, standing, statusWords } from "../records/words";

/** What was asked for and reported about this exam, with the evidence, and the care it was part of. */
export function Records({ study }: { study: string }) {
  const found = useQuery(examRecordsQuery(study));
  if (found.isPending) return <Loading what={t`the record`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { context, completeness, links } = found.data;
  return (
    <div className="exam-records">
      {context.person !== null && context.person !== undefined && (
        <Link className="button" to={`${personUrl(context.person)}?exam=${study}`}>
          <Icon name="account" /> {t`Record of the patient`}
        </Link>
      )}
      <section>
        <h2>{t`Order, report and visit`}</h2>
        {links.length === 0 ? (
          <p className="dim">{t`No message speaks of this exam so far.`}</p>
        ) : (
          <ul className="links">
            {links.map((one) => (
              <Linked key={one.link.id} one={one} person={context.person ?? undefined} />
            ))}
          </ul>
        )}
      </section>
      <Complete told={completeness} />
      <Care context={context} />
    </div>
  );
}

const KINDS: Record<string, string> = {
  order: "ServiceRequest",
  report: "DiagnosticReport",
  "imaging-study": "ImagingStudy",
  encounter: "Encounter",
};

/** `order-exam` → the kind of the record. */
const kindOf = (link: LinkRow): string => KINDS[link.kind.replace(/-exam$/, "")] ?? "";

function Linked({ one, person }: { one: ExamRecords["links"][number]; person: number | undefined }) {
  const link = one.link as unknown as LinkRow;
  const kind = kindOf(link);
  const to =
    kind === "DiagnosticReport"
      ? reportUrl(link.record)
      : person === undefined
        ? undefined
        : `${personUrl(person)}?record=${link.record}`;
  const title = kind === "Encounter" ? classWords(one.title) : one.title;
  const status = standing(one);
  return (
    <li>
      <div className="links-what">
        <span className="badge">{kindWords(kind)}</span>
        {to === undefined ? <strong>{title}</strong> : <Link to={to}>{title || t`No title`}</Link>}
        {status !== "" && <span className="dim">{status}</span>}
        {link.state !== "linked" && <LinkState link={link} />}
      </div>
      <WhyLinked link={link} />
      {link.state === "waiting" && <Decide link={link} />}
    </li>
  );
}

const VERDICTS: Record<string, () => string> = {
  complete: () => t`Everything announced is here`,
  missing: () => t`Less is here than was announced`,
  more: () => t`More is here than was announced`,
  "not-announced": () => t`Nobody announced how much there is`,
};

function Complete({ told }: { told: ExamRecords["completeness"] }) {
  const of = (here: number, announced: number | null | undefined) =>
    announced === null || announced === undefined ? String(here) : t`${here} of ${announced}`;
  const facts: [string, string][] = [
    [t`Series`, of(told.arrivedSeries, told.announcedSeries)],
    [t`Images`, of(told.arrivedInstances, told.announcedInstances)],
    [t`Orders`, told.orders.map(orderStateWords).join(", ")],
    [t`Reports`, told.reports.map(statusWords).join(", ")],
  ];
  return (
    <section>
      <h2>{t`Is it complete?`}</h2>
      <p>
        <span className={told.verdict === "missing" ? "badge badge-warn" : "badge"}>
          {VERDICTS[told.verdict]?.() ?? told.verdict}
        </span>
      </p>
      <dl className="record-words">
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

type Context = ExamRecords["context"];

function Care({ context }: { context: Context }) {
  const { conditions, procedures, medications, prior, next } = context;
  const person = context.person ?? undefined;
  const stay = context.class ? classWords(context.class) : "";
  const since = context.daysSinceAdmission;
  if (
    stay === "" &&
    [conditions, procedures, medications, prior, next].every((list: unknown[]) => list.length === 0)
  ) {
    return null;
  }
  return (
    <section>
      <h2>{t`At the time of the exam`}</h2>
      {stay !== "" && (
        <p>
          {stay}
          {since !== null && since !== undefined && `, ${begunWords(since)}`}
        </p>
      )}
      <Since title={t`Conditions`} list={conditions} person={person} />
      <Since title={t`Procedures`} list={procedures} person={person} />
      <Since title={t`Medication, since the first`} list={medications} person={person} />
      <Others title={t`Exams of the same region before`} list={prior} word={(count) => t`${count} before`} />
      <Others title={t`Exams of the same region after`} list={next} word={(count) => t`${count} after`} />
    </section>
  );
}

const begunWords = (count: number): string =>
  count === 0 ? t`begun the same day` : t`begun ${days(count)} before`;

function Since(props: { title: string; list: Context["conditions"]; person: number | undefined }) {
  const { title, list, person } = props;
  if (list.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="care">
        {list.slice(0, 30).map((one) => (
          <li key={one.record}>
            {person === undefined ? (
              one.title
            ) : (
              <Link to={`${personUrl(person)}?record=${one.record}`}>{one.title || t`No title`}</Link>
            )}
            <span className="dim num">{agoWords(one.days)}</span>
          </li>
        ))}
      </ul>
      {list.length > 30 && (
        <p className="dim">{plural(list.length - 30, { one: "and # more", other: "and # more" })}</p>
      )}
    </>
  );
}

/** Seen from the exam. */
const agoWords = (count: number): string =>
  count === 0 ? t`the same day` : count > 0 ? t`${days(count)} before` : t`${days(-count)} after`;

function Others(props: { title: string; list: Context["prior"]; word: (count: string) => string }) {
  const { title, list, word } = props;
  if (list.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="care">
        {list.slice(0, 10).map((one) => (
          <li key={one.study}>
            <Link to={`/exams/${one.study}`}>{one.title || t`No description`}</Link>
            <span className="dim num">{one.days === 0 ? t`the same day` : word(days(one.days))}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
