/** What stands on the other side, as the address says it. */
export type Side = { kind: "instance"; study: string; sop: string } | { kind: "conflict"; sha256: string };

const UID = /^[0-9.]{1,64}$/;

/** Reads `STUDY/SOP` or `conflict/SHA256`; undefined for anything else. */
export function sideFrom(text: string | null): Side | undefined {
  const [first = "", second = "", ...rest] = (text ?? "").split("/");
  if (rest.length > 0) return undefined;
  if (first === "conflict")
    return /^[0-9a-f]{64}$/.test(second) ? { kind: "conflict", sha256: second } : undefined;
  return UID.test(first) && UID.test(second) ? { kind: "instance", study: first, sop: second } : undefined;
}

export const sideText = (side: Side): string =>
  side.kind === "conflict" ? `conflict/${side.sha256}` : `${side.study}/${side.sop}`;

/** The address of an instance's attributes, beside another's where that is said. UIDs and digests, nothing else. */
export function attributesAddress(study: string, sop: string, other?: Side): string {
  const query = other === undefined ? "" : `?with=${sideText(other)}`;
  return `/exams/${study}/instances/${sop}/attributes${query}`;
}

/** The exam that a person means who pastes an address of ours, a DICOMweb address or a bare UID. */
export function studyIn(pasted: string): string | undefined {
  const text = pasted.trim();
  if (UID.test(text)) return text;
  return /\/(?:exams|studies)\/([0-9.]{1,64})(?:[/?#]|$)/.exec(text)?.[1];
}
