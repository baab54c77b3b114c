import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sqlQuery, type Definition } from "../../api/cohorts";
import { useCopy } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Refusal } from "../../parts/Refusal";

type Form = "ansi" | "spark" | "json";

/** The question as statements for engines that read the facts, and as the JSON it is kept in. */
export function SqlPanel({
  definition,
  take,
}: {
  definition: Definition;
  take: (definition: Definition) => void;
}) {
  const [form, setForm] = useState<Form>("ansi");
  const [of, setOf] = useState<"patients" | "exams">("patients");
  const found = useQuery({
    ...sqlQuery(definition, form === "spark" ? "spark" : "ansi"),
    enabled: form !== "json",
    placeholderData: (before) => before,
  });
  const copy = useCopy();
  const text = form === "json" ? JSON.stringify(definition, null, 2) : (found.data?.[of] ?? "");
  return (
    <div className="cohort-sql">
      <div className="cohort-tools">
        <div className="chips" role="group" aria-label={t`Written as`}>
          {(["ansi", "spark", "json"] as const).map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={form === one}
              onClick={() => setForm(one)}
            >
              {formWords(one)}
            </button>
          ))}
        </div>
        {form !== "json" && (
          <select
            className="cohort-select"
            aria-label={t`What the statement gives`}
            value={of}
            onChange={(event) => setOf(event.target.value === "exams" ? "exams" : "patients")}
          >
            <option value="patients">{t`patients`}</option>
            <option value="exams">{t`exams`}</option>
          </select>
        )}
        <button
          type="button"
          className="button button-small"
          onClick={() => copy.text(text, form === "json" ? t`Definition copied` : t`Statement copied`)}
        >
          <Icon name="copy" size={13} /> {t`Copy`}
        </button>
      </div>
      {copy.byHand}
      {found.isError && form !== "json" && <Refusal error={found.error} />}
      {form === "json" ? (
        <JsonBox key={text} text={text} take={take} />
      ) : (
        <pre className="cohort-code" role="region" aria-label={t`Statement`} tabIndex={0}>
          {text}
        </pre>
      )}
    </div>
  );
}

function formWords(form: Form): string {
  if (form === "spark") return "Spark";
  return form === "json" ? "JSON" : "SQL";
}

/** The definition as it is kept; another one can be put in its place. */
function JsonBox({ text, take }: { text: string; take: (definition: Definition) => void }) {
  const [typed, setTyped] = useState(text);
  const [fault, setFault] = useState<string>();
  const read = () => {
    const found = definitionIn(typed);
    if (found === undefined)
      setFault(t`This is no definition. It is a JSON object with "language" and "patients".`);
    else take(found);
  };
  return (
    <>
      <textarea
        className="input cohort-code"
        rows={16}
        spellCheck={false}
        aria-label={t`Definition as JSON`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {fault !== undefined && (
        <div className="notice notice-danger" role="alert">
          {fault}
        </div>
      )}
      {typed !== text && (
        <div className="dialog-actions">
          <button type="button" className="button button-primary" onClick={read}>
            {t`Use this definition`}
          </button>
        </div>
      )}
    </>
  );
}

function definitionIn(text: string): Definition | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const has = typeof value === "object" && value !== null && "patients" in value && "language" in value;
    return has ? (value as Definition) : undefined;
  } catch {
    return undefined;
  }
}
