import "./home.css";
import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { homeQuery, type HomeBody, type Need } from "../../api/home";
import { releasesQuery } from "../../api/releases";
import { sessionQuery, systemQuery, useMay } from "../../api/session";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { waitsForMe } from "../releases/words";
import { Arrived, SPANS } from "./Arrived";
import { ExamCard } from "./ExamCard";
import { FirstImages } from "./FirstImages";
import { Needs } from "./Needs";

/** What arrived, what needs one, what one had open. */
export function HomePage() {
  useTitle(t`Home`);
  const [hours, setHours] = useState<number>(SPANS[0].hours);
  const home = useQuery({ ...homeQuery(hours), placeholderData: (before) => before });
  const system = useQuery({ ...systemQuery, refetchOnMount: "always", refetchInterval: 20_000 });
  const requests = useRequestsForMe();
  const needs = [...(home.data?.needs ?? []), ...requests];
  const isEmpty = home.data?.newest.length === 0 && needs.length === 0;
  return (
    <div className="page home">
      <div className="page-head">
        <div>
          <h1>{t`Home`}</h1>
          <p className="num">{held(system.data?.counts)}</p>
        </div>
        <Link to="/exams" className="button">
          <Icon name="exams" /> {t`All exams`}
        </Link>
      </div>
      {home.isPending ? (
        <Loading what={t`what arrived`} />
      ) : home.isError ? (
        <Failure error={home.error} retry={() => void home.refetch()} />
      ) : isEmpty ? (
        <FirstImages />
      ) : (
        <>
          <Needs needs={needs} />
          <Arrived
            arrived={home.data.arrived}
            hours={hours}
            choose={setHours}
            stale={home.isPlaceholderData}
          />
          <Exams home={home.data} />
        </>
      )}
    </div>
  );
}

/** Requests for data that wait for the reader, as a line of what needs them. */
function useRequestsForMe(): Need[] {
  const may = useMay("release");
  const me = useQuery(sessionQuery).data?.account.name ?? "";
  const all = useQuery({ ...releasesQuery, enabled: may }).data ?? [];
  const waiting = all.filter((one) => waitsForMe(one, me));
  if (waiting.length === 0) return [];
  return [{ kind: "releases", count: waiting.length, details: waiting.map(({ title }) => title) }];
}

function held(counts: Schemas["Counts"] | null | undefined): string {
  if (!counts) return "…";
  const patients = plural(counts.patients, { one: "# patient", other: "# patients" });
  const exams = plural(counts.exams, { one: "# exam", other: "# exams" });
  const images = plural(counts.instances, { one: "# image", other: "# images" });
  return t`${patients}, ${exams}, ${images} in the archive.`;
}

function Exams({ home }: { home: HomeBody }) {
  const arriving = new Set(home.arriving.map(({ exam }) => exam.studyInstanceUid));
  return (
    <div className="home-columns">
      <Panel title={t`Newest`} empty={t`Nothing has arrived yet.`}>
        {home.newest.map(({ exam, lastAt }) => (
          <ExamCard
            key={exam.studyInstanceUid}
            exam={exam}
            note={
              arriving.has(exam.studyInstanceUid) ? (
                <span
                  className="badge badge-warn"
                  title={t`Something of it came within the last minute; more may follow.`}
                >
                  {t`Still arriving`}
                </span>
              ) : (
                moment(lastAt)
              )
            }
          />
        ))}
      </Panel>
      <Panel
        title={t`You had open`}
        empty={t`Exams you open are listed here, in every browser you sign in with.`}
      >
        {home.recent.map((exam) => (
          <ExamCard key={exam.studyInstanceUid} exam={exam} />
        ))}
      </Panel>
    </div>
  );
}

function Panel({ title, empty, children }: { title: string; empty: string; children: ReactNode[] }) {
  const id = useId();
  return (
    <section className="panel home-panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children.length === 0 ? (
        <p className="dim home-none">{empty}</p>
      ) : (
        <ul className="home-exams">{children}</ul>
      )}
    </section>
  );
}
