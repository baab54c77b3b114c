/** Values that are offered while one types. */
import type { Count } from "../../api/cohorts";

export interface Offer {
  value?: string | null;
  display?: string | null;
  /** How many patients have it; none where the facts tell nothing of it. */
  patients?: Count;
}

const MOST = 12;

/** What the facts have first, then what there can be; what is chosen already is left out. */
export function offered(told: Offer[], known: string[], chosen: string[], typed: string): Offer[] {
  const word = typed.trim().toLowerCase();
  const has = ({ value, display }: Offer) =>
    [value, display].some((text) =>
      (text ?? "").replaceAll("_", " ").toLowerCase().includes(word.replaceAll("_", " ")),
    );
  const others = known
    .filter((value) => told.every((one) => one.value !== value))
    .map((value) => ({ value }));
  return [...told, ...others]
    .filter((one) => typeof one.value === "string" && one.value !== "" && !chosen.includes(one.value))
    .filter(has)
    .slice(0, MOST);
}

/** What is meant by a word: the value that is the same, else the first that is offered, else the word. */
export function bestOf(offers: Offer[], word: string): string {
  const lower = word.toLowerCase();
  const same = offers.find(({ value }) => value?.toLowerCase() === lower);
  return same?.value ?? offers[0]?.value ?? word;
}
