import { plural, t } from "@lingui/core/macro";

/** Says that counts are of invented people, too. */
export function InventedNote({ invented }: { invented: number }) {
  if (invented === 0) return null;
  const people = plural(invented, { one: "# invented patient", other: "# invented patients" });
  return (
    <p className="notice cohort-notice" role="note">
      {t`Counts include ${people}: a population made up to try questions on.`}
    </p>
  );
}
