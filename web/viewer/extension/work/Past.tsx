import { useEffect, useState } from "react";
import { valuesInWords } from "../../../src/format/measured";
import { exactMoment } from "../../../src/format/units";
import { pastOf, type Past as Version } from "./door";
import { theDesk } from "./desk";

/** How a measurement was, the newest first; an earlier one can be the newest again. */
export function Past({
  study,
  uid,
  own,
  version,
}: {
  study: string;
  uid: string;
  own: boolean;
  version: number;
}) {
  const [found, setFound] = useState<Version[] | "failed">();
  useEffect(() => {
    let gone = false;
    pastOf(study, uid).then(
      (all) => gone || setFound(all),
      () => gone || setFound("failed"),
    );
    return () => {
      gone = true;
    };
  }, [study, uid, version]);
  if (found === undefined) return <p className="iso-work-note">Looking…</p>;
  if (found === "failed") return <p className="iso-work-note">How it was could not be asked for.</p>;
  return (
    <ol className="iso-work-past">
      {found.map((one) => (
        <li key={one.version}>
          <span>
            {one.version}. {exactMoment(one.changedAt)}
          </span>
          <span>{one.removed ? "removed" : valuesInWords(one.measurement.values)}</span>
          {own && one.version !== version && !one.removed && (
            <button type="button" onClick={() => theDesk()?.bringBack(uid, one.measurement)}>
              Bring back
            </button>
          )}
        </li>
      ))}
    </ol>
  );
}
