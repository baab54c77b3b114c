/** Who a person is, in the words of the newest Patient resource. */
import { t } from "@lingui/core/macro";
import type { Person } from "../../api/records";
import { dicomDate } from "../../format/dicom";

interface HumanName {
  use?: string;
  text?: string;
  family?: string;
  given?: string[];
}

interface Patient {
  name?: HumanName[];
  birthDate?: string;
  gender?: string;
}

const patients = (person: Person): Patient[] => person.patients;

export function oneName({ text, family, given }: HumanName): string {
  const parts = [family ?? "", (given ?? []).join(" ")].filter((part) => part !== "");
  return parts.length === 0 ? (text ?? "") : parts.join(", ");
}

/** Every name, the latest first, each once. */
export function namesOf(person: Person): string[] {
  const names = patients(person).flatMap(({ name }) => (Array.isArray(name) ? name : []).map(oneName));
  return [...new Set(names.filter((name) => name !== ""))];
}

export const nameOfPerson = (person: Person): string => namesOf(person)[0] ?? t`No name`;

export function birthOf(person: Person): string {
  const said = patients(person).map(({ birthDate }) => birthDate ?? "");
  return [...said, ...person.identifiers.map(({ birthDate }) => birthDate)].find((day) => day !== "") ?? "";
}

const SEX: Record<string, () => string> = {
  female: () => t`female`,
  male: () => t`male`,
  other: () => t`other`,
  unknown: () => t`sex unknown`,
};

export const sexOf = (person: Person): string => {
  const said = patients(person)
    .map(({ gender }) => gender ?? "")
    .find((gender) => gender !== "");
  return said === undefined ? "" : sexWords(said);
};

export const sexWords = (sex: string): string => SEX[sex]?.() ?? sex;

export function aboutPerson(person: Person): string {
  const born = birthOf(person);
  return [
    sexOf(person),
    born === "" ? "" : t`born ${dicomDate(born)}`,
    ...person.identifiers.slice(0, 3).map(identifierWords),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

export const identifierWords = ({ value, system }: { value: string; system: string }): string =>
  system === "" ? value : t`${value} of ${system}`;
