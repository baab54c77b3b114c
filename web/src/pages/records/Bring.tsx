import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useCallback, useEffect, useRef, useSyncExternalStore, type ChangeEvent } from "react";
import { Link } from "react-router";
import { sourceUrl } from "../../api/records";
import { Icon } from "../../parts/Icon";
import { Progress } from "../../parts/Progress";
import { useToasts } from "../../parts/toasts";
import { useFileDrop } from "../../shell/useFileDrop";
import { fromDrop, fromInput } from "../upload/pick";
import { bringing, type Brought, type Stage } from "./bring";
import { Outcome } from "./MessagesPage";

/** Files beyond these are counted; those that need a look are always shown. */
const LISTED = 50;

/** Messages and files are brought by the button or dropped anywhere on the page. */
export function Bring() {
  const all = useSyncExternalStore(bringing.subscribe, bringing.current);
  const files = useRef<HTMLInputElement>(null);
  const toasts = useToasts();
  useEffect(() => {
    bringing.unknown = t`It is neither an HL7 message nor FHIR; it was not sent.`;
  });
  const take = useCallback(
    (transfer: DataTransfer) => void bringing.add(fromDrop(transfer)).catch(toasts.fail),
    [toasts],
  );
  const over = useFileDrop(take);
  const picked = (event: ChangeEvent<HTMLInputElement>) => {
    void bringing.add(fromInput([...(event.target.files ?? [])])).catch(toasts.fail);
    event.target.value = "";
  };
  return (
    <section className={over ? "bring bring-over" : "bring"} aria-label={t`Bring messages`}>
      <div className="bring-line">
        <Icon name="message" size={22} />
        <div>
          <h2>{t`Drop messages or FHIR files here`}</h2>
          <p className="dim">
            <Trans>HL7 v2, also many in one file; FHIR as JSON or NDJSON. As many at once as you like.</Trans>
          </p>
        </div>
        <button type="button" className="button" onClick={() => files.current?.click()}>
          <Icon name="upload" /> {t`Choose files`}
        </button>
        <input ref={files} type="file" hidden multiple data-pick="messages" onChange={picked} />
      </div>
      {all.length > 0 && <Under all={all} />}
    </section>
  );
}

function Under({ all }: { all: Brought[] }) {
  const ended = all.filter(({ stage }) => stage === "done" || stage === "failed").length;
  const total = all.length;
  const shown = listed(all);
  return (
    <div className="bring-under">
      <div className="bring-progress">
        <strong role="status" className="num">
          {ended === total
            ? plural(total, { one: "# file is through", other: "# files are through" })
            : t`${ended} of ${total} are through`}
        </strong>
        {ended === total && (
          <button type="button" className="button button-small" onClick={bringing.forget}>
            {t`Clear`}
          </button>
        )}
      </div>
      <Progress label={t`Messages brought`} value={ended} of={total} />
      <ul className="bring-files">
        {shown.map((one) => (
          <File key={one.key} one={one} />
        ))}
      </ul>
      {shown.length < total && (
        <p className="dim">
          {plural(total - shown.length, { one: "and # more file", other: "and # more files" })}
        </p>
      )}
    </div>
  );
}

/** Those with trouble first, then what is under way, then the latest. */
function listed(all: Brought[]): Brought[] {
  const rank = ({ stage, source }: Brought) => {
    if (stage === "failed" || source?.state === "refused") return 0;
    if (stage !== "done") return 1;
    return 2;
  };
  return all.toSorted((a, b) => rank(a) - rank(b) || b.key - a.key).slice(0, LISTED);
}

const STAGES: Record<Stage, () => string> = {
  waiting: () => t`waits`,
  sending: () => t`on its way`,
  reading: () => t`safe, being read`,
  done: () => t`safe; it is read in a while`,
  failed: () => t`not sent`,
};

function File({ one: { name, stage, source, why } }: { one: Brought }) {
  return (
    <li>
      <span className="bring-name">
        {source === undefined ? name : <Link to={sourceUrl(source.id)}>{name}</Link>}
      </span>
      <div>
        {source === undefined ? (
          <>
            <span className={stage === "failed" ? "badge badge-danger" : "badge"}>{STAGES[stage]()}</span>
            {why !== undefined && <div className="stream-reason">{why}</div>}
          </>
        ) : (
          <Outcome source={source} />
        )}
      </div>
    </li>
  );
}
