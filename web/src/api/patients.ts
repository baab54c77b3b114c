import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "./client";

export type PatientRow = Schemas["PatientRow"];
export type PatientDetail = Schemas["PatientContents"];

/** A patient stands in addresses by the UID of one of the exams: IDs are no addresses. */
export const patientUrl = (study: string): string => `/patients/${encodeURIComponent(study)}`;

export const patientQuery = (study: string) =>
  queryOptions({
    queryKey: ["patient", study],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/patients/{study}", { params: { path: { study } }, signal })),
    staleTime: 5_000,
  });
