import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { attachmentContentUrl, attachmentsQuery } from "../../api/other";
import { sendAttachment } from "../../api/send";
import { bytes, moment } from "../../format/units";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Empty, Failure, Loading } from "../../parts/State";
import { useToasts } from "../../parts/toasts";

/** Any other file that belongs to the exam: a PDF, a NIfTI volume, a protocol. */
export function Attachments({ study }: { study: string }) {
  const attachments = useQuery(attachmentsQuery(study));
  const queries = useQueryClient();
  const toasts = useToasts();
  const picker = useRef<HTMLInputElement>(null);
  const add = useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files) await sendAttachment("exam", study, file);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["attachments", study] }),
    onError: toasts.fail,
  });
  if (attachments.isPending) return <Loading what="attachments" />;
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
        <Icon name="upload" /> {add.isPending ? "Adding…" : "Add files"}
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
        <Empty icon="file" title="No attachments" actions={button}>
          Keep a PDF, a NIfTI volume, a video or any other file with this exam.
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
              </li>
            ))}
          </ul>
          {button}
        </>
      )}
    </div>
  );
}
