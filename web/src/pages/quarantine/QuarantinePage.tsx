import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  discardQuarantined,
  quarantinedContentUrl,
  quarantineQuery,
  retryQuarantined,
  type QuarantineItem,
} from "../../api/other";
import { bytes, moment } from "../../format/units";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { ListPage } from "../../parts/ListPage";
import { useToasts } from "../../parts/toasts";

/** Objects that arrived but could not be taken as they are. Nothing is dropped without a person's word. */
export default function QuarantinePage() {
  const found = useInfiniteQuery(quarantineQuery);
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const [doomed, setDoomed] = useState<QuarantineItem>();
  const act = useActions();
  return (
    <>
      <ListPage
        title={t`Quarantine`}
        about={t`What arrived but could not be taken as it is, kept byte for byte. Retry after the cause is mended, or discard what nobody needs.`}
        query={found}
        count={items.length}
        empty={{
          icon: "ok",
          title: t`Nothing in quarantine`,
          text: t`Everything that arrived could be taken.`,
        }}
        heads={[t`Reason`, t`From`, t`Size`, t`Arrived`, ""]}
      >
        {items.map((item) => (
          <tr key={item.id}>
            <td>
              <strong>{sentence(item.words)}</strong>
              {said(item) && <div className="dim">{sentence(item.detail)}</div>}
              <div className="dim quarantine-advice">{item.advice}</div>
              {item.path && <div className="mono faint quarantine-path">{item.path}</div>}
            </td>
            <td className="dim">{item.source}</td>
            <td className="num right">{bytes(item.size)}</td>
            <td className="num dim">{moment(item.receivedAt)}</td>
            <td>
              <div className="row-actions">
                <button
                  type="button"
                  className="button button-small"
                  disabled={act.retry.isPending}
                  onClick={() => act.retry.mutate(item.id)}
                >
                  <Icon name="retry" size={14} /> {t`Retry`}
                </button>
                <a
                  className="button button-small button-square"
                  href={quarantinedContentUrl(item.id)}
                  download
                  aria-label={t`Download the file`}
                  title={t`Download`}
                >
                  <Icon name="download" size={14} />
                </a>
                <button
                  type="button"
                  className="button button-small button-square"
                  aria-label={t`Discard`}
                  title={t`Discard`}
                  onClick={() => setDoomed(item)}
                >
                  <Icon name="trash" size={14} />
                </button>
              </div>
            </td>
          </tr>
        ))}
      </ListPage>
      {doomed !== undefined && (
        <Confirm
          title={t`Discard this file?`}
          action={t`Discard`}
          onCancel={() => setDoomed(undefined)}
          onConfirm={() => {
            act.discard.mutate(doomed.id);
            setDoomed(undefined);
          }}
        >
          <Trans>
            {sentence(doomed.words)}. {bytes(doomed.size)}, from {doomed.source}. It leaves the list, and the
            decision is recorded under your name.
          </Trans>
        </Confirm>
      )}
    </>
  );
}

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Whether the detail tells more than the reason's own words. */
const said = ({ words, detail }: QuarantineItem): boolean =>
  detail !== "" && detail.toLowerCase() !== words.toLowerCase();

function useActions() {
  const queries = useQueryClient();
  const toasts = useToasts();
  const onSettled = () => queries.invalidateQueries();
  const retry = useMutation({
    mutationFn: retryQuarantined,
    onSuccess: ({ outcome, reason, detail }) =>
      toasts.say(
        outcome === "quarantined"
          ? t`Still can't be taken: ${detail ?? reason ?? t`unknown reason`}`
          : t`Taken into the archive.`,
      ),
    onError: toasts.fail,
    onSettled,
  });
  const discard = useMutation({
    mutationFn: discardQuarantined,
    onSuccess: () => toasts.say(t`Discarded.`),
    onError: toasts.fail,
    onSettled,
  });
  return { retry, discard };
}
