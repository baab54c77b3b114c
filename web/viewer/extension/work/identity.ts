// A measurement is tracked by a UID made of the UUID under which the viewer draws it (PS3.5 §B.2), so that the
// same measurement has the same name in every browser.

export function trackingUid(uuid: string): string | undefined {
  const hex = uuid.replaceAll("-", "");
  return /^[0-9a-f]{32}$/i.test(hex) ? `2.25.${BigInt(`0x${hex}`)}` : undefined;
}

export function annotationUid(tracking: string): string {
  const digits = /^2\.25\.(\d{1,39})$/.exec(tracking)?.[1];
  if (digits === undefined) return tracking;
  const hex = BigInt(digits).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
