import { useEffect, useState } from "react";
import {
  checkPolicy,
  type AttributeRule,
  type Fault,
  type PolicyDocument,
  type PrivateKeep,
  type Wording,
} from "../../api/policies";
import { useSettled } from "../exams/search";

/** How long nobody types before the server is asked. */
const PAUSE_MS = 300;

/** A policy while it is written: as text and as data, which follow each other. */
export interface Draft {
  text: string;
  document: PolicyDocument;
  /** The last text that was a policy. */
  valid: string;
  fault: Fault | undefined;
  /** What was typed or ticked last, until the server has looked at it. */
  edit: Wording | undefined;
  /** Counts how often the data came from the text: fields are then drawn anew. */
  revision: number;
  dirty: boolean;
  failed: unknown;
}

export interface Writing {
  draft: Draft;
  type: (text: string) => void;
  /** `anew`: fields are drawn anew, because it was no field that changed it. */
  set: (document: PolicyDocument, anew?: boolean) => void;
}

export function useDraft(start: { text: string; document: PolicyDocument }, dirty: boolean): Writing {
  const [draft, setDraft] = useState<Draft>({
    text: start.text,
    document: start.document,
    valid: start.text,
    fault: undefined,
    edit: undefined,
    revision: 0,
    dirty,
    failed: undefined,
  });
  const edit = useSettled(draft.edit, PAUSE_MS);
  useEffect(() => {
    if (edit === undefined) return;
    const stop = new AbortController();
    checkPolicy(edit, stop.signal).then(
      ({ text, document, fault }) =>
        setDraft((now) => {
          if (now.edit !== edit) return now;
          const typed = "text" in edit;
          return {
            ...now,
            text: typed ? now.text : text,
            document: typed ? (document ?? now.document) : now.document,
            valid: fault === undefined ? text : now.valid,
            revision: typed && document !== undefined ? now.revision + 1 : now.revision,
            fault,
            edit: undefined,
            failed: undefined,
          };
        }),
      (error: unknown) => {
        if (!stop.signal.aborted) setDraft((now) => ({ ...now, failed: error, edit: undefined }));
      },
    );
    return () => stop.abort();
  }, [edit]);
  return {
    draft,
    type: (text) => setDraft((now) => ({ ...now, text, edit: { text }, dirty: true })),
    set: (document, anew = false) =>
      setDraft((now) => ({
        ...now,
        document,
        edit: { document },
        dirty: true,
        revision: anew ? now.revision + 1 : now.revision,
      })),
  };
}

/** The two that keep dates exclude each other. */
const EXCLUSIVE = ["retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"];
const SAFE_PRIVATE = "retain-safe-private";

export function withOption(document: PolicyDocument, option: string, on: boolean): PolicyDocument {
  const excluded = on && EXCLUSIVE.includes(option) ? EXCLUSIVE : [option];
  const others = document.options.filter((one) => !excluded.includes(one));
  const options = on ? [...others, option] : others;
  // Private attributes can only be listed with the option.
  const emptied = !on && option === SAFE_PRIVATE ? { ...document.private, keep: [] } : document.private;
  return { ...document, options, private: emptied };
}

/** With a rule for an attribute, in the place of one that was there. */
export function withRule(document: PolicyDocument, rule: AttributeRule): PolicyDocument {
  const at = document.rules.findIndex(({ attribute }) => attribute === rule.attribute);
  const rules = at === -1 ? [...document.rules, rule] : document.rules.with(at, rule);
  return { ...document, rules };
}

/** With a private attribute on the list of those that stay. */
export function withPrivate(
  document: PolicyDocument,
  { creator, group, element, clean }: { creator: string; group: string; element: string; clean: boolean },
): PolicyDocument {
  const keep = document.private.keep ?? [];
  const same = (one: PrivateKeep) =>
    one.creator === creator && one.group.toUpperCase() === group && (one.clean ?? false) === clean;
  const listed = keep.find(same);
  const elements = [...new Set([...(listed?.elements ?? []), element])].toSorted();
  const entry: PrivateKeep = { creator, group, elements, ...(clean ? { clean } : {}) };
  const kept = listed === undefined ? [...keep, entry] : keep.map((one) => (one === listed ? entry : one));
  const with_ = document.options.includes(SAFE_PRIVATE) ? document : withOption(document, SAFE_PRIVATE, true);
  return { ...with_, private: { ...document.private, keep: kept } };
}
