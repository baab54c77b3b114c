import "./exam.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, type ComponentProps } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { examQuery, type ExamDetail, type Instance } from "../../api/exams";
import { Problem } from "../../api/problem";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { slidePage, WHOLE_SLIDE } from "../slide/slides";
import { ExamHeader } from "./ExamHeader";
import { firstSeries } from "./frames";
import { dicomDate, personName } from "../../format/dicom";
import { remember } from "../../shell/finder/recent";
import { askedSeries, placeFrom } from "./place";
import { QuickLook } from "./QuickLook";
import { SeriesStrip } from "./SeriesStrip";
import { SidePanel } from "./SidePanel";

const SlidePane = lazy(() => import("../slide/SlidePane"));

/** One exam: its pictures at a glance, everything its files say, where it came from. */
export default function ExamPage() {
  useTitle(t`Exam`);
  const { study = "" } = useParams();
  // A series, an instance or a tab may be asked for by the address.
  const [asked] = useSearchParams();
  const exam = useQuery(examQuery(study));
  if (exam.isPending) return <Loading what={t`the exam`} />;
  if (exam.isError) {
    if (exam.error instanceof Problem && exam.error.status === 404) return <NoExam />;
    return <Failure error={exam.error} retry={() => void exam.refetch()} />;
  }
  return <Exam key={`${study} ${asked.toString()}`} detail={exam.data} asked={asked} />;
}

function NoExam() {
  return (
    <Empty
      page
      icon="search"
      title={t`This exam is not here`}
      actions={
        <>
          <Link to="/exams" className="button button-primary">
            {t`Go to exams`}
          </Link>
          <Link to="/deleted" className="button">
            {t`Look in deleted`}
          </Link>
        </>
      }
    >
      {t`It may have been deleted, or the address is mistyped.`}
    </Empty>
  );
}

function Exam({ detail, asked }: { detail: ExamDetail; asked: URLSearchParams }) {
  const start = placeFrom(asked);
  const [chosen, setChosen] = useState(
    () => (askedSeries(detail, start) ?? firstSeries(detail.series))?.seriesInstanceUid,
  );
  useRemember(detail);
  const [instance, setInstance] = useState<Instance>();
  const series = detail.series.find((one) => one.seriesInstanceUid === chosen) ?? detail.series[0];
  const stillHere = instance !== undefined && series?.instances.includes(instance) === true;
  const shown = stillHere ? instance : series?.instances[0];
  return (
    <div className="exam">
      <ExamHeader exam={detail.exam} series={detail.series} />
      <div className="exam-body">
        <SeriesStrip detail={detail} chosen={series?.seriesInstanceUid} choose={setChosen} />
        {series === undefined ? (
          <Empty icon="image" title={t`This exam has no series`} />
        ) : (
          <Pictures
            key={series.seriesInstanceUid}
            study={detail.exam.studyInstanceUid}
            series={series}
            start={series === askedSeries(detail, start) ? start : undefined}
            onInstance={setInstance}
          />
        )}
        <SidePanel detail={detail} instance={shown} first={asked.get("tab")} />
      </div>
    </div>
  );
}

/** Whole slides are looked at by tiles, everything else frame by frame. */
function Pictures(props: ComponentProps<typeof QuickLook>) {
  const { study, series } = props;
  const frames = <QuickLook {...props} />;
  const at = useMemo(() => ({ study, series: series.seriesInstanceUid }), [study, series.seriesInstanceUid]);
  if (!series.instances.some(({ sopClassUid }) => sopClassUid === WHOLE_SLIDE)) return frames;
  return (
    <section className="look" aria-label={t`Pictures`}>
      <Suspense fallback={<Loading what={t`the slide`} />}>
        <SlidePane at={at} otherwise={frames} />
      </Suspense>
      <Link className="button slide-open" to={slidePage(at)}>
        <Icon name="viewer" /> {t`Open slide`}
      </Link>
    </section>
  );
}

function useRemember({ exam }: ExamDetail): void {
  useEffect(() => {
    const about = [exam.modalities.join(" "), dicomDate(exam.studyDate), exam.studyDescription];
    remember({
      to: `/exams/${exam.studyInstanceUid}`,
      label: personName(exam.patientName) || t`No name`,
      about: about.filter((part) => part !== "").join(" · "),
    });
  }, [exam]);
}
