import { useCallback, useState } from "react";
import type { Exam } from "../../api/exams";

/** The most exams that are sent at once. */
export const MOST = 500;

export interface Selection {
  exams: Exam[];
  has: (exam: Exam) => boolean;
  /** Chooses these, or takes them away. */
  set: (exams: Exam[], chosen: boolean) => void;
  clear: () => void;
}

/** The exams that are ticked. A new search leaves them: one may gather exams of several. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Exam>>(new Map());
  const set = useCallback((exams: Exam[], on: boolean) => {
    setChosen((before) => changed(before, exams, on));
  }, []);
  return {
    exams: [...chosen.values()],
    has: (exam) => chosen.has(exam.studyInstanceUid),
    set,
    clear: () => setChosen(new Map()),
  };
}

/** The choice with these added or taken away; never more than {@link MOST}. */
export function changed(
  before: ReadonlyMap<string, Exam>,
  exams: Exam[],
  on: boolean,
): ReadonlyMap<string, Exam> {
  const next = new Map(before);
  for (const exam of exams) {
    if (!on) next.delete(exam.studyInstanceUid);
    else if (next.size < MOST) next.set(exam.studyInstanceUid, exam);
  }
  return next;
}
