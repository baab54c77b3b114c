// The server's resource for people's work on an exam.
import { api, need, type Schemas } from "../../../src/api/client";
import { isForGuests } from "../guest";
import { sendChange, session, toSignIn, whyRefused } from "../session";
import type { Answer, Door } from "./keeper";
import type { Item, Work } from "./types";

type Stale = Schemas["StaleBody"];

export async function mayMeasure(): Promise<boolean> {
  return (await session()).may.includes("measure");
}

export async function workOn(study: string): Promise<Work> {
  return (await need(
    api.GET("/api/v1/exams/{study}/work", { params: { path: { study } } }),
  )) as unknown as Work;
}

export interface Past extends Item {
  instance: string;
}

/** How a measurement was, the newest first. */
export async function pastOf(study: string, trackingUid: string): Promise<Past[]> {
  const params = { path: { study }, query: { trackingUid } };
  const { versions } = await need(api.GET("/api/v1/exams/{study}/work-history", { params }));
  return versions as unknown as Past[];
}

export const door: Door = {
  async send(study, uid, to, version) {
    if (isForGuests) return { kind: "refused", why: "What guests draw is not kept." };
    return answer(await sendChange(`/api/v1/exams/${study}/work/${uid}`, to, version));
  },
};

async function answer(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    const { version, changedAt } = body as Schemas["Saved"];
    return { kind: "kept", version, changedAt };
  }
  switch (response.status) {
    case 412:
      return { kind: "newer", item: (body as Stale).current as unknown as Item };
    case 401:
      toSignIn();
      return { kind: "signedOut" };
    case 400:
    case 403:
    case 404:
    case 413:
    case 422:
      return { kind: "refused", why: whyRefused(body) };
    default:
      return { kind: "later" };
  }
}
