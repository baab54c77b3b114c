import { t } from "@lingui/core/macro";
import type { Verdict } from "../../api/checks";
import type { Draft } from "./checking";
import { Choices } from "./Choices";
import { keyWords, words } from "./reading";

interface Props {
  draft: Draft;
  text: string;
  put: (draft: Draft) => void;
  change: (change: Partial<Draft>) => void;
}

const VERDICTS: Record<Verdict | "open", () => string> = {
  open: () => t`open`,
  confirmed: () => t`confirmed`,
  corrected: () => t`corrected`,
  added: () => t`added`,
  struck: () => t`struck`,
};

/** One finding: right, other than it was read, or not what the text says. */
export function DraftRow({ draft, text, put, change }: Props) {
  const name = keyWords(draft.finding);
  const struck = draft.verdict === "struck";
  return (
    <li className="check-row" aria-label={name}>
      <p>
        <strong className={struck ? "check-struck" : ""}>{name}</strong>{" "}
        <span className="dim">“{words(text, draft)}”</span>{" "}
        <span className="badge">{VERDICTS[draft.verdict]()}</span>
      </p>
      {!struck && <Choices draft={draft} change={change} />}
      <p className="check-actions">
        {draft.verdict !== "confirmed" && draft.verdict !== "added" && (
          <button
            type="button"
            className="button button-small"
            onClick={() => put({ ...draft, verdict: "confirmed" })}
          >
            {struck ? t`It stands` : t`Confirm`}
          </button>
        )}
        {!struck && (
          <button
            type="button"
            className="button button-small"
            onClick={() => put({ ...draft, verdict: "struck" })}
          >
            {t`Strike`}
          </button>
        )}
      </p>
    </li>
  );
}
