import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";
import { bytes, count, duration } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Progress as Bar } from "../../parts/Progress";
import { Failure } from "../../parts/State";
import type { Outcome, Progress, Trouble } from "./queue";
import { uploads } from "./transport";

const WORDS: Record<Outcome, () => string> = {
  stored: () => t`Stored`,
  alreadyHeld: () => t`Already here`,
  conflict: () => t`Conflicting`,
  quarantined: () => t`In quarantine`,
  refused: () => t`Not an image`,
  ignored: () => t`Left out`,
  failed: () => t`Not sent`,
};

export function UploadProgress({ progress }: { progress: Progress }) {
  if (progress.refusal !== undefined) return <Failure error={progress.refusal} />;
  return (
    <section className="panel upload" aria-label={t`Progress`}>
      <Line progress={progress} />
      <Counts progress={progress} />
      {progress.troubles.length > 0 && <Troubles troubles={progress.troubles} />}
    </section>
  );
}

function Line({ progress }: { progress: Progress }) {
  const { phase, files, bytes: all, doneFiles, doneBytes } = progress;
  const share = all === 0 ? (phase === "done" ? 1 : 0) : doneBytes / all;
  return (
    <div className="upload-line">
      <div className="upload-words">
        <h2>{heading(progress)}</h2>
        <span className="dim num">
          {t`${count(doneFiles)} of ${plural(files, { one: "# file", other: "# files" })} · ${bytes(doneBytes)} of ${bytes(all)}`}
        </span>
      </div>
      {progress.phase === "sending" && progress.hindrance === "connection" && (
        <div className="notice notice-warn" role="status">
          <Trans>
            The server can&apos;t be reached. The upload goes on by itself once it is back; keep this page
            open.
          </Trans>
        </div>
      )}
      <Bar label={t`Upload`} value={Math.round(share * 100)} of={100} />
      <div className="upload-foot">
        <span className="dim num">{pace(progress)}</span>
        <Buttons progress={progress} />
      </div>
    </div>
  );
}

function heading({ phase, counts }: Progress): string {
  if (phase === "sending") return t`Uploading`;
  if (phase === "stopped") return t`Stopped`;
  return counts.failed > 0 ? t`Finished, but not everything was sent` : t`Everything arrived`;
}

function pace({ phase, hindrance, bytesPerSecond, secondsLeft, resumed }: Progress): string {
  const before =
    resumed > 0 ? t`${plural(resumed, { one: "# file", other: "# files" })} arrived earlier` : "";
  if (phase !== "sending" || hindrance !== undefined || bytesPerSecond === 0) return before;
  const left = duration(secondsLeft);
  return [`${bytes(bytesPerSecond)}/s`, left === "" ? "" : t`${left} left`, before]
    .filter(Boolean)
    .join(" · ");
}

function Buttons({ progress: { phase, counts } }: { progress: Progress }) {
  if (phase === "sending") {
    return (
      <button type="button" className="button" onClick={() => uploads.cancel()}>
        {t`Stop`}
      </button>
    );
  }
  return (
    <div className="row-actions">
      {counts.failed > 0 && (
        <button type="button" className="button" onClick={() => void uploads.retryFailed()}>
          <Icon name="retry" /> {t`Send the rest again`}
        </button>
      )}
      <button type="button" className="button" onClick={() => uploads.reset()}>
        {t`New upload`}
      </button>
      <Link to="/exams" className="button button-primary">
        {t`See exams`}
      </Link>
    </div>
  );
}

function Counts({ progress }: { progress: Progress }) {
  return (
    <dl className="upload-counts">
      {shownCounts(progress).map((outcome) => (
        <div key={outcome} className={progress.counts[outcome] > 0 ? `upload-${outcome}` : "upload-none"}>
          <dt>{WORDS[outcome]()}</dt>
          <dd className="num">{count(progress.counts[outcome])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The usual outcomes always, the rare ones once they happen. */
function shownCounts({ counts }: Progress): Outcome[] {
  const rare: Outcome[] = ["refused", "ignored", "failed"];
  return (Object.keys(WORDS) as Outcome[]).filter(
    (outcome) => !rare.includes(outcome) || counts[outcome] > 0,
  );
}

function Troubles({ troubles }: { troubles: readonly Trouble[] }) {
  return (
    // The scroll area takes the focus so that it scrolls by keyboard (WCAG 2.1.1).

    <div
      className="table-scroll upload-troubles"
      tabIndex={0}
      role="region"
      aria-label={t`Files that need a look`}
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t`File`}</th>
            <th scope="col">{t`What happened`}</th>
            <th scope="col">{t`Reason`}</th>
          </tr>
        </thead>
        <tbody>
          {troubles.map((trouble) => (
            <tr key={trouble.path}>
              <td className="mono">{trouble.path}</td>
              <td>
                <span className={trouble.outcome === "failed" ? "badge badge-danger" : "badge badge-warn"}>
                  {WORDS[trouble.outcome]()}
                </span>
              </td>
              <td className="dim">{trouble.reason ?? ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
