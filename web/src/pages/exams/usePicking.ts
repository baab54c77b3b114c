import { plural, t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { examsQuery, PAGE, type Exam, type ExamSearch } from "../../api/exams";

import { useToasts } from "../../parts/toasts";
import type { View } from "./rows";
import { MOST, type Selection } from "./selection";

/** Ticking rows: one, all between two (with Shift), or all that were found, page by page if they are many. */
export function usePicking(search: ExamSearch, total: number, selection: Selection | undefined) {
  const anchor = useRef<number>(undefined);
  const exams = useExamsBetween(search);
  const toasts = useToasts();
  const few = total <= MOST;
  const set = (from: number, to: number, chosen: boolean) => {
    const end = Math.min(to, from + MOST);
    if (end < to)
      toasts.say(t`At most ${plural(MOST, { one: "# exam", other: "# exams" })} are chosen at once.`);
    exams(from, end)
      .then((between) => selection?.set(between, chosen))
      .catch(toasts.fail);
  };
  return {
    one(row: number, exam: Exam, chosen: boolean, range: boolean) {
      if (range && anchor.current !== undefined) {
        set(Math.min(anchor.current, row), Math.max(anchor.current, row) + 1, chosen);
      } else {
        selection?.set([exam], chosen);
      }
      anchor.current = row;
    },
    allLabel: few
      ? t`Choose all ${plural(total, { one: "# exam", other: "# exams" })}`
      : t`Choose the ${PAGE} exams of this page`,
    allChosen(examAt: (row: number) => Exam | undefined, view: View): boolean {
      const rows = Array.from({ length: view.end - view.first }, (_, index) => examAt(view.first + index));
      return rows.length > 0 && rows.every((exam) => exam !== undefined && selection?.has(exam) === true);
    },
    all: (view: View) => (chosen: boolean) => {
      const page = Math.floor((view.first + view.end) / 2 / PAGE) * PAGE;
      if (few) set(0, total, chosen);
      else set(page, Math.min(total, page + PAGE), chosen);
    },
  };
}

/** Reads exams by their place in the list, those too that were never in view. */
function useExamsBetween(search: ExamSearch): (from: number, to: number) => Promise<Exam[]> {
  const queries = useQueryClient();
  return async (from, to) => {
    const all: Exam[] = [];
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page += 1) {
      const { exams } = await queries.query(examsQuery(search, page));
      all.push(...exams.filter((_, index) => page * PAGE + index >= from && page * PAGE + index < to));
    }
    return all;
  };
}
