import { t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link } from "react-router";
import { attachmentContentUrl, attachmentsQuery } from "../../api/other";
import { sendAttachment, type Subject } from "../../api/send";
import { looksLikeSlide, slidePage } from "../slide/slides";
import { bytes, moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

/** Any other file that belongs to the exam or the patient: a PDF, a NIfTI volume, a protocol. */
export function Attachments({ subject, id }: { subject: Subject; id: string }) {
  const attachments = useQuery(attachmentsQuery(subject, id));
  const queries = useQueryClient();
  const toasts = useToasts();
  const picker = useRef<HTMLInputElement>(null);
  const add = useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files) {
        const added = await sendAttachment(subject, id, file);
        // Shown from the answer: the server's list follows a moment later.
        queries.setQueryData(attachmentsQuery(subject, id).queryKey, (held) => ({
          items: [...(held?.items ?? []).filter((one) => one.id !== added.id), added],
        }));
      }
    },
    onError: toasts.fail,
  });
  if (attachments.isPending) return <Loading what={t`attachments`} />;
  if (attachments.isError)
    return <Failure error={attachments.error} retry={() => void attachments.refetch()} />;
  const { items } = attachments.data;
  const button = (
    <May action="store">
      <button
        type="button"
        className="button"
        disabled={add.isPending}
        onClick={() => picker.current?.click()}
      >
        <Icon name="upload" /> {add.isPending ? t`Adding…` : t`Add files`}
      </button>
    </May>
  );
  return (
    <div className="attachments">
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add.mutate([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      {items.length === 0 ? (
        <Empty icon="file" title={t`No attachments`} actions={button}>
          {subject === "exam"
            ? t`Keep a slide (SVS, TIFF), a PDF, a NIfTI volume, a video or any other file with this exam.`
            : t`Keep a PDF, a NIfTI volume, a video or any other file with this patient.`}
        </Empty>
      ) : (
        <>
          <ul>
            {items.map((item) => (
              <li key={item.id}>
                <Icon name="file" />
                <div>
                  <a href={attachmentContentUrl(item.id)} download={item.name}>
                    {item.name}
                  </a>
                  <p className="faint num">
                    {bytes(item.size)} · {moment(item.receivedAt)}
                  </p>
                </div>
                {subject === "exam" && looksLikeSlide(item.name) && (
                  <Link
                    className="button button-small attachment-open"
                    to={slidePage({ study: id, file: item.id })}
                    aria-label={t`Open ${item.name} as a slide`}
                  >
                    {t`Open slide`}
                  </Link>
                )}
              </li>
            ))}
          </ul>
          {button}
        </>
      )}
    </div>
  );
}
