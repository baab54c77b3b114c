import { t } from "@lingui/core/macro";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { describe } from "../api/problem";
import { Icon } from "./Icon";

interface Toast {
  id: number;
  text: string;
  failed: boolean;
  action?: { label: string; run: () => void };
}

interface Toasts {
  say: (text: string, action?: Toast["action"]) => void;
  fail: (error: unknown) => void;
}

const Context = createContext<Toasts | null>(null);

/** Long enough to read and to reach "Undo" with the keyboard. */
const SHOWN_MS = 10_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const drop = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const add = useCallback(
    (toast: Omit<Toast, "id">) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-2), { ...toast, id }]);
      setTimeout(() => drop(id), SHOWN_MS);
    },
    [drop],
  );
  const toaster = useMemo<Toasts>(
    () => ({
      say: (text, action) => add({ text, failed: false, ...(action === undefined ? {} : { action }) }),
      fail: (error) => {
        const { title, detail } = describe(error);
        add({
          text:
            detail === undefined ? title : `${title}. ${detail.charAt(0).toUpperCase()}${detail.slice(1)}`,
          failed: true,
        });
      },
    }),
    [add],
  );
  return (
    <Context value={toaster}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ToastBox key={toast.id} toast={toast} onClose={() => drop(toast.id)} />
        ))}
      </div>
    </Context>
  );
}

function ToastBox({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const { action } = toast;
  return (
    <div className={toast.failed ? "toast toast-danger" : "toast"}>
      <span>{toast.text}</span>
      {action !== undefined && (
        <button
          type="button"
          className="button button-small"
          onClick={() => {
            action.run();
            onClose();
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        className="button button-quiet button-small button-square"
        aria-label={t`Close`}
        onClick={onClose}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

export function useToasts(): Toasts {
  const toasts = use(Context);
  if (toasts === null) throw new Error("useToasts stands outside ToastProvider");
  return toasts;
}
