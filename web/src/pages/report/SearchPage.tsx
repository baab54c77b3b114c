import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { Link } from "react-router";
import { personUrl, reportUrl, searchReports, type FoundReport, type ReportPage } from "../../api/records";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import { whenWords } from "../people/when";
import "./search.css";

/** Reports by words, phrases and what they assert or deny. What is looked for stands in no address: it may name somebody. */
export default function SearchPage() {
  const [text, setText] = useState("");
  const [pages, setPages] = useState<{ asked: string; of: ReportPage[] }>({ asked: "", of: [] });
  const look = useMutation({ mutationFn: searchReports });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    look.mutate({ text }, { onSuccess: (page) => setPages({ asked: text, of: [page] }) });
  };
  const reports = pages.of.flatMap((page) => page.reports);
  const next = pages.of.at(-1)?.nextCursor;
  const goOn = (cursor: number) =>
    look.mutate(
      { text: pages.asked, cursor },
      { onSuccess: (page) => setPages({ ...pages, of: [...pages.of, page] }) },
    );
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t`Reports`}</h1>
        <Link to="/reports/check" className="button">{t`Reports to check`}</Link>
      </div>
      <form className="report-search" onSubmit={submit} role="search" aria-label={t`Search reports`}>
        <label className="field">
          <span className="field-label">{t`Search reports`}</span>
          <input
            className="input"
            type="search"
            autoComplete="off"
            spellCheck={false}
            aria-describedby="report-search-hint"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={text.trim() === "" || look.isPending}>
          <Icon name="search" /> {t`Find`}
        </button>
      </form>
      <p className="dim" id="report-search-hint">
        <Trans>
          Words, "phrases", <code>nodule:present</code>, <code>:absent</code> or <code>:possible</code>,{" "}
          <code>modality:CT</code>, <code>status:final</code>, <code>from:2026-01-31</code>;{" "}
          <code>-word</code> leaves out, <code>word*</code> finds beginnings. A word that names a finding
          finds it however a report puts it.
        </Trans>
      </p>
      {look.isError && <Refusal error={look.error} />}
      <div role="status">
        {pages.of.length > 0 && reports.length === 0 && <p>{t`No report says this.`}</p>}
      </div>
      {reports.length > 0 && (
        <ol className="found-reports" aria-label={t`Reports that say: ${pages.asked}`}>
          {reports.map((report) => (
            <Found key={report.record} report={report} />
          ))}
        </ol>
      )}
      {next !== undefined && next !== null && (
        <button type="button" className="button" disabled={look.isPending} onClick={() => goOn(next)}>
          {t`Earlier ones`}
        </button>
      )}
    </div>
  );
}

function Found({ report }: { report: FoundReport }) {
  return (
    <li>
      <p className="found-report-head">
        <Link to={reportUrl(report.record)}>{report.title || t`Report`}</Link>
        <span className="badge">{report.status}</span>
        {typeof report.at === "string" && (
          <span className="dim num">{whenWords({ begins: report.at, kind: "DiagnosticReport" })}</span>
        )}
        {typeof report.person === "number" && (
          <Link to={personUrl(report.person)}>{t`Patient's record`}</Link>
        )}
      </p>
      <p className="found-report-text">
        <Marked text={report.snippet} marks={report.marks} />
      </p>
      {report.says.length > 0 && (
        <p className="dim">{report.says.map((said) => said.replaceAll("_", " ")).join(" · ")}</p>
      )}
    </li>
  );
}

/** A text with its matches marked; places are counted in characters, as people count them. */
export function Marked({ text, marks }: { text: string; marks: number[][] }) {
  const characters = Array.from(text);
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of marks) {
    if (from < at) continue;
    parts.push(
      characters.slice(at, from).join(""),
      <mark key={from}>{characters.slice(from, to).join("")}</mark>,
    );
    at = to;
  }
  parts.push(characters.slice(at).join(""));
  return <>{parts}</>;
}
