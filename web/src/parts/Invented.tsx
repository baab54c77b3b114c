import { t } from "@lingui/core/macro";

/** The patients of the demo hospital and of an invented population, by their identifier and who gave it. */
const OF_DEMO = /^(DEMO|POP\d*)-\d{4,}$/;

export const isInvented = (issuer: string, id: string): boolean => issuer === "DEMO" && OF_DEMO.test(id);

/** Numbers of people who are in the facts alone begin behind this one. */
const BEHIND = 2 ** 36;

export const isOfFactsAlone = (patient: number): boolean => patient > BEHIND;

/** So that nobody takes them for real. */
export function Invented() {
  return (
    <span
      className="badge badge-warn"
      title={t`Made up to try things on: there is no such patient.`}
    >{t`invented`}</span>
  );
}
