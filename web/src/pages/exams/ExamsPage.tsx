import "./exams.css";
import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "react-router";
import type { ExamSearch } from "../../api/exams";
import { useMay } from "../../api/session";

import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { DownloadDialog } from "../downloads/DownloadDialog";
import { SendDialog } from "../peers/SendExams";
import { ExamTable, TableSkeleton } from "./ExamTable";
import { SearchBar } from "./SearchBar";
import { isSearching, NO_SEARCH, useSettled, useStoredSearch } from "./search";
import { useSelection, type Selection } from "./selection";
import { setSending } from "./sending";
import { SendingBar } from "./SendingBar";
import { useFirstPage } from "./useExams";

/** Short enough to feel immediate, long enough that a typed word is one question. */
const PAUSE_MS = 140;

/** Every exam on the shelves, newest first, found as one types. */
export function ExamsPage() {
  useTitle(t`Exams`);
  const [search, change] = useStoredSearch();
  const settled = useSettled(search, PAUSE_MS);
  const found = useFirstPage(settled);
  const total = found.data?.total;
  const selection = useSelection();
  const mayExport = useMay("export");
  const clear = () => change(NO_SEARCH);
  return (
    <div className="exams">
      <div className="exams-head">
        <div className="exams-title">
          <h1>{t`Exams`}</h1>
          <span className="dim num" role="status">
            {total !== undefined && howMany(total, isSearching(settled))}
          </span>
          {found.isFetching && <span className="spinner exams-busy" aria-hidden="true" />}
          {selection.exams.length > 0 ? <Chosen selection={selection} /> : <UploadLink />}
        </div>
        <SearchBar search={search} change={change} clear={clear} />
        <SendingBar />
      </div>
      {found.isPending ? (
        <TableSkeleton />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : found.data.exams.length === 0 ? (
        <NoExams search={settled} clear={clear} />
      ) : (
        <ExamTable
          key={JSON.stringify(settled)}
          search={settled}
          first={found.data.exams}
          total={found.data.total.value}
          stale={found.isPlaceholderData}
          selection={mayExport ? selection : undefined}
        />
      )}
    </div>
  );
}

function UploadLink() {
  return (
    <May action="store">
      <Link to="/upload" className="button exams-upload">
        <Icon name="upload" /> {t`Upload images`}
      </Link>
    </May>
  );
}

/** What can be done with the exams that are ticked. */
function Chosen({ selection }: { selection: Selection }) {
  const [asking, setAsking] = useState<"send" | "download">();
  const close = () => setAsking(undefined);
  return (
    <div className="exams-chosen" role="group" aria-label={t`Chosen exams`}>
      <strong className="num">{t`${plural(selection.exams.length, { one: "# exam", other: "# exams" })} chosen`}</strong>
      <button type="button" className="button button-primary" onClick={() => setAsking("send")}>
        <Icon name="send" /> {t`Send to peer…`}
      </button>
      <button type="button" className="button" onClick={() => setAsking("download")}>
        <Icon name="download" /> {t`Download…`}
      </button>
      <button type="button" className="button" onClick={selection.clear}>
        {t`Clear`}
      </button>
      {asking === "download" && (
        <DownloadDialog exams={selection.exams} close={close} begun={selection.clear} />
      )}
      {asking === "send" && (
        <SendDialog
          exams={selection.exams}
          close={close}
          begun={(peer, transfers) => {
            setSending({ peer, transfers });
            selection.clear();
          }}
        />
      )}
    </div>
  );
}

function NoExams({ search, clear }: { search: ExamSearch; clear: () => void }) {
  if (!isSearching(search)) {
    return (
      <Empty
        icon="image"
        title={t`No exams yet`}
        actions={
          <May action="store">
            <Link to="/upload" className="button button-primary">
              <Icon name="upload" /> {t`Upload images`}
            </Link>
          </May>
        }
      >
        <Trans>
          Drop a folder of DICOM files on the upload page, send from a scanner or PACS, or run{" "}
          <code>isocenter import</code>. Exams show up here within a second of arriving.
        </Trans>
      </Empty>
    );
  }
  return (
    <Empty
      icon="search"
      title={t`No exam matches`}
      actions={
        <button type="button" className="button" onClick={clear}>
          {t`Clear the search`}
        </button>
      }
    >
      {t`Try fewer letters of the name, the patient ID alone, or a wider range of dates.`}
    </Empty>
  );
}

function howMany({ value, exact }: { value: number; exact: boolean }, found: boolean): string {
  const exams = plural(value, { one: "# exam", other: "# exams" });
  if (exact) return found ? t`${exams} found` : exams;
  return found ? t`more than ${exams} found` : t`more than ${exams}`;
}
