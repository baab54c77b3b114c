import "./share.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { viewersQuery } from "../../api/shares";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/State";
import { HandOn } from "./HandOn";
import { OtherViewers } from "./OtherViewers";

/** Shows one exam elsewhere: in another viewer, on another page, to somebody without an account. */
export function ShareExam({ study }: { study: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setAsking(true)}>
        <Icon name="link" /> {t`Share…`}
      </button>
      {asking && <Dialog study={study} close={() => setAsking(false)} />}
    </>
  );
}

function Dialog({ study, close }: { study: string; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const setUp = useQuery(viewersQuery);
  return (
    <dialog ref={dialog} className="dialog share" aria-labelledby="share-title" onClose={close}>
      <div className="dialog-body">
        <h2 id="share-title">{t`Share this exam`}</h2>
        {setUp.isError && <Failure error={setUp.error} retry={() => void setUp.refetch()} />}
        {setUp.data !== undefined && setUp.data.viewers.length > 0 && (
          <OtherViewers study={study} viewers={setUp.data.viewers} dicomweb={setUp.data.dicomweb} />
        )}
        {setUp.data !== undefined && <HandOn study={study} origins={setUp.data.embedOrigins} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Close`}
          </button>
        </div>
      </div>
    </dialog>
  );
}
