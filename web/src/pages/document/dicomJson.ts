/** A data set as DICOM JSON (PS3.18 §F), read by tag. */
export type DataSet = Record<string, Element | undefined>;

export interface Element {
  vr?: string;
  Value?: unknown[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

export function items(set: DataSet, tag: string): DataSet[] {
  return (set[tag]?.Value ?? []) as DataSet[];
}

export function text(set: DataSet, tag: string): string {
  return (set[tag]?.Value ?? [])
    .map(oneText)
    .filter((part) => part !== "")
    .join(", ");
}

function oneText(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return "";
  // A person's name, by its groups.
  const { Alphabetic, Ideographic, Phonetic } = value as Record<string, unknown>;
  return [Alphabetic, Ideographic, Phonetic]
    .filter((part) => typeof part === "string" && part !== "")
    .join(" = ");
}

export function number(set: DataSet, tag: string): number | undefined {
  const value = Number(set[tag]?.Value?.[0] ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The meaning of the first code of a sequence. */
export function meaning(set: DataSet, tag: string): string {
  const [code] = items(set, tag);
  return code === undefined ? "" : text(code, "00080104") || text(code, "00080100");
}

/** Binary content: inline, or where the metadata says it is. */
export async function bytes(element: Element | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (element?.InlineBinary !== undefined)
    return Uint8Array.from(atob(element.InlineBinary), (one) => one.charCodeAt(0));
  if (element?.BulkDataURI === undefined) return new Uint8Array();
  // The server names itself as it is called from outside; here it is asked where this page came from.
  const { pathname } = new URL(element.BulkDataURI, window.location.href);
  const answer = await fetch(pathname, { headers: { Accept: "application/octet-stream" } });
  if (!answer.ok) throw new Error(`the content could not be fetched (${answer.status})`);
  return new Uint8Array(await answer.arrayBuffer());
}
