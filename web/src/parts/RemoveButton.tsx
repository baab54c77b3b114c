import { t } from "@lingui/core/macro";
import { useState, type ReactNode } from "react";
import { Confirm } from "./Confirm";
import { Icon } from "./Icon";

interface Props {
  name: string;
  remove: () => void;
  /** What becomes of it. */
  children: ReactNode;
}

/** Removes something of a list, once more asked. */
export function RemoveButton({ name, remove, children }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button button-small button-square button-quiet"
        aria-label={t`Remove ${name}`}
        title={t`Remove`}
        onClick={() => setAsking(true)}
      >
        <Icon name="trash" size={14} />
      </button>
      {asking && (
        <Confirm
          title={t`Remove ${name}?`}
          action={t`Remove`}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            remove();
          }}
        >
          {children}
        </Confirm>
      )}
    </>
  );
}
