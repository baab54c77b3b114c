import "./report.css";
import "./check.css";
import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { checksQuery, keepCheck, toCheckQuery, qualityQuery, type CheckRow } from "../../api/checks";
import { recordQuery, reportUrl, type RecordInFull, type VersionRow } from "../../api/records";
import { exactMoment } from "../../format/units";
import { Refusal } from "../../parts/Refusal";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { AddFinding } from "./AddFinding";
import { bytesOf, changed, checkOf, confirmed, draftsOf, isOpen, type Draft } from "./checking";
import { DraftRow } from "./DraftRow";
import { pieces, readingOf, textOf, type Reading, type Span } from "./reading";

/** A report, and what it was read to say, to be confirmed or put right. */
export default function CheckReportPage() {
  useTitle(t`Check a report`);
  const record = Number(useParams()["record"] ?? "");
  const full = useQuery(recordQuery(record));
  const checks = useQuery(checksQuery(record));
  if (full.isPending || checks.isPending) return <Loading what={t`the report`} />;
  if (full.isError) return <Failure error={full.error} retry={() => void full.refetch()} />;
  if (checks.isError) return <Failure error={checks.error} retry={() => void checks.refetch()} />;
  return <Checkable full={full.data} checks={checks.data.checks} />;
}

function Checkable({ full, checks }: { full: RecordInFull; checks: CheckRow[] }) {
  const version = full.versions[0];
  const reading = version === undefined ? undefined : readingOf(full, version.version);
  if (version === undefined || reading === undefined) {
    return (
      <Empty page icon="search" title={t`There is nothing to check yet`}>
        {t`What this report says has not been read yet.`}
      </Empty>
    );
  }
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <p>
            <Link to="/reports/check">{t`Reports to check`}</Link>
          </p>
          <h1>{t`Check a report`}</h1>
          <p>
            <Link to={reportUrl(full.record.id)}>{full.record.title}</Link>
          </p>
        </div>
      </div>
      <Before checks={checks} version={version.version} />
      <Checking
        key={checks[0]?.at}
        record={full.record.id}
        version={version}
        reading={reading}
        checks={checks}
      />
    </div>
  );
}

function Before({ checks, version }: { checks: CheckRow[]; version: number }) {
  const last = checks.find((one) => one.version === version);
  if (last === undefined) return null;
  const { by, at, engine } = last;
  return (
    <p className="notice" role="status">
      {t`Checked by ${by} on ${exactMoment(at)}, as read by rules ${engine}. What you keep stands beside it.`}
    </p>
  );
}

interface CheckingProps {
  record: number;
  version: VersionRow;
  reading: Reading;
  checks: CheckRow[];
}

function Checking({ record, version, reading, checks }: CheckingProps) {
  const text = textOf(version);
  const [drafts, setDrafts] = useState(() => draftsOf(reading, version.version, checks));
  const [chosen, setChosen] = useState<Span>();
  const queries = useQueryClient();
  const go = useNavigate();
  const keep = useMutation({
    mutationFn: () => keepCheck(record, checkOf(drafts, reading, version.version)),
    onSuccess: async () => {
      const touched = [checksQuery(record), toCheckQuery, qualityQuery];
      await Promise.all(touched.map(({ queryKey }) => queries.invalidateQueries({ queryKey })));
      await go("/reports/check");
    },
  });
  const open = drafts.filter(isOpen).length;
  const put = (at: number, draft: Draft) => setDrafts(drafts.with(at, draft));
  return (
    <div className="reader-both">
      <Marked text={text} drafts={drafts} choose={setChosen} />
      <div className="check-side">
        <h2>{t`Findings`}</h2>
        <ul className="check-list" aria-label={t`Findings`}>
          {drafts.map((draft, at) => (
            <DraftRow
              key={`${draft.finding}-${draft.start}-${at}`}
              draft={draft}
              text={text}
              put={(next) => put(at, next)}
              change={(change) => put(at, changed(draft, change))}
            />
          ))}
        </ul>
        <AddFinding
          key={chosen === undefined ? "" : `${chosen.start}-${chosen.end}`}
          text={text}
          chosen={chosen}
          known={[...new Set(reading.findings.map(({ finding }) => finding))]}
          add={(draft) => {
            setDrafts([...drafts, draft]);
            setChosen(undefined);
          }}
        />
        {keep.isError && <Refusal error={keep.error} />}
        <p role="status">
          {open === 0
            ? t`Everything is decided.`
            : plural(open, { one: "# finding is open.", other: "# findings are open." })}
        </p>
        <p className="check-actions">
          {open > 0 && (
            <button type="button" className="button" onClick={() => setDrafts(confirmed(drafts))}>
              {t`The others are right`}
            </button>
          )}
          <button
            type="button"
            className="button button-primary"
            disabled={open > 0 || keep.isPending}
            onClick={() => keep.mutate()}
          >
            {t`Keep the check`}
          </button>
        </p>
      </div>
    </div>
  );
}

interface MarkedProps {
  text: string;
  drafts: Draft[];
  choose: (span: Span | undefined) => void;
}

/** The text with what stands; words that are selected in it can be added. */
function Marked({ text, drafts, choose }: MarkedProps) {
  const box = useRef<HTMLDivElement>(null);
  const stands = drafts.filter(({ verdict }) => verdict !== "struck");
  const marks = stands.map(({ start, end }, at) => ({ kind: "finding" as const, at, span: { start, end } }));
  useEffect(() => {
    const own = box.current;
    if (own === null) return;
    const select = () => {
      const range = document.getSelection()?.rangeCount === 1 ? document.getSelection()?.getRangeAt(0) : null;
      if (!range || range.collapsed || !own.contains(range.commonAncestorContainer)) return;
      const before = range.cloneRange();
      before.selectNodeContents(own);
      before.setEnd(range.startContainer, range.startOffset);
      const from = before.toString().length;
      choose(bytesOf(text, from, from + range.toString().length));
    };
    own.addEventListener("mouseup", select);
    return () => own.removeEventListener("mouseup", select);
  }, [text, choose]);
  return (
    <div ref={box} className="reader-text" role="document" aria-label={t`Text of the report`}>
      {pieces(text, marks).map((piece) => {
        const mark = piece.marks[0];
        if (mark === undefined) return piece.text;
        const name = `found found-${stands[mark.at]?.assertion ?? "other"}`;
        return (
          <span key={piece.start} className={name}>
            {piece.text}
          </span>
        );
      })}
    </div>
  );
}
