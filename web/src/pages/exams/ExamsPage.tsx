import "./exams.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "react-router";
import { examsQuery, type ExamSearch } from "../../api/exams";
import { counted } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { Empty, Failure } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { ExamTable, TableSkeleton } from "./ExamTable";
import { SearchBar } from "./SearchBar";
import { isSearching, NO_SEARCH, useSettled, useStoredSearch } from "./search";

/** Short enough to feel immediate, long enough that a typed word is one question. */
const PAUSE_MS = 140;

/** Every exam on the shelves, newest first, found as one types. */
export function ExamsPage() {
  useTitle("Exams");
  const [search, change] = useStoredSearch();
  const settled = useSettled(search, PAUSE_MS);
  const found = useInfiniteQuery(examsQuery(settled));
  const exams = useMemo(() => found.data?.pages.flatMap((page) => page.exams) ?? [], [found.data]);
  const total = found.data?.pages[0]?.total;
  const clear = () => change(NO_SEARCH);
  return (
    <div className="exams">
      <div className="exams-head">
        <div className="exams-title">
          <h1>Exams</h1>
          <span className="dim num" role="status">
            {total !== undefined && `${total.exact ? "" : "about "}${counted(total.value, "exam")}`}
            {total !== undefined && isSearching(settled) ? " found" : ""}
          </span>
          {found.isFetching && <span className="spinner exams-busy" aria-hidden="true" />}
          <Link to="/upload" className="button exams-upload">
            <Icon name="upload" /> Upload images
          </Link>
        </div>
        <SearchBar search={search} change={change} clear={clear} />
      </div>
      {found.isPending ? (
        <TableSkeleton />
      ) : found.isError ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : exams.length === 0 ? (
        <NoExams search={settled} clear={clear} />
      ) : (
        <ExamTable
          key={JSON.stringify(settled)}
          exams={exams}
          total={total?.value ?? exams.length}
          more={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
          stale={found.isPlaceholderData}
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
          <Link to="/upload" className="button button-primary">
            <Icon name="upload" /> Upload images
          </Link>
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
