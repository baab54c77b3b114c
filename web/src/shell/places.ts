import { t } from "@lingui/core/macro";
import type { Action } from "../api/session";
import type { IconName } from "../parts/Icon";

interface Place {
  to: string;
  icon: IconName;
  label: () => string;
  /** What one must be allowed to do, to have a use for it. */
  action: Action;
}

/** Where one can go, in the order of the menu. */
export const PLACES: Place[] = [
  { to: "/", icon: "home", label: () => t`Home`, action: "query" },
  { to: "/exams", icon: "exams", label: () => t`Exams`, action: "query" },
  { to: "/cohorts", icon: "cohort", label: () => t`Cohorts`, action: "count" },
  { to: "/requests", icon: "send", label: () => t`Requests`, action: "count" },
  { to: "/projects", icon: "project", label: () => t`Projects`, action: "manage-own-account" },
  { to: "/upload", icon: "upload", label: () => t`Upload`, action: "store" },
  { to: "/records", icon: "message", label: () => t`Messages`, action: "read" },
  { to: "/reports", icon: "search", label: () => t`Reports`, action: "query" },
  { to: "/together", icon: "link", label: () => t`Together`, action: "curate" },
  { to: "/downloads", icon: "download", label: () => t`Downloads`, action: "export" },
  { to: "/quarantine", icon: "quarantine", label: () => t`Quarantine`, action: "quarantine" },
  { to: "/conflicts", icon: "conflict", label: () => t`Conflicts`, action: "quarantine" },
  { to: "/deleted", icon: "trash", label: () => t`Deleted`, action: "undelete" },
  { to: "/peers", icon: "peers", label: () => t`Peers`, action: "query" },
  { to: "/routing", icon: "route", label: () => t`Routing rules`, action: "manage-routing" },
  { to: "/policies", icon: "shield", label: () => t`Policies`, action: "manage-policies" },
  { to: "/activity", icon: "activity", label: () => t`Activity`, action: "read-audit" },
  { to: "/register", icon: "report", label: () => t`Register of uses`, action: "read-audit" },
  { to: "/storage", icon: "storage", label: () => t`Storage`, action: "status" },
  { to: "/health", icon: "health", label: () => t`System health`, action: "status" },
  { to: "/accounts", icon: "key", label: () => t`Access`, action: "manage-own-account" },
];
