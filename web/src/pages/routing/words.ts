import { plural, t } from "@lingui/core/macro";
import { ANY, type Rule } from "../../api/routing";
import { doorWords } from "../../format/doors";

/** The conditions of a rule in words, one for each. */
export function conditionWords({ conditions = ANY }: Rule): string[] {
  const { doors, senders, modalities, bodyParts, words, keys } = conditions;
  const days = conditions.newerThanDays;
  const any = (list: string[]) => list.join(t` or `);
  const told = [
    doors.length > 0 && t`came by ${any(doors.map(doorWords))}`,
    senders.length > 0 && t`came from ${any(senders)}`,
    modalities.length > 0 && t`has ${any(modalities)}`,
    bodyParts.length > 0 && t`shows ${any(bodyParts)}`,
    words !== "" && t`is described with “${words}”`,
    ...Object.entries(keys).map(([keyword, value]) => t`${keyword} is ${value}`),
    typeof days === "number" && t`made at most ${plural(days, { one: "# day", other: "# days" })} before`,
  ];
  return told.filter((one) => one !== false);
}

/** `StationName=CT1*`, one to a line, as they are typed. */
export function readKeys(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [keyword = "", ...value] = line.split("=");
      return [keyword.trim(), value.join("=").trim()];
    }),
  );
}

export const writeKeys = (keys: Record<string, string> | undefined): string =>
  Object.entries(keys ?? {})
    .map(([keyword, value]) => `${keyword}=${value}`)
    .join("\n");

/** `CT, MR` or `CT MR`, as a list. */
export const readList = (text: string): string[] => text.split(/[\s,]+/).filter((part) => part !== "");
