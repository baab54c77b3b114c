/** Where a medicine stands, in words. */
import { t } from "@lingui/core/macro";
import type { Medication } from "../../api/records";

type Course = Medication["standing"];

const WORDS: Record<Course, () => string> = {
  active: () => t`goes on`,
  recent: () => t`recent`,
  planned: () => t`planned`,
  stopped: () => t`stopped`,
  past: () => t`past`,
};

export const courseWords = (course: Course): string => WORDS[course]();

const BADGES: Partial<Record<Course, string>> = {
  active: "badge badge-ok",
  recent: "badge badge-ok",
  stopped: "badge badge-warn",
};

export const courseBadge = (course: Course): string => BADGES[course] ?? "badge";

export const isCurrent = ({ standing }: Pick<Medication, "standing">): boolean =>
  standing === "active" || standing === "recent";
