import { t } from "@lingui/core/macro";
import type { Outcome, PolicyVersion, RuleAction } from "../../api/policies";
import type { IconName } from "../../parts/Icon";

interface Said {
  label: string;
  about: string;
}

/** What an option of the Basic profile does, in a line. */
export function optionWords(name: string): Said {
  switch (name) {
    case "retain-safe-private":
      return {
        label: t`Keep private attributes known to be safe`,
        about: t`Those listed below; all others go.`,
      };
    case "retain-uids":
      return {
        label: t`Keep UIDs`,
        about: t`Whoever has the originals can tell which object this was.`,
      };
    case "retain-device-identity":
      return { label: t`Keep which device it was`, about: t`Station, serial number, calibration.` };
    case "retain-institution-identity":
      return { label: t`Keep which institution it was`, about: t`Name, address and department.` };
    case "retain-patient-characteristics":
      return { label: t`Keep what the patient is like`, about: t`Sex, age, size, weight, ethnic group.` };
    case "retain-longitudinal-full-dates":
      return { label: t`Keep dates as they are`, about: t`Real dates and times leave the house.` };
    case "retain-longitudinal-modified-dates":
      return { label: t`Keep dates, moved`, about: t`All of a subject by the same number of days.` };
    case "clean-descriptors":
      return { label: t`Clean descriptions`, about: t`Kept without what identifies; else they go.` };
    case "clean-structured-content":
      return { label: t`Clean structured reports`, about: t`Measurements stay, people and dates go.` };
    case "clean-graphics":
      return { label: t`Clean graphics`, about: t`Annotations and presentation states; overlays go.` };
    default:
      return { label: name, about: "" };
  }
}

export function outcomeWords(outcome: Outcome): { label: string; icon: IconName; tone: string } {
  switch (outcome) {
    case "kept":
      return { label: t`Kept`, icon: "ok", tone: "" };
    case "cleaned":
      return { label: t`Cleaned`, icon: "contrast", tone: "badge-ok" };
    case "removed":
      return { label: t`Removed`, icon: "trash", tone: "badge-danger" };
    case "emptied":
      return { label: t`Emptied`, icon: "close", tone: "badge-danger" };
    case "dummy":
      return { label: t`Dummy`, icon: "file", tone: "badge-warn" };
    case "uid-replaced":
      return { label: t`UID replaced`, icon: "link", tone: "badge-ok" };
    case "coded":
      return { label: t`Code`, icon: "account", tone: "badge-ok" };
    case "shifted":
      return { label: t`Moved`, icon: "reset", tone: "badge-ok" };
    case "added":
      return { label: t`Added`, icon: "report", tone: "badge-ok" };
  }
}

export const ACTIONS: RuleAction[] = ["keep", "clean", "remove", "empty", "dummy", "uid", "code"];

export function actionWords(action: RuleAction): string {
  switch (action) {
    case "keep":
      return t`keep`;
    case "clean":
      return t`clean`;
    case "remove":
      return t`remove`;
    case "empty":
      return t`make empty`;
    case "dummy":
      return t`replace by a dummy`;
    case "uid":
      return t`replace UIDs`;
    case "code":
      return t`replace by the code`;
  }
}

export function stateWords({ state }: Pick<PolicyVersion, "state">): { label: string; tone: string } {
  if (state === "ready-made") return { label: t`Ready-made`, tone: "" };
  if (state === "draft") return { label: t`Draft`, tone: "badge-warn" };
  return { label: t`Approved`, tone: "badge-ok" };
}

/** Who approved it, when that says something. */
export function approvalWords({ state, approvedBy, approvedAlone }: PolicyVersion): string {
  if (state !== "approved") return "";
  const by = approvedBy ?? "";
  return approvedAlone ? t`by ${by}, its author: nobody else had the right` : t`by ${by}`;
}
