import { useEffect, useState } from "react";
import { toolName, valuesInWords } from "../../../src/format/measured";
import { workOn } from "../work/door";

/** What was measured on a prior exam, to compare with. */
export function Earlier({ study }: { study: string }) {
  const [lines, setLines] = useState<{ name: string; values: string }[] | "failed">();
  useEffect(() => {
    let gone = false;
    linesOf(study).then(
      (all) => gone || setLines(all),
      () => gone || setLines("failed"),
    );
    return () => {
      gone = true;
    };
  }, [study]);
  if (lines === undefined) return <p className="iso-beside-note">Looking…</p>;
  if (lines === "failed") return <p className="iso-beside-note">It could not be asked for.</p>;
  if (lines.length === 0) return <p className="iso-beside-note">Nothing.</p>;
  return (
    <ul className="iso-earlier">
      {lines.map(({ name, values }, at) => (
        <li key={at}>
          {name} <span>{values}</span>
        </li>
      ))}
    </ul>
  );
}

async function linesOf(study: string) {
  const { measurements, reports } = await workOn(study);
  return [
    ...measurements
      .filter(({ removed }) => !removed)
      .map(({ measurement: { label, tool, values } }) => ({
        name: label || toolName(tool),
        values: valuesInWords(values),
      })),
    ...reports.flatMap((report) =>
      report.measurements.map(({ label, values }) => ({ name: label, values: valuesInWords(values) })),
    ),
  ];
}
