import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useLocation } from "react-router";
import { Icon } from "../parts/Icon";
import { useToasts } from "../parts/toasts";
import { fromDrop } from "../pages/upload/pick";
import { uploads } from "../pages/upload/transport";
import { useFileDrop } from "./useFileDrop";

/** Folders and files may be dropped on any page but that of messages, which takes messages. */
export function DropAnywhere() {
  const { pathname } = useLocation();
  const toasts = useToasts();
  const take = useCallback(
    (transfer: DataTransfer) => void uploads.add(fromDrop(transfer)).catch(toasts.fail),
    [toasts],
  );
  const over = useFileDrop(pathname === "/records" ? undefined : take);
  useArrival();
  if (!over) return null;
  return (
    <div className="drop-anywhere" aria-hidden="true">
      <Icon name="upload" size={40} />
      <strong>{t`Drop to bring these images in`}</strong>
    </div>
  );
}

/** What has arrived is shown at once, whatever page is open. */
function useArrival(): void {
  const { phase } = useSyncExternalStore(uploads.subscribe, uploads.current);
  const queries = useQueryClient();
  useEffect(() => {
    if (phase === "done") void queries.invalidateQueries();
  }, [phase, queries]);
}
