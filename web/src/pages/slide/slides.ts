/** Slides as the server describes them, and the addresses of their tiles. */

import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "../../api/client";
import { Problem } from "../../api/problem";

export type Slide = Schemas["SlideBody"];
export type Level = Slide["levels"][number];

/** VL Whole Slide Microscopy Image Storage. */
export const WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6";

/** A series of an exam, or a TIFF file attached to it. */
export type SlideAddress = { study: string; series: string } | { study: string; file: string };

/** Files that are opened as slides; whether one is a slide the server says. */
export const looksLikeSlide = (name: string): boolean => /\.(svs|tiff?|btf|tf2|tf8)$/i.test(name);

/** The page of a slide. */
export const slidePage = (at: SlideAddress): string => `/exams/${part(at)}/slide`;

const part = (at: SlideAddress): string =>
  "series" in at ? `${at.study}/series/${at.series}` : `${at.study}/files/${encodeURIComponent(at.file)}`;

const base = (at: SlideAddress): string => `/api/v1/exams/${part(at)}/slide`;

/** Which of the slide's pictures of one place is looked at. */
export interface Layer {
  plane: number;
  path: number;
}

export const tileUrl = (
  at: SlideAddress,
  { plane, path }: Layer,
  level: number,
  column: number,
  row: number,
): string => `${base(at)}/tiles/${level}/${column}/${row}?plane=${plane}&path=${path}`;

export const glassUrl = (at: SlideAddress, number: number): string => `${base(at)}/glass/${number}`;

/** The slide, null where a series is none. */
export const slideQuery = (at: SlideAddress) =>
  queryOptions({
    queryKey: ["slide", part(at)],
    queryFn: async ({ signal }): Promise<Slide | null> => {
      if ("file" in at) {
        const path = { study: at.study, id: at.file };
        return need(api.GET("/api/v1/exams/{study}/files/{id}/slide", { params: { path }, signal }));
      }
      const asked = api.GET("/api/v1/exams/{study}/series/{series}/slide", { params: { path: at }, signal });
      return need(asked).catch((error: unknown) => {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      });
    },
    staleTime: Infinity,
    retry: false,
  });

/** Millimetres between columns of the finest level, where the slide tells it. */
export function mmPerPixel(slide: Slide): number | undefined {
  const across = slide.micrometresPerPixel?.[0];
  return across === undefined ? undefined : across / 1000;
}
