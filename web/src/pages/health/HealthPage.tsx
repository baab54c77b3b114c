import "./health.css";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { healthQuery, type Check, type Health } from "../../api/health";
import { moment } from "../../format/units";
import { Icon, type IconName } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { Box, Line, Waiting } from "../storage/StoragePage";
import { areaName, told } from "./words";

/** Everything that can go wrong by itself: how it stands, and what to do where it doesn't stand well. */
export default function HealthPage() {
  useTitle(t`System health`);
  const found = useQuery(healthQuery);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`System health`}</h1>
          <p>
            <Trans>
              What can go wrong by itself, how it stands now, and what to do where something is needed.
            </Trans>
          </p>
        </div>
      </div>
      {found.isPending ? (
        <Loading what={t`how everything stands`} />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Sections health={found.data} />
      )}
    </div>
  );
}

const RANK: Record<string, number> = { bad: 0, attention: 1, good: 2 };

function Sections({ health }: { health: Health }) {
  const rank = (check: Check) => RANK[check.state] ?? 0;
  const checks = health.checks.toSorted((one, other) => rank(one) - rank(other));
  return (
    <>
      <Summary checks={checks} at={health.at} />
      <section className="panel health-checks" aria-label={t`Checks`}>
        <ul>
          {checks.map((check) => (
            <Row key={check.area} check={check} />
          ))}
        </ul>
      </section>
      <div className="storage-columns">
        <Doors doors={health.doors} />
        <System health={health} />
        <Waiting waiting={health.queues} />
      </div>
    </>
  );
}

function Summary({ checks, at }: { checks: Check[]; at: string }) {
  const bad = checks.filter(({ state }) => state === "bad").length;
  const some = checks.filter(({ state }) => state === "attention").length;
  const words =
    bad > 0
      ? plural(bad, { one: "One thing is broken", other: "# things are broken" })
      : some > 0
        ? plural(some, { one: "One thing wants attention", other: "# things want attention" })
        : t`All is well`;
  return (
    <p className="health-summary" role="status">
      <strong>{words}</strong> <span className="faint num">{t`as of ${moment(at)}`}</span>
    </p>
  );
}

const LOOKS: Record<string, { icon: IconName; name: () => string }> = {
  good: { icon: "ok", name: () => t`Good` },
  attention: { icon: "activity", name: () => t`Attention` },
  bad: { icon: "quarantine", name: () => t`Broken` },
};

function Row({ check }: { check: Check }) {
  const look = LOOKS[check.state];
  const { what, remedy, to } = told(check);
  return (
    <li className={`health-row health-${check.state}`} data-area={check.area}>
      <Icon name={look?.icon ?? "activity"} size={18} />
      <div className="health-area">
        <strong>{areaName(check.area)}</strong>
        <span className={check.state === "good" ? "dim" : "health-state"}>{look?.name()}</span>
      </div>
      <div>
        <div className="num">{what}</div>
        {check.details?.slice(0, 3).map((detail) => (
          <div key={detail} className="dim health-detail">
            {detail}
          </div>
        ))}
        {check.state !== "good" && remedy !== undefined && <div className="health-remedy">{remedy}</div>}
      </div>
      {check.state !== "good" && to !== undefined && (
        <Link to={to} className="button button-small">
          {t`Go there`}
        </Link>
      )}
    </li>
  );
}

const DOORS: Record<string, () => string> = {
  web: () => t`Pages, API, DICOMweb`,
  dicom: () => t`DICOM network`,
  "dicom-tls": () => t`DICOM network, TLS`,
};

function Doors({ doors }: { doors: Health["doors"] }) {
  return (
    <Box title={t`Doors`}>
      {doors.map(({ kind, address, tls, title }) => (
        <Line key={kind} name={DOORS[kind]?.() ?? kind}>
          {address} {title} {tls && <span className="badge badge-ok">{t`TLS`}</span>}
        </Line>
      ))}
    </Box>
  );
}

const BACKENDS: Record<string, () => string> = {
  sqlite: () => "SQLite",
  postgres: () => "PostgreSQL",
  s3: () => "S3",
  folder: () => t`a folder`,
};

function System({ health: { version, startedAt, backends } }: { health: Health }) {
  const name = (backend: string | null | undefined) =>
    backend === undefined || backend === null ? (
      <span className="faint">{t`not configured`}</span>
    ) : (
      (BACKENDS[backend]?.() ?? backend)
    );
  return (
    <Box title={t`System`}>
      <Line name={t`Version`}>Isocenter {version}</Line>
      <Line name={t`Running since`}>{moment(startedAt)}</Line>
      <Line name={t`Ledger`}>{name(backends.ledger)}</Line>
      <Line name={t`Object store`}>{name(backends.objects)}</Line>
      <Line name={t`Second copy`}>{name(backends.secondCopy)}</Line>
      <Line name={t`Sign-in`}>
        {backends.oidc ? t`with the organisation's provider, or a password` : t`with a password`}
      </Line>
    </Box>
  );
}
