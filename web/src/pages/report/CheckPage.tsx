import "./check.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { checkUrl, progressQuery, qualityQuery, toCheckQuery, type ToCheck } from "../../api/checks";
import { exactMoment } from "../../format/units";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { QualityTables } from "./Quality";

/** Reports whose reading a person should check, and how well reports are read by what was checked. */
export default function CheckPage() {
  useTitle(t`Reports to check`);
  const progress = useQuery(progressQuery).data;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t`Reports to check`}</h1>
      </div>
      {progress?.done === false && (
        <p role="status" className="notice">
          {t`All reports are being read by rules ${progress.engine}: ${progress.read} of ${progress.of}.`}
        </p>
      )}
      <section className="panel check-part">
        <h2 id="to-check">{t`To check`}</h2>
        <List />
      </section>
      <Disputed />
      <section className="panel check-part" aria-labelledby="quality">
        <h2 id="quality">{t`How well reports are read`}</h2>
        <QualityTables />
      </section>
    </div>
  );
}

function List() {
  const list = useQuery(toCheckQuery);
  if (list.isPending) return <Loading what={t`reports`} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  const { reports } = list.data;
  if (reports.length === 0) return <p className="dim">{t`No report waits to be checked.`}</p>;
  const why = ({ byLot, doubt }: ToCheck) => (byLot ? t`by lot` : t`uncertain (${doubt})`);
  return <Reports reports={reports} title="to-check" why={why} />;
}

/** Reports on which the text model says something else than the rules. */
function Disputed() {
  const reports = useQuery(toCheckQuery).data?.disputed ?? [];
  const model = useQuery(qualityQuery).data?.model ?? undefined;
  if (model === undefined && reports.length === 0) return null;
  const why = ({ doubt }: ToCheck) => plural(doubt, { one: "# finding", other: "# findings" });
  return (
    <section className="panel check-part">
      <h2 id="disputed">{t`Rules and model differ`}</h2>
      {reports.length === 0 ? (
        <p className="dim">{t`On no report that nobody has checked yet.`}</p>
      ) : (
        <Reports reports={reports} title="disputed" why={why} />
      )}
    </section>
  );
}

interface ReportsProps {
  reports: ToCheck[];
  /** The id of the heading. */
  title: string;
  why: (report: ToCheck) => string;
}

function Reports({ reports, title, why }: ReportsProps) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-labelledby={title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`Report`}</th>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`Site`}</th>
            <th scope="col">{t`Modality`}</th>
            <th scope="col">{t`Why`}</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <Row key={report.record} report={report} why={why(report)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ report, why }: { report: ToCheck; why: string }) {
  return (
    <tr>
      <td>
        <Link to={checkUrl(report.record)}>{report.title === "" ? t`Report` : report.title}</Link>
      </td>
      <td className="num">{report.at === null || report.at === undefined ? "" : exactMoment(report.at)}</td>
      <td>{report.site}</td>
      <td>{report.modality}</td>
      <td>{why}</td>
    </tr>
  );
}
