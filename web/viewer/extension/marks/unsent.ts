// What was painted and isn't kept yet, in this browser's memory: a crashed tab and a dead server lose nothing.
import { send, type Change } from "./door";

interface Unsent {
  version: number;
  change: Change;
}

const PREFIX = "isocenter.marks";

const keyOf = (account: string, study: string, series: string) => `${PREFIX}/${account}/${study}/${series}`;

export function remember(account: string, study: string, series: string, unsent: Unsent): void {
  try {
    localStorage.setItem(keyOf(account, study, series), JSON.stringify(unsent));
  } catch {
    // A full memory: it is still sent, and stands in this window until it is.
  }
}

export function forget(account: string, study: string, series: string): void {
  localStorage.removeItem(keyOf(account, study, series));
}

/** Sends what a window before left of an exam, before anything is shown of it. */
export async function resume(account: string, study: string): Promise<void> {
  const prefix = keyOf(account, study, "");
  const keys = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? "");
  for (const key of keys.filter((one) => one.startsWith(prefix))) {
    const unsent = read(localStorage.getItem(key));
    const series = key.slice(prefix.length);
    if (unsent === undefined || (await sent(study, series, unsent))) localStorage.removeItem(key);
  }
}

/** On top of a newer version, should there be one. */
async function sent(study: string, series: string, { version, change }: Unsent): Promise<boolean> {
  const answer = await send(study, series, change, version);
  if (answer.kind !== "newer") return answer.kind === "kept";
  return (await send(study, series, change, answer.version)).kind === "kept";
}

function read(text: string | null): Unsent | undefined {
  try {
    return text === null ? undefined : (JSON.parse(text) as Unsent);
  } catch {
    return undefined;
  }
}
