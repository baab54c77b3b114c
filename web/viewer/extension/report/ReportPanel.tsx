import "./report.css";
import { t } from "@lingui/core/macro";
import { useEffect, useState, type KeyboardEvent } from "react";
import { language } from "../../../src/language/language";
import {
  evidenceWords,
  linkStateWords,
  percent,
  ruleWords,
  standing,
  statusWords,
} from "../../../src/pages/records/words";
import { placeWords, type NamedPlace, type Reading } from "../../../src/pages/report/reading";
import { MarkedText, ReportReader } from "../../../src/pages/report/ReportReader";
import { theHost } from "../modules";
import { studiesShown } from "../session";
import { loadReports, type LinkedReport, type ProjectReport, type Reports } from "./load";
import { goTo } from "./place";

/** The reports of the exam on screen, with what they say marked in their text. */
export function ReportPanel() {
  const [study = ""] = studiesShown();
  const [asked, setAsked] = useState(0);
  const [found, setFound] = useState<Reports | Error>();
  useEffect(() => {
    let gone = false;
    loadReports(study).then(
      (all) => gone || setFound(all),
      (error: unknown) => gone || setFound(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      gone = true;
    };
  }, [study, asked]);
  return (
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions -- it keeps keys from the viewer, no more
    <div className="iso-report" lang={language()} onKeyDown={ownKeys}>
      {found === undefined ? (
        <p className="dim">{t`Looking for the report…`}</p>
      ) : found instanceof Error ? (
        <div role="alert">
          <p>{t`The report could not be asked for: ${found.message}`}</p>
          <button type="button" className="iso-report-again" onClick={() => setAsked(asked + 1)}>
            {t`Try again`}
          </button>
        </div>
      ) : found.of === "archive" ? (
        <OfArchive study={study} linked={found.linked} />
      ) : (
        <OfProject study={study} reports={found.reports} />
      )}
    </div>
  );
}

const OWN = ["Enter", " ", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

/** The viewer takes keys for itself, wherever the focus is: those that press and choose belong to the panel. */
function ownKeys(event: KeyboardEvent): void {
  if (OWN.includes(event.key)) event.stopPropagation();
}

function OfArchive({ study, linked }: { study: string; linked: LinkedReport[] }) {
  if (linked.length === 0) return <p className="dim">{t`No report of this exam has arrived.`}</p>;
  return linked.map((one, at) => (
    <Linked key={one.link.id} study={study} one={one} open={at === 0 && one.link.state === "linked"} />
  ));
}

function Linked({ study, one: { link, full }, open }: { study: string; one: LinkedReport; open: boolean }) {
  const [shown, setShown] = useState(open);
  const { go, told } = useImagesOf(study);
  const { record, versions } = full;
  const title = record.title || t`Report`;
  return (
    <section aria-label={title}>
      <h3>
        <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {title}
        </button>
      </h3>
      <p className="iso-report-about">
        <span className="badge">{standing(record)}</span>
        {link.state !== "linked" && <span className="badge badge-warn">{linkStateWords(link.state)}</span>}
        <a href={`/reports/${record.id}`} target="_blank" rel="noreferrer">
          {t`Open its page`}
        </a>
      </p>
      {versions.length > 1 && (
        <p className="notice notice-warn" role="note">
          {t`It was changed after it was first sent: this is version ${record.version}.`}
        </p>
      )}
      {shown && <ReportReader full={full} narrow go={go} />}
      <p role="status" className="iso-report-told">
        {told}
      </p>
      <p className="dim">
        {[ruleWords(link.rule), ...evidenceWords(link.evidence)].join(", ")}.{" "}
        {link.decidedBy === ""
          ? t`Confidence ${percent(link.confidence)}.`
          : t`Decided by ${link.decidedBy}.`}
      </p>
    </section>
  );
}

/** Shows images of an exam that a report names, and says where there are none. */
function useImagesOf(study: string) {
  const [told, setTold] = useState("");
  const go = (place: NamedPlace) => {
    const none = () => setTold(t`This exam has no ${placeWords(place)} that can be shown.`);
    setTold("");
    void goTo(theHost(), study, place).then((there) => there || none(), none);
  };
  return { go, told };
}

const NO_DISPUTES = new Map<number, never>();

/** What is marked was read from the text as the project sees it. */
function OfProject({ study, reports }: { study: string; reports: ProjectReport[] }) {
  const { go, told } = useImagesOf(study);
  if (reports.length === 0) return <p className="dim">{t`No report of this exam has arrived.`}</p>;
  return (
    <>
      {reports.map((one, at) => (
        <section key={at} aria-label={one.title || t`Report`}>
          <h3>{one.title || t`Report`}</h3>
          <p className="iso-report-about">
            <span className="badge">{statusWords(one.status)}</span>
            <span className="dim">{t`As the project sees it, without what identifies people.`}</span>
          </p>
          <div className="reader reader-narrow">
            <MarkedText
              text={one.text}
              reading={one.reading as unknown as Reading}
              disputes={NO_DISPUTES}
              go={go}
            />
          </div>
        </section>
      ))}
      <p role="status" className="iso-report-told">
        {told}
      </p>
    </>
  );
}
