import "../people/people.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Problem } from "../../api/problem";
import { personQuery, personUrl, recordQuery, type RecordInFull } from "../../api/records";
import { checkUrl } from "../../api/checks";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { LinksOf } from "../people/LinksOf";
import { RecordWords, Sayings } from "../people/RecordWords";
import { aboutPerson, nameOfPerson } from "../people/who";
import { kindWords, standing } from "../records/words";
import { ReportReader } from "./ReportReader";

/** One report to be read: its text with the findings, its versions, what it belongs to. */
export default function ReportPage() {
  useTitle(t`Report`);
  const { record = "" } = useParams();
  const full = useQuery(recordQuery(Number(record)));
  if (full.isPending) return <Loading what={t`the report`} />;
  if (full.isError) {
    if (full.error instanceof Problem && full.error.status < 500) return <NoReport />;
    return <Failure error={full.error} retry={() => void full.refetch()} />;
  }
  return <Report full={full.data} />;
}

function NoReport() {
  return (
    <Empty
      page
      icon="search"
      title={t`This report is not here`}
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

function Report({ full }: { full: RecordInFull }) {
  const { record } = full;
  return (
    <div className="page report-page">
      <div className="page-head">
        <div>
          <Whose person={record.person ?? undefined} record={record.id} />
          <h1>{record.title || kindWords(record.kind)}</h1>
          <p>
            {kindWords(record.kind)} <span className="badge">{standing(record)}</span>
          </p>
        </div>
      </div>
      <ReportReader full={full} />
      <May action="measure">
        <p>
          <Link to={checkUrl(record.id)} className="button">{t`Check what was read`}</Link>
        </p>
      </May>
      <section className="panel person-part" aria-labelledby="belongs-title">
        <h2 id="belongs-title">{t`Belongs to`}</h2>
        <Belongs person={record.person ?? undefined} record={record.id} />
      </section>
      <section className="panel person-part" aria-labelledby="words-title">
        <h2 id="words-title">{t`About this report`}</h2>
        <RecordWords content={record.content} />
        <Sayings full={full} />
      </section>
    </div>
  );
}

function Whose({ person, record }: { person: number | undefined; record: number }) {
  const known = useQuery({ ...personQuery(person ?? 0), enabled: person !== undefined });
  if (person === undefined) return null;
  return (
    <p>
      <Link to={`${personUrl(person)}?record=${record}`}>
        <Icon name="back" size={13} />{" "}
        {known.data === undefined ? t`Record of the patient` : nameOfPerson(known.data.person)}
      </Link>{" "}
      {known.data !== undefined && <span className="num">{aboutPerson(known.data.person)}</span>}
    </p>
  );
}

function Belongs({ person, record }: { person: number | undefined; record: number }) {
  const known = useQuery({ ...personQuery(person ?? 0), enabled: person !== undefined });
  if (known.data === undefined) return <p className="dim">{t`It is not known whose it is.`}</p>;
  return <LinksOf timeline={known.data} of={{ record }} />;
}
