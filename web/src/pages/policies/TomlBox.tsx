import { t } from "@lingui/core/macro";
import { useRef } from "react";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";
import type { Draft, Writing } from "./draft";

/** The policy as it is kept, for those who would rather type. */
export function TomlBox({ writing: { draft, type }, isFixed }: { writing: Writing; isFixed: boolean }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const lines = draft.text.split("\n").length;
  const go = (line: number) => {
    const before = draft.text.split("\n").slice(0, line - 1);
    const start = before.join("\n").length + (line > 1 ? 1 : 0);
    box.current?.focus();
    box.current?.setSelectionRange(start, start + (draft.text.split("\n")[line - 1]?.length ?? 0));
  };
  return (
    <div className="toml">
      <Verdict draft={draft} go={go} />
      <textarea
        ref={box}
        className="input toml-text mono"
        aria-label={t`The policy as TOML`}
        aria-invalid={draft.fault !== undefined}
        rows={Math.max(20, lines + 1)}
        spellCheck={false}
        wrap="off"
        readOnly={isFixed}
        value={draft.text}
        onChange={(event) => type(event.target.value)}
      />
    </div>
  );
}

/** Whether what is written is a policy, in the server's words. */
export function Verdict({ draft, go }: { draft: Draft; go?: (line: number) => void }) {
  const { fault, edit, failed } = draft;
  if (failed !== undefined) return <Refusal error={failed} />;
  if (fault !== undefined) {
    const { line, place, message } = fault;
    return (
      <div className="notice notice-danger" role="alert">
        <Icon name="quarantine" />
        <span>
          {place ? <strong>{place}: </strong> : null}
          {message}
        </span>
        {line && go !== undefined ? (
          <button type="button" className="button button-small" onClick={() => go(line)}>
            {t`Line ${line}`}
          </button>
        ) : null}
      </div>
    );
  }
  return (
    <p className="dim policy-verdict" role="status">
      {edit === undefined ? (
        <>
          <Icon name="ok" size={14} /> {t`This is a policy that can be kept.`}
        </>
      ) : (
        t`Checking…`
      )}
    </p>
  );
}
