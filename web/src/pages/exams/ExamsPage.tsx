import "./exams.css";
import { useState } from "react";
import { Link } from "react-router";
import type { ExamSearch } from "../../api/exams";
import { useMay } from "../../api/session";
import { counted } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
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
  useTitle("Exams");
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
          <h1>Exams</h1>
          <span className="dim num" role="status">
            {total !== undefined && `${total.exact ? "" : "more than "}${counted(total.value, "exam")}`}
            {total !== undefined && isSearching(settled) ? " found" : ""}
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
        <Icon name="upload" /> Upload images
      </Link>
    </May>
  );
}

/** What can be done with the exams that are ticked. */
function Chosen({ selection }: { selection: Selection }) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="exams-chosen" role="group" aria-label="Chosen exams">
      <strong className="num">{counted(selection.exams.length, "exam")} chosen</strong>
      <button type="button" className="button button-primary" onClick={() => setAsking(true)}>
        <Icon name="send" /> Send to peer…
      </button>
      <button type="button" className="button" onClick={selection.clear}>
        Clear
      </button>
      {asking && (
        <SendDialog
          exams={selection.exams}
          close={() => setAsking(false)}
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
        title="No exams yet"
        actions={
          <May action="store">
            <Link to="/upload" className="button button-primary">
              <Icon name="upload" /> Upload images
            </Link>
          </May>
        }
      >
        Drop a folder of DICOM files on the upload page, send from a scanner or PACS, or run{" "}
        <code>isocenter import</code>. Exams show up here within a second of arriving.
      </Empty>
    );
  }
  return (
    <Empty
      icon="search"
      title="No exam matches"
      actions={
        <button type="button" className="button" onClick={clear}>
          Clear the search
        </button>
      }
    >
      Try fewer letters of the name, the patient ID alone, or a wider range of dates.
    </Empty>
  );
}
