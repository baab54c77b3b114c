import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Definition } from "../../api/cohorts";
import { fromDefinition, newDraft, type Draft } from "./draft";
import { tidied } from "./edit";

export interface Writing {
  draft: Draft;
  set: (draft: Draft) => void;
  /** What was written is kept elsewhere now. */
  forget: () => void;
}

/**
 * What is written of a cohort. It is still there when one comes back from looking at a patient, and gone with the
 * session: it lies with the answers of the server.
 */
export function useDraft(id: string, start: Definition | undefined): Writing {
  const queries = useQueryClient();
  const key = ["cohort-draft", id];
  const [draft, setDraft] = useState<Draft>(
    () => queries.getQueryData<Draft>(key) ?? (start === undefined ? newDraft() : fromDefinition(start)),
  );
  return {
    draft,
    set: (changed) => {
      const tidy = tidied(changed);
      setDraft(tidy);
      queries.setQueryDefaults(key, { gcTime: Infinity });
      queries.setQueryData(key, tidy);
    },
    forget: () => queries.removeQueries({ queryKey: key }),
  };
}
