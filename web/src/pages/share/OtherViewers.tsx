import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { tokensQuery } from "../../api/other";
import { filled, NEEDS_TOKEN, shareExam } from "../../api/shares";
import { Icon } from "../../parts/Icon";
import { useToasts } from "../../parts/toasts";

type Viewer = Schemas["OtherViewer"];

/** Minutes that a viewer may fetch with what stands in its address. */
const AN_HOUR = 60;

interface Props {
  study: string;
  viewers: Viewer[];
  dicomweb: string;
}

/** Viewers on this person's machine or elsewhere that an administrator has set up. */
export function OtherViewers({ study, viewers, dicomweb }: Props) {
  const queries = useQueryClient();
  const toasts = useToasts();
  const open = useMutation({
    mutationFn: async ({ name, address }: Viewer) => {
      const token = address.includes(NEEDS_TOKEN) ? (await shareExam(study, name, AN_HOUR)).secret : "";
      // A scheme of a program on this machine opens it and leaves the page where it is.
      window.open(filled(address, { study, dicomweb, token }), "_blank", "noopener");
    },
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  return (
    <section aria-labelledby="share-viewers" className="share-part">
      <h3 id="share-viewers">{t`Open in another viewer`}</h3>
      <div className="share-viewers">
        {viewers.map((viewer) => (
          <button
            key={viewer.name}
            type="button"
            className="button"
            disabled={open.isPending}
            onClick={() => open.mutate(viewer)}
          >
            <Icon name="viewer" /> {viewer.name}
          </button>
        ))}
      </div>
    </section>
  );
}
