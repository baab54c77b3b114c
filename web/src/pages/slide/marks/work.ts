/** Keeping marks as people's work on the exam. */

import { queryOptions } from "@tanstack/react-query";
import { api, need, type Schemas } from "../../../api/client";

type Measurement = Schemas["Measurement"];

export const workQuery = (study: string) =>
  queryOptions({
    queryKey: ["work", study],
    queryFn: ({ signal }) =>
      need(api.GET("/api/v1/exams/{study}/work", { params: { path: { study } }, signal })),
  });

/** Bytes of a request that a browser still sends while its page closes. */
const KEPT_ALIVE = 60_000;

/** Keeps a mark, or removes it; gives its version. `seen` is the version it is made from, 0 for none. */
export async function send(
  study: string,
  uid: string,
  measurement: Measurement | null,
  seen: number,
): Promise<number> {
  const path = { study, tracking_uid: uid };
  const header = { "If-Match": `"${seen}"` };
  if (measurement === null) {
    const gone = api.DELETE("/api/v1/exams/{study}/work/{tracking_uid}", {
      params: { path, header },
      keepalive: true,
    });
    return (await need(gone)).version;
  }
  const kept = api.PUT("/api/v1/exams/{study}/work/{tracking_uid}", {
    params: { path, ...(seen > 0 && { header }) },
    body: measurement,
    keepalive: JSON.stringify(measurement).length < KEPT_ALIVE,
  });
  return (await need(kept)).version;
}
