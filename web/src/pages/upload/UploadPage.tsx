import "./upload.css";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useRef, useSyncExternalStore } from "react";
import { Icon } from "../../parts/Icon";
import { useTitle } from "../../shell/useTitle";
import { fromInput } from "./pick";
import { UploadProgress } from "./UploadProgress";
import { uploads } from "./transport";

/** Brings a folder of images from this computer. */
export default function UploadPage() {
  useTitle(t`Upload`);
  const progress = useSyncExternalStore(uploads.subscribe, uploads.current);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Upload`}</h1>
          <p>
            <Trans>
              Images go to the archive as they are. A file counts as stored only once it is safe on disk;
              whatever can't be read goes to quarantine with the reason.
            </Trans>
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
        <Trans>
          An upload was interrupted. Choose the same folder again: files that arrived already are not sent
          twice.
        </Trans>
      </span>
      <button type="button" className="button button-small" onClick={() => uploads.forget()}>
        {t`Forget it`}
      </button>
    </div>
  );
}

function DropZone({ compact }: { compact: boolean }) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const picked = (event: React.ChangeEvent<HTMLInputElement>) => {
    void uploads.add(fromInput([...(event.target.files ?? [])]));
    event.target.value = "";
  };
  return (
    <section className={compact ? "drop drop-compact" : "drop"} aria-label={t`Choose images`}>
      <Icon name="folder" size={compact ? 22 : 40} />
      <div>
        <h2>{compact ? t`Add more` : t`Drop folders or files here`}</h2>
        {!compact && (
          <p className="dim">
            <Trans>
              Thousands of files at once are fine. DICOM, with or without file endings, also in deep folders.
            </Trans>
          </p>
        )}
      </div>
      <div className="drop-actions">
        <button
          type="button"
          className={compact ? "button" : "button button-primary"}
          onClick={() => folder.current?.click()}
        >
          {t`Choose a folder`}
        </button>
        <button type="button" className="button" onClick={() => files.current?.click()}>
          {t`Choose files`}
        </button>
      </div>
      <input ref={folder} type="file" hidden multiple data-pick="folder" onChange={picked} {...FOLDER} />
      <input ref={files} type="file" hidden multiple data-pick="files" onChange={picked} />
    </section>
  );
}

/** Every browser knows it, no standard names it. */
const FOLDER = { webkitdirectory: "" };
