import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { restoreExam } from "../../api/exams";
import { deletedQuery, type DeletedExam } from "../../api/other";
import { dicomDate, personName } from "../../format/dicom";
import { moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { useToasts } from "../../parts/toasts";

/** Exams that were deleted and can still come back. */
export default function DeletedPage() {
  const found = useQuery(deletedQuery);
  const items = found.data?.deleted ?? [];
  return (
    <ListPage
      title={t`Deleted`}
      about={t`Deleting hides an exam; nothing is erased until an administrator purges it. Until then it can be restored as it was.`}
      query={found}
      count={items.length}
      empty={{
        icon: "trash",
        title: t`Nothing is deleted`,
        text: t`Exams you delete wait here and can be restored.`,
      }}
      heads={[t`Patient`, t`Exam`, t`Deleted`, t`By`, ""]}
    >
      {items.map((item) => (
        <Row key={`${item.exam.studyInstanceUid} ${item.deletedAt}`} item={item} />
      ))}
    </ListPage>
  );
}

function Row({
  item: { exam, deletedAt, account, seriesInstanceUid, sopInstanceUid, instances },
}: {
  item: DeletedExam;
}) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const restore = useMutation({
    mutationFn: () => restoreExam(exam.studyInstanceUid),
    onSuccess: () => toasts.say(t`Exam restored.`),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries(),
  });
  const part = sopInstanceUid ? t`one image` : seriesInstanceUid ? t`one series` : "";
  return (
    <tr>
      <td>
        <strong>{personName(exam.patientName) || t`No name`}</strong>
        <div className="faint num">{exam.patientId || t`No ID`}</div>
      </td>
      <td>
        {exam.studyDescription || t`No description`} {part && <span className="badge">{part}</span>}
        <div className="faint num">
          {dicomDate(exam.studyDate)} · {exam.modalities.join(", ")} ·{" "}
          {plural(instances, { one: "# image", other: "# images" })}
        </div>
      </td>
      <td className="num dim">{moment(deletedAt)}</td>
      <td className="dim">{account}</td>
      <td>
        <div className="row-actions">
          <button
            type="button"
            className="button button-small"
            disabled={restore.isPending}
            onClick={() => restore.mutate()}
          >
            <Icon name="reset" size={14} /> {t`Restore`}
          </button>
        </div>
      </td>
    </tr>
  );
}
