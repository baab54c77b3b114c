import "./releases.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { cohortUrl } from "../../api/cohorts";
import { Problem } from "../../api/problem";
import { releaseQuery, voteUrl, type ReleaseDetail } from "../../api/releases";
import { sessionQuery, useMay } from "../../api/session";
import { dicomDate } from "../../format/dicom";
import { exactMoment, moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Progress } from "../../parts/Progress";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { fromDefinition } from "../cohorts/draft";
import { draftLines } from "../cohorts/words";
import { Checks } from "./Checks";
import { Decide } from "./Decide";
import { Fetching } from "./Fetching";
import { Letters } from "./Letters";
import { PackageParts } from "./PackageParts";
import { Steer } from "./Steer";
import { formWords, stateBadge, stateWords, toldWords, waitsFor } from "./words";

/** One request: who asked for what, what was decided and found, and the package. */
export default function RequestPage() {
  const { id = "" } = useParams();
  const found = useQuery(releaseQuery(id));
  useTitle(found.data?.title ?? t`Request`);
  if (found.isPending) return <Loading what={t`the request`} />;
  if (found.isError) {
    if (found.error instanceof Problem && [400, 403, 404].includes(found.error.status)) return <NoRequest />;
    return <Failure error={found.error} retry={() => void found.refetch()} />;
  }
  return <Request detail={found.data} />;
}

function NoRequest() {
  return (
    <Empty
      page
      icon="send"
      title={t`This request is not here`}
      actions={
        <Link to="/requests" className="button button-primary">
          {t`All requests`}
        </Link>
      }
    >
      {t`It does not name you, or the address is mistyped.`}
    </Empty>
  );
}

function Request({ detail }: { detail: ReleaseDetail }) {
  const me = useQuery(sessionQuery).data?.account.name ?? "";
  return (
    <div className="page release-page">
      <div className="page-head">
        <div>
          <h1>{detail.title}</h1>
          <p>
            <span className={stateBadge(detail.state)}>{stateWords(detail.state)}</span>{" "}
            {t`asked by ${detail.askedBy}, ${moment(detail.askedAt)}`}
          </p>
        </div>
        <Steer detail={detail} me={me} />
      </div>
      <Standing detail={detail} />
      <Decide detail={detail} me={me} />
      <Fetching detail={detail} />
      <PackageParts detail={detail} />
      <Asked detail={detail} />
      <Checks checks={detail.checks} />
      <Missing missing={detail.missing} />
      <Decisions detail={detail} />
      <Letters letters={detail.letters} />
    </div>
  );
}

/** Who or what is waited for. */
function Standing({ detail }: { detail: ReleaseDetail }) {
  const { state, progress, expires } = detail;
  if (state === "making") {
    return (
      <section className="panel release-part" aria-label={t`Progress`}>
        <Progress label={t`Progress`} value={progress.done} of={progress.of} />
        <p className="dim num" role="status">
          {progress.of > 0 && t`${progress.done} of ${progress.of}. `}
          {progress.says}
        </p>
      </section>
    );
  }
  const says = {
    asked: waitsFor(detail),
    waiting:
      progress.says || t`Something was found that must not leave. Nothing is given until it is looked at.`,
    failed: progress.says,
    expired: t`Its last day was ${dicomDate(expires)}. Ask again for the same frozen cohort.`,
    recalled: t`It was called back: every copy of it must be deleted.`,
  }[state as string];
  if (says === undefined || says === "") return null;
  const grave = state === "failed" || state === "recalled";
  return (
    <p className={grave ? "notice notice-danger" : "notice notice-warn"} role="status">
      {says}
    </p>
  );
}

function Asked({ detail }: { detail: ReleaseDetail }) {
  const { project, purpose, recipients, ethics, expires, forms, policy, endpoint } = detail;
  return (
    <section className="panel release-part" aria-labelledby="asked-title">
      <h2 id="asked-title">{t`What is asked for`}</h2>
      <dl className="release-facts">
        <Fact name={t`For`}>{purpose}</Fact>
        <Fact name={t`Project`}>
          <Link to={`/projects/${project.id}`}>{project.title || project.id}</Link>
        </Fact>
        <Fact name={t`Who receives it`}>
          {recipients.map(({ name, email, institution }) => (
            <div key={`${name} ${email}`}>
              {name}{" "}
              <span className="dim">{[email, institution].filter((part) => part !== "").join(", ")}</span>
            </div>
          ))}
        </Fact>
        <Fact name={t`Vote of the ethics committee`}>
          {ethics.reference || "–"}{" "}
          {ethics.document && (
            <a href={voteUrl(detail.id)} download>
              {t`the document`}
            </a>
          )}
        </Fact>
        <Fact name={t`As what`}>
          {forms.map((form) => (
            <div key={form}>{formWords(form)}</div>
          ))}
          {endpoint !== null && <InPlace endpoint={endpoint} release={detail.id} />}
        </Fact>
        <Fact name={t`Last day`}>{dicomDate(expires)}</Fact>
        <Fact name={t`Cohort`}>
          <Cohort detail={detail} />
        </Fact>
        <Fact name={t`Policy`}>
          <PolicyName policy={policy} />
        </Fact>
      </dl>
    </section>
  );
}

/** Where its images are shown and its facts asked, as programs take it. */
function InPlace({ endpoint, release }: { endpoint: { dicomweb: string; sql: string }; release: string }) {
  const at = (path: string) => new URL(path, window.location.origin).href;
  const ways = [
    { name: "DICOMweb", code: at(endpoint.dicomweb) },
    { name: "SQL", code: at(endpoint.sql) },
    { name: "Python", code: `client.sql("SELECT * FROM exam", release="${release}")` },
  ];
  return ways.map(({ name, code }) => (
    <div key={name}>
      {name}: <code>{code}</code>
    </div>
  ));
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The cohort by name and in words, as it was frozen. */
function Cohort({ detail }: { detail: ReleaseDetail }) {
  const { cohort, frozen, facts, definition, patients, exams } = detail;
  return (
    <>
      <div>
        <Link to={cohortUrl(cohort.id)}>{cohort.name}</Link> {t`version ${cohort.version}`},{" "}
        <span className="mono">{frozen}</span>
        <span className="dim"> · {t`facts of version ${facts}`}</span>
      </div>
      <div className="num">{t`Patients: ${toldWords(patients)}, exams: ${toldWords(exams)}`}</div>
      <ul className="release-definition" aria-label={t`The question in words`}>
        {draftLines(fromDefinition(definition)).map((line, at) => (
          <li key={at}>{line}</li>
        ))}
      </ul>
    </>
  );
}

function PolicyName({ policy: { id, version, digest } }: { policy: ReleaseDetail["policy"] }) {
  const may = useMay("manage-policies");
  const words = t`${id} version ${version}`;
  return (
    <>
      {may ? <Link to={`/policies/${id}`}>{words}</Link> : words}{" "}
      <span className="mono faint" title={digest}>
        {digest.slice(0, 12)}
      </span>
    </>
  );
}

function Missing({ missing }: { missing: ReleaseDetail["missing"] }) {
  if (missing.length === 0) return null;
  return (
    <section className="panel release-part table-scroll" aria-labelledby="missing-title">
      <h2 id="missing-title">{t`What is missing, and why`}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Why`}</th>
            <th scope="col" className="right">
              {t`How many`}
            </th>
          </tr>
        </thead>
        <tbody>
          {missing.map(({ what, why, count }) => (
            <tr key={`${what} ${why}`}>
              <td>{what}</td>
              <td>{why}</td>
              <td className="right num">{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Decisions({ detail: { decisions } }: { detail: ReleaseDetail }) {
  if (decisions.length === 0) return null;
  return (
    <section className="panel release-part" aria-labelledby="decisions-title">
      <h2 id="decisions-title">{t`What was decided`}</h2>
      <ul className="release-plain">
        {decisions.map(({ by, at, approve, reason }) => (
          <li key={`${by} ${at}`}>
            <span className={approve ? "badge badge-ok" : "badge badge-danger"}>
              <Icon name={approve ? "ok" : "close"} size={11} /> {approve ? t`approved` : t`refused`}
            </span>{" "}
            <strong>{by}</strong> <span className="dim num">{exactMoment(at)}</span>
            {reason !== "" && <div>{reason}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
