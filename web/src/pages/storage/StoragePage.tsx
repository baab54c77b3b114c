import "./storage.css";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMay, systemQuery } from "../../api/session";
import { storageQuery, type Storage } from "../../api/storage";
import { bytes, count, counted, moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { Integrity } from "./Integrity";
import { Modalities } from "./Modalities";

/** What the archive holds, on which shelves, whether it is whole, and what waits. */
export default function StoragePage() {
  useTitle("Storage");
  const found = useQuery(storageQuery);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Storage</h1>
          <p>What the archive holds, on which shelves, whether it is whole, and what waits to be done.</p>
        </div>
      </div>
      {found.isPending ? (
        <Loading what="the state of the shelves" />
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
        <Shelves storage={storage} />
        <Integrity scrub={storage.scrub} />
        <Waiting waiting={storage.waiting} />
        <System storage={storage} />
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
    </div>
  );
}

function Figures({ storage: { modalities, shelves } }: { storage: Storage }) {
  const system = useQuery(systemQuery);
  const counts = system.data?.counts;
  const images = modalities.reduce((sum, one) => sum + one.instances, 0);
  const figures = [
    { name: "Patients", value: counts && count(counts.patients) },
    { name: "Exams", value: counts && count(counts.exams) },
    { name: "Images and objects", value: count(images) },
    { name: "On the shelves", value: bytes(shelves.bytes) },
    { name: "Room for more", value: bytes(shelves.free) },
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
    <Box title="Shelves">
      <Line name="Segments">
        {count(shelves.segments)} <span className="faint">({count(shelves.sealed)} complete)</span>
      </Line>
      <Line name="In the data folder">{count(shelves.local)}</Line>
      <Line name="In the object store">
        {shelves.hasTier ? count(shelves.tiered) : <span className="faint">not configured</span>}
      </Line>
      <Line name="Second copy">
        {shelves.hasSecondCopy ? "of every complete segment" : <span className="faint">not configured</span>}
      </Line>
      <Line name="Lossless compression">{isOn ? "on" : <span className="faint">off</span>}</Line>
      <Line name="Saved by it">
        {after > 0 && before > after ? (
          <>
            {bytes(before - after)}{" "}
            <span className="faint">
              ({(before / after).toFixed(1)} : 1 in {counted(segments, "segment")})
            </span>
          </>
        ) : (
          <span className="faint">nothing yet</span>
        )}
      </Line>
    </Box>
  );
}

const KINDS: Record<string, string> = {
  transfer: "Transfers with peers",
  "storage-commitment": "Storage commitments",
};

function Waiting({ waiting: { quarantined, conflicts, jobs } }: { waiting: Storage["waiting"] }) {
  const sees = useMay("quarantine");
  const number = (value: number, to: string) =>
    sees && value > 0 ? <Link to={to}>{count(value)}</Link> : count(value);
  return (
    <Box title="Waiting">
      <Line name="Files in quarantine">{number(quarantined, "/quarantine")}</Line>
      <Line name="Conflicts">{number(conflicts, "/conflicts")}</Line>
      {jobs.map((of) => (
        <Line key={of.kind} name={KINDS[of.kind] ?? of.kind}>
          {count(of.running)} under way, {count(of.waiting)} waiting
          {of.failed > 0 && <span className="storage-bad">, {count(of.failed)} given up</span>}
        </Line>
      ))}
      {jobs.length === 0 && <Line name="Work in the background">none</Line>}
    </Box>
  );
}

const LEDGERS: Record<string, string> = { sqlite: "SQLite", postgres: "PostgreSQL" };

function System({ storage }: { storage: Storage }) {
  const system = useQuery(systemQuery);
  const health = useQuery({
    queryKey: ["ready"],
    queryFn: async ({ signal }) => (await fetch("/readyz", { signal })).ok,
    refetchInterval: 15_000,
  });
  const dimse = system.data?.dimse;
  return (
    <Box title="System">
      <Line name="Health">
        {health.data === true ? (
          <span className="badge badge-ok">Ready</span>
        ) : health.isPending ? (
          "…"
        ) : (
          <span className="badge badge-danger">Not ready</span>
        )}
      </Line>
      <Line name="Version">Isocenter {storage.version}</Line>
      <Line name="Running since">{moment(storage.startedAt)}</Line>
      <Line name="Ledger">{LEDGERS[storage.ledger] ?? storage.ledger}</Line>
      <Line name="DICOM peers call">
        {dimse ? `${dimse.aeTitle}, port ${dimse.port}` : <span className="faint">the door is closed</span>}
      </Line>
    </Box>
  );
}
