import "./exam.css";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";
import { examQuery, type ExamDetail, type Instance } from "../../api/exams";
import { Problem } from "../../api/problem";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { ExamHeader } from "./ExamHeader";
import { firstSeries } from "./frames";
import { QuickLook } from "./QuickLook";
import { SeriesStrip } from "./SeriesStrip";
import { SidePanel } from "./SidePanel";

/** One exam: its pictures at a glance, everything its files say, where it came from. */
export default function ExamPage() {
  useTitle("Exam");
  const { study = "" } = useParams();
  const exam = useQuery(examQuery(study));
  if (exam.isPending) return <Loading what="the exam" />;
  if (exam.isError) {
    if (exam.error instanceof Problem && exam.error.status === 404) return <NoExam />;
    return <Failure error={exam.error} retry={() => void exam.refetch()} />;
  }
  return <Exam key={study} detail={exam.data} />;
}

function NoExam() {
  return (
    <Empty
      page
      icon="search"
      title="This exam is not here"
      actions={
        <>
          <Link to="/" className="button button-primary">
            Go to exams
          </Link>
          <Link to="/deleted" className="button">
            Look in deleted
          </Link>
        </>
      }
    >
      It may have been deleted, or the address is mistyped.
    </Empty>
  );
}

function Exam({ detail }: { detail: ExamDetail }) {
  const [chosen, setChosen] = useState(() => firstSeries(detail.series)?.seriesInstanceUid);
  const [instance, setInstance] = useState<Instance>();
  const series = detail.series.find((one) => one.seriesInstanceUid === chosen) ?? detail.series[0];
  const stillHere = instance !== undefined && series?.instances.includes(instance) === true;
  const shown = stillHere ? instance : series?.instances[0];
  return (
    <div className="exam">
      <ExamHeader exam={detail.exam} />
      <div className="exam-body">
        <SeriesStrip detail={detail} chosen={series?.seriesInstanceUid} choose={setChosen} />
        {series === undefined ? (
          <Empty icon="image" title="This exam has no series" />
        ) : (
          <QuickLook
            key={series.seriesInstanceUid}
            study={detail.exam.studyInstanceUid}
            series={series}
            onInstance={setInstance}
          />
        )}
        <SidePanel detail={detail} instance={shown} />
      </div>
    </div>
  );
}
