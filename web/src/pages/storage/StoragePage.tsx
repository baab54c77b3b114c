import "./storage.css";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMay, systemQuery } from "../../api/session";
import { storageQuery, type Storage } from "../../api/storage";
import { bytes, count } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { Forecast } from "./Forecast";
import { Integrity } from "./Integrity";
import { Modalities } from "./Modalities";

/** What the archive holds, on which shelves, whether it is whole, and what waits. */
export default function StoragePage() {
  useTitle(t`Storage`);
  const found = useQuery(storageQuery);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Storage`}</h1>
          <p>
            <Trans>
              What the archive holds, on which shelves, whether it is whole, and what waits to be done.
            </Trans>
          </p>
        </div>
      </div>
      {found.isPending ? (
        <Loading what={t`the state of the shelves`} />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Sections storage={found.data} />
      )}
    </div>
  );
}

function Sections({ storage }: { storage: Storage }) {
  return (
    <>
      <Troubles />
      <Figures storage={storage} />
      <Modalities modalities={storage.modalities} countedAt={storage.countedAt} />
      <div className="storage-columns">
        <Forecast forecast={storage.forecast} />
        <Shelves storage={storage} />
        <Integrity scrub={storage.scrub} />
        <Waiting waiting={storage.waiting} />
      </div>
    </>
  );
}

/** What is wrong at the moment, and what goes on meanwhile. */
function Troubles() {
  const system = useQuery({ ...systemQuery, refetchInterval: 15_000 });
  const troubles = system.data?.troubles ?? [];
  if (troubles.length === 0) return null;
  return (
    <div className="notice notice-danger" role="alert">
      <Icon name="quarantine" />
      <ul className="storage-troubles">
        {troubles.map(({ area, what }) => (
          <li key={area}>{what}</li>
        ))}
      </ul>
      <Link to="/health">{t`What to do`}</Link>
    </div>
  );
}

function Figures({ storage: { modalities, shelves } }: { storage: Storage }) {
  const system = useQuery(systemQuery);
  const counts = system.data?.counts;
  const images = modalities.reduce((sum, one) => sum + one.instances, 0);
  const figures = [
    { name: t`Patients`, value: counts && count(counts.patients) },
    { name: t`Exams`, value: counts && count(counts.exams) },
    { name: t`Images and objects`, value: count(images) },
    { name: t`On the shelves`, value: bytes(shelves.bytes) },
    { name: t`Room for more`, value: bytes(shelves.free) },
  ];
  return (
    <dl className="panel storage-figures">
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt className="dim">{name}</dt>
          <dd className="num">{value ?? "…"}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A box of names and values. */
export function Box({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  const id = `box-${title.toLowerCase()}`;
  return (
    <section className="panel storage-box" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <dl>{children}</dl>
      {foot}
    </section>
  );
}

export function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="dim">{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}

function Shelves({ storage: { shelves, compression } }: { storage: Storage }) {
  const { before, after, segments, isOn } = compression;
  return (
    <Box title={t`Shelves`}>
      <Line name={t`Segments`}>
        {count(shelves.segments)} <span className="faint">{t`(${count(shelves.sealed)} complete)`}</span>
      </Line>
      <Line name={t`In the data folder`}>{count(shelves.local)}</Line>
      <Line name={t`In the object store`}>
        {shelves.hasTier ? count(shelves.tiered) : <span className="faint">{t`not configured`}</span>}
      </Line>
      <Line name={t`Second copy`}>
        {shelves.hasSecondCopy ? (
          t`of every complete segment`
        ) : (
          <span className="faint">{t`not configured`}</span>
        )}
      </Line>
      <Line name={t`Lossless compression`}>{isOn ? t`on` : <span className="faint">{t`off`}</span>}</Line>
      <Line name={t`Saved by it`}>
        {after > 0 && before > after ? (
          <>
            {bytes(before - after)}{" "}
            <span className="faint">
              {t`(${(before / after).toFixed(1)} : 1 in ${plural(segments, { one: "# segment", other: "# segments" })})`}
            </span>
          </>
        ) : (
          <span className="faint">{t`nothing yet`}</span>
        )}
      </Line>
    </Box>
  );
}

const KINDS: Record<string, () => string> = {
  transfer: () => t`Transfers with peers`,
  "storage-commitment": () => t`Storage commitments`,
  download: () => t`Downloads`,
};

export function Waiting({ waiting: { quarantined, conflicts, jobs } }: { waiting: Storage["waiting"] }) {
  const sees = useMay("quarantine");
  const number = (value: number, to: string) =>
    sees && value > 0 ? <Link to={to}>{count(value)}</Link> : count(value);
  return (
    <Box title={t`Waiting`}>
      <Line name={t`Files in quarantine`}>{number(quarantined, "/quarantine")}</Line>
      <Line name={t`Conflicts`}>{number(conflicts, "/conflicts")}</Line>
      {jobs.map((of) => (
        <Line key={of.kind} name={KINDS[of.kind]?.() ?? of.kind}>
          {t`${count(of.running)} under way, ${count(of.waiting)} waiting`}
          {of.failed > 0 && (
            <>
              {", "}
              <span className="storage-bad">{t`${count(of.failed)} given up`}</span>
            </>
          )}
        </Line>
      ))}
      {jobs.length === 0 && <Line name={t`Work in the background`}>{t`none`}</Line>}
    </Box>
  );
}
