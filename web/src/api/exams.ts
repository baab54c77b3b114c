import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type Exam = Schemas["Exam"];
export type ExamDetail = Schemas["ExamContents"];
export type Series = Schemas["Series"];
export type Instance = Schemas["Instance"];
export type Attribute = Schemas["Attribute"];

/** What a person looks for on the exam list. Empty strings mean "any". */
export interface ExamSearch {
  q: string;
  modality: string;
  from: string;
  to: string;
}

/** Exams on a page. */
export const PAGE = 100;

/** A page of exams, counted from 0. Search words travel in the request body, never in a URL. */
export const examsQuery = (search: ExamSearch, page: number) =>
  queryOptions({
    queryKey: ["exams", search, page],
    queryFn: ({ signal }) =>
      need(
        api.POST("/api/v1/exams/search", {
          body: { ...given(search), skip: page * PAGE, limit: PAGE },
          signal,
        }),
      ),
    staleTime: 5_000,
  });

export function given(search: ExamSearch): Partial<ExamSearch> {
  return Object.fromEntries(Object.entries(search).filter(([, value]: [string, string]) => value !== ""));
}

export const examQuery = (study: string) =>
  queryOptions({
    queryKey: ["exam", study],
    queryFn: ({ signal }) => need(api.GET("/api/v1/exams/{study}", { params: { path: { study } }, signal })),
    staleTime: 10_000,
  });

export const attributesQuery = (study: string, sop: string) =>
  queryOptions({
    queryKey: ["attributes", study, sop],
    queryFn: ({ signal }) =>
      need(
        api.GET("/api/v1/exams/{study}/instances/{sop}/attributes", {
          params: { path: { study, sop } },
          signal,
        }),
      ),
    staleTime: Infinity,
  });

/** What a file says that came later under a UID that was taken. */
export const conflictAttributesQuery = (sha256: string) =>
  queryOptions({
    queryKey: ["conflict attributes", sha256],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/conflicts/{sha256}/attributes", { params: { path: { sha256 } }, signal })),
    staleTime: Infinity,
  });

export async function deleteExam(study: string): Promise<void> {
  await need(api.DELETE("/api/v1/exams/{study}", { params: { path: { study } } }));
}

export async function restoreExam(study: string): Promise<void> {
  await need(api.POST("/api/v1/exams/{study}/restore", { params: { path: { study } } }));
}

export const downloadUrl = (study: string): string => `/api/v1/exams/${encodeURIComponent(study)}/download`;

/** Several exams are opened side by side. */
export const viewerUrl = (...studies: string[]): string =>
  `/viewer/viewer?StudyInstanceUIDs=${studies.map(encodeURIComponent).join(",")}`;
