import "./downloads.css";
import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import {
  downloadContentUrl,
  downloadsQuery,
  endDownload,
  isBeingMade,
  repeatDownload,
  type Download,
} from "../../api/downloads";
import { bytes, count, moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { Progress } from "../../parts/Progress";
import { useToasts } from "../../parts/toasts";
import { formWords, whatWent } from "./words";

/** Packages one has asked for. They are made by the server, whether or not this page is open. */
export default function DownloadsPage() {
  const found = useQuery(downloadsQuery);
  const downloads = found.data ?? [];
  return (
    <ListPage
      title={t`Downloads`}
      about={t`Packages you have asked for. The server makes them in the background, also while this page is closed, and keeps each for some hours. Only you see them.`}
      query={found}
      count={downloads.length}
      empty={{
        icon: "download",
        title: t`No downloads`,
        text: t`Ask for one from an exam, or tick exams in the list. It shows up here, and stays while it is made.`,
      }}
      heads={[t`What`, t`State`, t`Images`, t`Size`, t`Asked for`, ""]}
    >
      {downloads.map((download) => (
        <Row key={download.id} download={download} />
      ))}
    </ListPage>
  );
}

const STATES: Record<string, { word: () => string; badge: string }> = {
  waiting: { word: () => t`Waiting`, badge: "badge" },
  running: { word: () => t`Being made`, badge: "badge" },
  done: { word: () => t`Ready`, badge: "badge badge-ok" },
  failed: { word: () => t`Failed`, badge: "badge badge-danger" },
  cancelled: { word: () => t`Cancelled`, badge: "badge badge-warn" },
  expired: { word: () => t`Removed`, badge: "badge" },
};

function Row({ download }: { download: Download }) {
  const state = STATES[download.state] ?? { word: () => download.state, badge: "badge" };
  return (
    <tr>
      <td>
        <strong>{formWords(download.form)}</strong>
        <div className="num faint">
          <Whose download={download} />
        </div>
      </td>
      <td className="download-state">
        <span className={state.badge}>{state.word()}</span>
        <Note download={download} />
      </td>
      <td className="num">
        <Made download={download} />
      </td>
      <td className="num right">{download.bytes > 0 ? bytes(download.bytes) : ""}</td>
      <td className="num dim">{moment(download.createdAt)}</td>
      <td>
        <Actions download={download} />
      </td>
    </tr>
  );
}

function Whose({ download: { studyInstanceUid: study, parts } }: { download: Download }) {
  if (!study) return plural(parts, { one: "# exam or series", other: "# exams and series" });
  return (
    <Link className="download-exam" to={`/exams/${study}`} title={study}>
      {t`Exam ${study}`}
    </Link>
  );
}

/** How long the file is kept, or why there is none. */
function Note({ download: { state, reason, expiresAt } }: { download: Download }) {
  if (state === "done" && expiresAt) return <div className="faint">{t`kept until ${moment(expiresAt)}`}</div>;
  if (state === "expired") return <div className="faint">{t`Its time was over. Ask for it again.`}</div>;
  return reason ? <div className="faint">{whatWent(reason)}</div> : null;
}

function Made({ download }: { download: Download }) {
  const { state, completed, total } = download;
  if (total === 0) return null;
  if (state !== "running")
    return completed === total ? count(total) : t`${count(completed)} of ${count(total)}`;
  return (
    <>
      {t`${count(completed)} of ${count(total)}`}
      <Progress label={t`${formWords(download.form)}: images in the package`} value={completed} of={total} />
    </>
  );
}

function Actions({ download }: { download: Download }) {
  const { id, state } = download;
  const queries = useQueryClient();
  const toasts = useToasts();
  const settled = {
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: downloadsQuery.queryKey }),
  };
  const end = useMutation({ mutationFn: () => endDownload(id), ...settled });
  const repeat = useMutation({ mutationFn: () => repeatDownload(id), ...settled });
  const made = isBeingMade(download);
  return (
    <div className="row-actions">
      {state === "done" && (
        <a className="button button-small button-primary" href={downloadContentUrl(id)} download>
          <Icon name="download" size={14} /> {t`Fetch`}
        </a>
      )}
      {!made && state !== "done" && (
        <button
          type="button"
          className="button button-small"
          disabled={repeat.isPending}
          onClick={() => repeat.mutate()}
        >
          <Icon name="retry" size={14} /> {t`Make again`}
        </button>
      )}
      <button
        type="button"
        className="button button-small"
        disabled={end.isPending}
        onClick={() => end.mutate()}
      >
        {made ? t`Cancel` : t`Remove`}
      </button>
    </div>
  );
}
