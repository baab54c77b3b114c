import "./upload.css";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Icon } from "../../parts/Icon";
import { useTitle } from "../../shell/useTitle";
import { fromDrop, fromInput } from "./pick";
import { UploadProgress } from "./UploadProgress";
import { uploads } from "./transport";

/** Brings a folder of images from this computer. */
export default function UploadPage() {
  useTitle("Upload");
  const progress = useSyncExternalStore(uploads.subscribe, uploads.current);
  const queries = useQueryClient();
  useEffect(() => {
    if (progress.phase === "done") void queries.invalidateQueries();
  }, [progress.phase, queries]);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>Upload</h1>
          <p>
            Images go to the archive as they are. A file counts as stored only once it is safe on disk;
            whatever can't be read goes to quarantine with the reason.
          </p>
        </div>
      </div>
      {uploads.unfinished() && <Unfinished />}
      <DropZone compact={progress.phase !== "idle"} />
      {progress.phase !== "idle" && <UploadProgress progress={progress} />}
    </div>
  );
}

function Unfinished() {
  return (
    <div className="notice notice-warn" role="status">
      <Icon name="upload" />
      <span className="upload-unfinished">
        An upload was interrupted. Choose the same folder again: files that arrived already are not sent
        twice.
      </span>
      <button type="button" className="button button-small" onClick={() => uploads.forget()}>
        Forget it
      </button>
    </div>
  );
}

function DropZone({ compact }: { compact: boolean }) {
  const [over, setOver] = useState(false);
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  useDrop(setOver);
  const picked = (event: React.ChangeEvent<HTMLInputElement>) => {
    void uploads.add(fromInput([...(event.target.files ?? [])]));
    event.target.value = "";
  };
  return (
    <section
      className={`drop ${over ? "drop-over" : ""} ${compact ? "drop-compact" : ""}`}
      aria-label="Choose images"
    >
      <Icon name="folder" size={compact ? 22 : 40} />
      <div>
        <h2>{compact ? "Add more" : "Drop folders or files here"}</h2>
        {!compact && (
          <p className="dim">
            Thousands of files at once are fine. DICOM, with or without file endings, also in deep folders.
          </p>
        )}
      </div>
      <div className="drop-actions">
        <button
          type="button"
          className={compact ? "button" : "button button-primary"}
          onClick={() => folder.current?.click()}
        >
          Choose a folder
        </button>
        <button type="button" className="button" onClick={() => files.current?.click()}>
          Choose files
        </button>
      </div>
      <input ref={folder} type="file" hidden multiple data-pick="folder" onChange={picked} {...FOLDER} />
      <input ref={files} type="file" hidden multiple data-pick="files" onChange={picked} />
    </section>
  );
}

/** Files may be dropped anywhere on the page; a near miss must not navigate away to the file. */
function useDrop(setOver: (over: boolean) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void uploads.add(fromDrop(event.dataTransfer));
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, [setOver]);
}

/** Every browser knows it, no standard names it. */
const FOLDER = { webkitdirectory: "" };
