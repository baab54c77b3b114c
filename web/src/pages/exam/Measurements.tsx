import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { api, need, type Schemas } from "../../api/client";
import { personName } from "../../format/dicom";
import { toolName, valuesInWords } from "../../format/measured";
import { moment } from "../../format/units";
import { Empty, Failure, Loading } from "../../parts/State";

/** Everybody's measurements and segmentations of an exam, and those in reports of other programs. */
export function Measurements({ study }: { study: string }) {
  const params = { path: { study } };
  const found = useQuery({
    queryKey: ["work", study],
    queryFn: async ({ signal }) => {
      const [work, { segmentations }] = await Promise.all([
        need(api.GET("/api/v1/exams/{study}/work", { params, signal })),
        need(api.GET("/api/v1/exams/{study}/segmentations", { params, signal })),
      ]);
      return { ...work, segmentations };
    },
  });
  if (found.isPending) return <Loading what={t`measurements`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const { reports, segmentations } = found.data;
  const measurements = found.data.measurements.filter(({ removed }) => !removed);
  if (measurements.length + reports.length + segmentations.length === 0)
    return (
      <Empty icon="image" title={t`Nothing was measured`}>
        {t`Open the exam in the viewer and draw: everything is kept at once and listed here.`}
      </Empty>
    );
  return (
    <ul className="exam-measured">
      {measurements.map((item) => (
        <Measured key={item.measurement.trackingUid} study={study} item={item} />
      ))}
      {segmentations.map(({ series, label, author, changedAt, segments }) => (
        <li key={series}>
          <strong>{label || t`Segmentation`}</strong>
          <span>{plural(segments.length, { one: "# segment", other: "# segments" })}</span>
          <small>
            {author} · {moment(changedAt)}
          </small>
        </li>
      ))}
      {reports.flatMap(({ sop, title, author, measurements }) =>
        measurements.map(({ label, values }, at) => (
          <li key={`${sop} ${at}`}>
            <strong>{label || title}</strong>
            <span>{valuesInWords(values)}</span>
            <small>{[title, personName(author)].filter((word) => word !== "").join(" · ")}</small>
          </li>
        )),
      )}
    </ul>
  );
}

function Measured({ study, item }: { study: string; item: Schemas["WorkItem"] }) {
  const { measurement, author, changedAt } = item;
  const where = new URLSearchParams({ StudyInstanceUIDs: study });
  if (measurement.image) where.set("initialSeriesInstanceUID", measurement.image.series);
  return (
    <li>
      <a href={`/viewer/viewer?${where.toString()}`} title={t`Open in viewer`}>
        <strong>{nameOf(measurement)}</strong>
      </a>
      <span>{valuesInWords(measurement.values ?? [])}</span>
      <small>
        {author} · {moment(changedAt)}
      </small>
    </li>
  );
}

/** What the person called it, else what it was drawn with. */
const nameOf = ({ label, tool }: Schemas["Measurement"]): string =>
  label === undefined || label === "" ? toolName(tool) : label;
