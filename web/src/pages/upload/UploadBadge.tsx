import { useSyncExternalStore } from "react";
import { uploads } from "./transport";

/** How far the upload is, seen from every page. */
export function UploadBadge() {
  const { phase, bytes, doneBytes } = useSyncExternalStore(uploads.subscribe, uploads.current);
  if (phase !== "sending") return null;
  return (
    <span className="badge num upload-badge">{Math.floor((100 * doneBytes) / Math.max(1, bytes))} %</span>
  );
}
