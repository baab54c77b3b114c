import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { examsQuery, PAGE, type Exam, type ExamSearch } from "../../api/exams";
import { useSettled } from "./search";
import type { View } from "./rows";

/** Pages passed while the list is dragged to another place aren't asked for. */
const STILL_MS = 60;

/** Rows ahead of those drawn whose page is asked for in good time. */
const AHEAD = 20;

/** How many exams there are, and the page that says so. */
export function useFirstPage(search: ExamSearch) {
  return useQuery({ ...examsQuery(search, 0), placeholderData: keepPreviousData });
}

/** The exam of each row in view; `undefined` where it is still on its way. */
export function useExamRows(
  search: ExamSearch,
  first: Exam[],
  total: number,
  view: View,
): (row: number) => Exam | undefined {
  const from = Math.floor(view.first / PAGE);
  const to = Math.floor(Math.max(0, Math.min(total, view.end + AHEAD) - 1) / PAGE);
  const settled = useSettled(`${from}-${to}`, STILL_MS);
  const enabled = settled === `${from}-${to}`;
  const pages = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const found = useQueries({ queries: pages.map((page) => ({ ...examsQuery(search, page), enabled })) });
  return (row) => {
    const page = Math.floor(row / PAGE);
    const exams = found[page - from]?.data?.exams ?? (page === 0 ? first : []);
    return exams[row % PAGE];
  };
}
