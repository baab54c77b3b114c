/** Every criterion of a draft with where it stands, in the words and the order of the server. */
import type { Beside, Draft, Part, Row } from "./draft";

export interface Placed {
  /** `patients.all[0].has.around[1].has`. */
  place: string;
  row: Row;
  /** How many criteria it stands below. */
  depth: number;
  /** What it stands beside; none: the patient. */
  beside?: Beside;
  /** It is what must not be between. */
  between: boolean;
  /** It, or what it stands below, is asked for not to be. */
  denied: boolean;
}

export function placed({ root }: Pick<Draft, "root">): Placed[] {
  return ofPart({ ...root, not: false }, "patients", false);
}

function ofPart(part: Part, place: string, denied: boolean): Placed[] {
  const here = part.not ? `${place}.not` : place;
  const no = denied !== part.not;
  if (part.kind === "card")
    return ofRow({ place: `${here}.has`, row: part.row, depth: 0, between: false, denied: no });
  const parts = part.parts.filter((one) => one.kind === "card" || one.parts.length > 0);
  const join = parts.length === 0 ? "all" : part.join;
  return parts.flatMap((one, at) => ofPart(one, `${here}.${join}[${at}]`, no));
}

function ofRow(here: Placed): Placed[] {
  const { place, row, depth, denied } = here;
  const around = row.beside.flatMap((beside, at): Placed[] => {
    const below = { depth: depth + 1, beside, denied: denied || beside.absent };
    const path = `${place}.around[${at}]`;
    const without =
      beside.without === undefined || beside.absent || beside.near === "sameExam"
        ? []
        : ofRow({ ...below, place: `${path}.without`, row: beside.without, between: true, denied: true });
    return [...ofRow({ ...below, place: `${path}.has`, row: beside.has, between: false }), ...without];
  });
  return [here, ...around];
}
