import "./releases.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { Link } from "react-router";
import { releasesQuery, requestUrl, type ReleaseSummary } from "../../api/releases";
import { sessionQuery, useMay } from "../../api/session";
import { dicomDate } from "../../format/dicom";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { formsShort, grouped, stateBadge, stateWords, toldWords } from "./words";

/** Requests for data: those that wait for the reader, the reader's own, and the others. */
export default function RequestsPage() {
  useTitle(t`Requests`);
  const found = useQuery(releasesQuery);
  const me = useQuery(sessionQuery).data?.account.name ?? "";
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Requests`}</h1>
          <p>{t`Data of a frozen cohort, asked for by one person, decided by another, given as a package that never changes.`}</p>
        </div>
        <Ways />
      </div>
      {found.isPending ? (
        <Loading what={t`requests`} />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.data.length === 0 ? (
        <Empty
          icon="send"
          title={t`Nobody has asked for data`}
          actions={
            <Link to="/cohorts" className="button button-primary">
              {t`Go to the cohorts`}
            </Link>
          }
        >
          {t`Freeze a cohort; beside what is frozen stands “Request data”.`}
        </Empty>
      ) : (
        <Lists all={found.data} me={me} />
      )}
    </div>
  );
}

function Ways() {
  const [releases, audits] = [useMay("release"), useMay("read-audit")];
  return (
    <div className="row-actions">
      {(releases || audits) && (
        <Link to="/register" className="button">
          <Icon name="report" size={14} /> {t`Register of uses`}
        </Link>
      )}
      {releases && (
        <Link to="/withdrawals" className="button">
          <Icon name="leave" size={14} /> {t`Withdrawals`}
        </Link>
      )}
    </div>
  );
}

function Lists({ all, me }: { all: ReleaseSummary[]; me: string }) {
  const { decide, mine, others } = grouped(all, me);
  return (
    <>
      {decide.length > 0 && <List title={t`Wait for your decision`} list={decide} />}
      {mine.length > 0 && <List title={t`Yours`} list={mine} />}
      {others.length > 0 && <List title={t`Others`} list={others} />}
    </>
  );
}

function List({ title, list }: { title: string; list: ReleaseSummary[] }) {
  const id = useId();
  return (
    <section className="panel release-list" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              {[t`Request`, t`State`, t`Project`, t`Patients, exams`, t`As`, t`Asked by`, t`Until`].map(
                (head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {list.map((one) => (
              <tr key={one.id}>
                <td>
                  <Link to={requestUrl(one.id)}>
                    <strong>{one.title}</strong>
                  </Link>
                  <div className="dim mono">{one.frozen}</div>
                </td>
                <td>
                  <span className={stateBadge(one.state)}>{stateWords(one.state)}</span>
                </td>
                <td>{one.project.title || one.project.id}</td>
                <td className="num">
                  {toldWords(one.patients)}, {toldWords(one.exams)}
                </td>
                <td>{formsShort(one.forms)}</td>
                <td className="dim">
                  {one.askedBy}, {moment(one.askedAt)}
                </td>
                <td className="dim num">{dicomDate(one.expires)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
