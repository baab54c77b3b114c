import "./records.css";
import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { Problem } from "../../api/problem";
import {
  isUnread,
  personUrl,
  readAgain,
  reportUrl,
  sourceContentQuery,
  sourceContentUrl,
  sourceQuery,
  type SourceInFull,
} from "../../api/records";
import { doorWords } from "../../format/doors";
import { bytes, exactMoment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";
import { useTitle } from "../../shell/useTitle";
import { Outcome } from "./MessagesPage";
import { SourceText } from "./SourceText";
import { formatWords, kindWords, messageWords } from "./words";

/** One message or file: what it is, what became of each part, and the original. */
export default function SourcePage() {
  useTitle(t`Message`);
  const { id = "" } = useParams();
  const source = useQuery(sourceQuery(id));
  if (source.isPending) return <Loading what={t`the message`} />;
  if (source.isError) {
    if (source.error instanceof Problem && source.error.status === 404) return <NoSource />;
    return <Failure error={source.error} retry={() => void source.refetch()} />;
  }
  return <Source source={source.data} />;
}

function NoSource() {
  return (
    <Empty
      page
      icon="search"
      title={t`This message is not here`}
      actions={
        <Link to="/records" className="button button-primary">
          {t`Go to messages`}
        </Link>
      }
    >
      {t`The address may be mistyped.`}
    </Empty>
  );
}

function Source({ source }: { source: SourceInFull }) {
  const words = messageWords(source.title);
  return (
    <div className="page source">
      <div className="page-head">
        <div>
          <p>
            <Link to="/records">{t`Messages`}</Link>
          </p>
          <h1>{source.title || source.fileName || formatWords(source.format)}</h1>
          <p>{[formatWords(source.format), words].filter((part) => part !== "").join(" · ")}</p>
        </div>
        <div className="row-actions">
          <a className="button" href={sourceContentUrl(source.id)} download>
            <Icon name="download" /> {t`Download`}
          </a>
          <May action="curate">
            <Again source={source} />
          </May>
        </div>
      </div>
      <section className="panel source-part" aria-label={t`About this message`}>
        <div className="source-outcome">
          <Outcome source={source} />
        </div>
        <Facts source={source} />
      </section>
      <Left source={source} />
      <Told source={source} />
      <Original source={source} />
    </div>
  );
}

function Again({ source }: { source: SourceInFull }) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const again = useMutation({
    mutationFn: () => readAgain(source.id),
    onSuccess: () => toasts.say(t`It is read again in a moment.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: sourceQuery(source.id).queryKey }),
  });
  return (
    <button
      type="button"
      className="button"
      disabled={again.isPending || isUnread(source)}
      onClick={() => again.mutate()}
    >
      <Icon name="retry" /> {t`Read again`}
    </button>
  );
}

function Facts({ source }: { source: SourceInFull }) {
  const facts: [string, string][] = [
    [t`Sender`, source.sender.replaceAll("|", " · ")],
    [t`Control ID`, source.control],
    [t`Sent`, source.sentAt ? exactMoment(source.sentAt) : ""],
    [t`Came`, exactMoment(source.receivedAt)],
    [t`How often`, plural(source.times, { one: "once", other: "# times, the same bytes" })],
    [t`By`, `${doorWords(source.door)} · ${source.account}`],
    [t`File`, source.fileName],
    [t`Issuer of its IDs`, source.system],
    [t`Size`, bytes(source.length)],
    ["SHA-256", source.digest],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={name === "SHA-256" ? "mono" : "num"}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What became no record, and why. */
function Left({ source: { left } }: { source: SourceInFull }) {
  if (left.length === 0) return null;
  return (
    <section className="panel source-part table-scroll" aria-labelledby="left-title">
      <h2 id="left-title">{t`What became no record`}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`Where`}</th>
            <th scope="col">{t`Outcome`}</th>
            <th scope="col">{t`Why`}</th>
          </tr>
        </thead>
        <tbody>
          {left.map(({ place, why, refused }, at) => (
            <tr key={at}>
              <td className="mono">{place}</td>
              <td>
                <span className={refused ? "badge badge-danger" : "badge"}>
                  {refused ? t`Refused` : t`Kept unread`}
                </span>
              </td>
              <td>{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The records it says something of, with the way to whose they are. */
function Told({ source: { records } }: { source: SourceInFull }) {
  if (records.length === 0) return null;
  const persons = [...new Set(records.flatMap(({ person }) => person ?? []))];
  return (
    <section className="panel source-part" aria-labelledby="told-title">
      <h2 id="told-title">{t`What it speaks of`}</h2>
      <ul className="told">
        {records.map(({ record, kind, title, person }) => (
          <li key={record}>
            <span className="badge">{kindWords(kind)}</span>
            {kind === "DiagnosticReport" || kind === "DocumentReference" ? (
              <Link to={reportUrl(record)}>{title || t`No title`}</Link>
            ) : person === null || person === undefined || kind === "Patient" ? (
              <span>{title}</span>
            ) : (
              <Link to={`${personUrl(person)}?record=${record}`}>{title || t`No title`}</Link>
            )}
          </li>
        ))}
      </ul>
      <div className="row-actions told-persons">
        {persons.slice(0, 5).map((person) => (
          <Link key={person} className="button button-small" to={personUrl(person)}>
            <Icon name="account" size={14} />{" "}
            {persons.length === 1 ? t`Record of the patient` : t`Record of patient ${person}`}
          </Link>
        ))}
      </div>
    </section>
  );
}

function Original({ source }: { source: SourceInFull }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="panel source-part" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{t`Show source`}</h2>
      </summary>
      {open && <Text source={source} />}
    </details>
  );
}

function Text({ source }: { source: SourceInFull }) {
  const content = useQuery(sourceContentQuery(source.id));
  if (content.isPending) return <Loading what={t`the original`} />;
  if (content.isError) return <Failure error={content.error} retry={() => void content.refetch()} />;
  return (
    <>
      <SourceText text={content.data.text} format={source.format} />
      {!content.data.whole && <p className="dim">{t`It goes on; the whole of it can be downloaded.`}</p>}
    </>
  );
}
