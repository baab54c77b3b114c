import { t } from "@lingui/core/macro";
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  onCancel: () => void;
  /** Whether something is lost by it; so it is unless said. */
  danger?: boolean;
}

/** Asks before something that can't be taken back. The safe answer has the focus. */
export function Confirm({ title, children, action, onConfirm, onCancel, danger = true }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="confirm-title" onClose={onCancel}>
      <div className="dialog-body">
        <h2 id="confirm-title">{title}</h2>
        <div className="dim">{children}</div>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onCancel}>
            {t`Cancel`}
          </button>
          <button
            type="button"
            className={danger ? "button button-danger" : "button button-primary"}
            onClick={onConfirm}
          >
            {action}
          </button>
        </div>
      </div>
    </dialog>
  );
}
