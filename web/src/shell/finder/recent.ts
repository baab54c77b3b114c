/** Places one has been to, for this tab only: their names are of patients, and others use the same machine. */
export interface Recent {
  to: string;
  label: string;
  about: string;
}

const KEY = "recent-places";
const MOST = 6;

export function recentPlaces(): Recent[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? (kept as Recent[]) : [];
  } catch {
    return [];
  }
}

export function remember(place: Recent): void {
  const others = recentPlaces().filter(({ to }) => to !== place.to);
  sessionStorage.setItem(KEY, JSON.stringify([place, ...others].slice(0, MOST)));
}

/** The next one at this machine is another person. */
export function forgetPlaces(): void {
  sessionStorage.removeItem(KEY);
}
