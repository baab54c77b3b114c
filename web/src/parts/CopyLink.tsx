import { t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";
import { useToasts } from "./toasts";

interface Props {
  /** The address below ours, such as `/exams/1.2.3`; asked for when it is wanted. */
  address: () => string;
  /** What the link leads to, for those who hear the page. */
  label: string;
  className?: string;
}

/** Copies the address of what is on screen. Who opens it signs in first, and then sees the same. */
export function CopyLink({ address, label, className = "" }: Props) {
  const copy = useCopy();
  return (
    <>
      <button
        type="button"
        className={`button button-quiet button-square ${className}`}
        aria-label={label}
        title={label}
        onClick={() => copy.text(new URL(address(), window.location.origin).href, t`Link copied`)}
      >
        <Icon name="link" />
      </button>
      {copy.byHand}
    </>
  );
}

/** Copies text, or shows it to be copied by hand where the browser doesn't let pages copy. */
export function useCopy() {
  const toasts = useToasts();
  const [shown, setShown] = useState<string>();
  const text = (value: string, done: string) => {
    writeText(value).then(
      () => toasts.say(done),
      () => setShown(value),
    );
  };
  const byHand = shown === undefined ? null : <ByHand text={shown} close={() => setShown(undefined)} />;
  return { text, byHand };
}

/** Browsers give pages no clipboard without TLS (except on this machine), whatever the types say. */
async function writeText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) throw new Error("no clipboard");
  await clipboard.writeText(text);
}

function ByHand({ text, close }: { text: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="by-hand-title" onClose={close}>
      <div className="dialog-body">
        <h2 id="by-hand-title">{t`Copy this`}</h2>
        <p className="dim">{t`This browser does not let pages copy by themselves.`}</p>
        <input
          className="input mono"
          readOnly
          aria-labelledby="by-hand-title"
          value={text}
          onFocus={(event) => event.target.select()}
        />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Close`}
          </button>
        </div>
      </div>
    </dialog>
  );
}
