/** What every part of the builder needs to know: the tables of facts. */
import { createContext, use } from "react";
import type { FactTable } from "../../api/cohorts";

export const Tables = createContext<FactTable[]>([]);

export const useTable = (of: string): FactTable | undefined => use(Tables).find(({ name }) => name === of);

/** Where writing goes on in a criterion that was just added. */
export function focusOn(key: number): void {
  requestAnimationFrame(() => {
    const row = document.getElementById(rowId(key));
    row?.querySelector<HTMLElement>(".cohort-lines input")?.focus();
    row?.scrollIntoView({ block: "nearest" });
  });
}

export const rowId = (key: number): string => `criterion-${key}`;
