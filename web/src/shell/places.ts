import type { Action } from "../api/session";
import type { IconName } from "../parts/Icon";

interface Place {
  to: string;
  icon: IconName;
  label: string;
  /** What one must be allowed to do, to have a use for it. */
  action: Action;
}

/** Where one can go, in the order of the menu. */
export const PLACES: Place[] = [
  { to: "/", icon: "exams", label: "Exams", action: "query" },
  { to: "/upload", icon: "upload", label: "Upload", action: "store" },
  { to: "/quarantine", icon: "quarantine", label: "Quarantine", action: "quarantine" },
  { to: "/conflicts", icon: "conflict", label: "Conflicts", action: "quarantine" },
  { to: "/deleted", icon: "trash", label: "Deleted", action: "undelete" },
  { to: "/peers", icon: "peers", label: "Peers", action: "query" },
  { to: "/activity", icon: "activity", label: "Activity", action: "read-audit" },
  { to: "/storage", icon: "storage", label: "Storage", action: "status" },
  { to: "/accounts", icon: "key", label: "Access", action: "manage-own-account" },
];
