import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { policyAttributesQuery, type AttributeRule, type RuleAction } from "../../api/policies";
import { TextField } from "../../parts/TextField";
import { Choice, type PartProps } from "./Form";
import { RemoveRow } from "./PrivateList";
import { ACTIONS, actionWords } from "./words";

/** Exceptions for attributes, before everything else. */
export function Rules({ document, set }: PartProps) {
  const { rules } = document;
  const put = (changed: AttributeRule[]) => set({ ...document, rules: changed });
  const change = (at: number, part: Partial<AttributeRule>) =>
    put(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  return (
    <section>
      <h2>{t`Rules for attributes`}</h2>
      <p className="dim">{t`They hold before everything else, wherever the attribute stands.`}</p>
      {rules.map((rule, at) => (
        // Rows are known by their place: two may say the same while they are written.
        <div
          key={`${at} of ${rules.length}`}
          className="policy-row policy-rule"
          role="group"
          aria-label={rule.attribute || t`New rule`}
        >
          <AttributeField value={rule.attribute} set={(attribute) => change(at, { attribute })} />
          <ActionChoice value={rule.action} choose={(action) => change(at, { action })} />
          <TextField
            label={t`Because`}
            value={rule.because ?? ""}
            set={(text) => put(rules.map((one, index) => (index === at ? because(one, text) : one)))}
          />
          <RemoveRow
            label={t`Remove the rule for ${rule.attribute}`}
            remove={() => put(rules.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button button-small"
          onClick={() => put([...rules, { attribute: "", action: "keep" }])}
        >
          {t`Add a rule`}
        </button>
      </div>
    </section>
  );
}

function because({ attribute, action }: AttributeRule, text: string): AttributeRule {
  return text === "" ? { attribute, action } : { attribute, action, because: text };
}

export function ActionChoice({ value, choose }: { value: RuleAction; choose: (action: RuleAction) => void }) {
  const choices = Object.fromEntries(ACTIONS.map((action) => [action, actionWords(action)]));
  return (
    <Choice label={t`Action`} value={value} choose={choose} choices={choices as Record<RuleAction, string>} />
  );
}

/** Suggestions at a time; the browser's own list shows no more. */
const SUGGESTED = 12;

/** A keyword of the standard, completed as one types. */
function AttributeField({ value, set }: { value: string; set: (keyword: string) => void }) {
  const list = useId();
  const all = useQuery(policyAttributesQuery).data;
  const [typed, setTyped] = useState("");
  const near = useMemo(() => {
    const sought = typed.toLowerCase().replaceAll(" ", "");
    if (sought.length < 2) return [];
    const found = (all ?? []).filter(
      ({ keyword, tag }) => keyword.toLowerCase().includes(sought) || tag.startsWith(sought.toUpperCase()),
    );
    const begins = (keyword: string) => (keyword.toLowerCase().startsWith(sought) ? 0 : 1);
    return found.toSorted((a, b) => begins(a.keyword) - begins(b.keyword)).slice(0, SUGGESTED);
  }, [all, typed]);
  return (
    <>
      <TextField
        label={t`Attribute`}
        value={value}
        list={list}
        spellCheck={false}
        placeholder={t`keyword or tag`}
        set={(text) => {
          setTyped(text);
          set(text.trim());
        }}
      />
      <datalist id={list}>
        {near.map(({ keyword, tag, name }) => (
          <option key={keyword} value={keyword}>{`(${tag.slice(0, 4)},${tag.slice(4)}) ${name}`}</option>
        ))}
      </datalist>
    </>
  );
}
