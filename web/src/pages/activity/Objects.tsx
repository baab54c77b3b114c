import { Trans } from "@lingui/react/macro";
import { Link } from "react-router";
import { useMay } from "../../api/session";

/** Objects shown in a row; the rest are counted. */
const SHOWN = 3;

/** What an action was done to. Exams can be opened by those who may. */
export function Objects({ all }: { all: string[] }) {
  const mayRead = useMay("read");
  return (
    <div className="activity-objects mono">
      {all.slice(0, SHOWN).map((object) => {
        const study = /^(?:exam|series|instance):([\d.]+)/.exec(object)?.[1];
        return (
          <div key={object} className="clip" title={object}>
            {mayRead && study !== undefined ? <Link to={`/exams/${study}`}>{object}</Link> : object}
          </div>
        );
      })}
      {all.length > SHOWN && (
        <div className="faint" title={all.slice(SHOWN).join("\n")}>
          <Trans>and {all.length - SHOWN} more</Trans>
        </div>
      )}
    </div>
  );
}
