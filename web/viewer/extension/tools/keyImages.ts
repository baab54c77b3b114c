// Key images: those that Key Object Selection documents of the exam name (PS3.3 §A.35.4), and marks of one's own.
// Own marks live for this browser window; a document is written by who saves work.
import type { DisplaySet, Metadata, Services } from "../host/ohif";

const KEY_OBJECT_SELECTION = "1.2.840.10008.5.1.4.1.1.88.59";

/** SOP Instance UIDs in the order in which they were marked. */
const marked: string[] = [];

export function toggleMark(sop: string): boolean {
  const at = marked.indexOf(sop);
  if (at >= 0) marked.splice(at, 1);
  else marked.push(sop);
  return at < 0;
}

/** Every key image of what is open: documents first, then own marks. */
export function keyImages(services: Services): string[] {
  const documents = services.displaySetService
    .getActiveDisplaySets()
    .flatMap((set) => (isKeyDocument(set) ? referenced(set.instance ?? set.instances?.[0] ?? {}) : []));
  return [...new Set([...documents, ...marked])];
}

function isKeyDocument({ SOPClassUID, instance, instances }: DisplaySet): boolean {
  return [SOPClassUID, instance?.["SOPClassUID"], instances?.[0]?.["SOPClassUID"]].includes(
    KEY_OBJECT_SELECTION,
  );
}

/** The images that a document's content tree names. */
export function referenced(item: Metadata): string[] {
  const own = list(item["ReferencedSOPSequence"])
    .map((one) => one["ReferencedSOPInstanceUID"])
    .filter((uid) => typeof uid === "string");
  return [...own, ...list(item["ContentSequence"]).flatMap(referenced)];
}

/** A sequence of one item is sometimes given as the item. */
function list(value: unknown): Metadata[] {
  if (Array.isArray(value)) return value as Metadata[];
  return typeof value === "object" && value !== null ? [value as Metadata] : [];
}
