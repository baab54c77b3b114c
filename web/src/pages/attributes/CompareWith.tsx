import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { Link, useNavigate } from "react-router";
import { examQuery, type Instance, type Series } from "../../api/exams";
import { CopyLink } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/State";
import { attributesAddress, studyIn, type Side } from "./side";

interface Props {
  study: string;
  sop: string;
  other: Side | undefined;
}

/** Beside which instance to look; and back to this one alone. */
export function CompareWith({ study, sop, other }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <div className="attributes-actions">
      {other?.kind === "instance" && (
        <Link
          className="button"
          to={attributesAddress(other.study, other.sop, { kind: "instance", study, sop })}
        >
          {t`Swap sides`}
        </Link>
      )}
      {other !== undefined && (
        <Link className="button" to={attributesAddress(study, sop)}>
          {t`Stop comparing`}
        </Link>
      )}
      <CopyLink
        label={t`Copy a link to these attributes`}
        address={() => attributesAddress(study, sop, other)}
      />
      <button type="button" className="button button-primary" onClick={() => setAsking(true)}>
        <Icon name="conflict" /> {t`Compare with…`}
      </button>
      {asking && <Dialog study={study} sop={sop} close={() => setAsking(false)} />}
    </div>
  );
}

function Dialog({ study, sop, close }: Omit<Props, "other"> & { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const navigate = useNavigate();
  const [pasted, setPasted] = useState("");
  const wanted = pasted.trim() === "" ? study : studyIn(pasted);
  const exam = useQuery({ ...examQuery(wanted ?? ""), enabled: wanted !== undefined });
  const [series, setSeries] = useState<string>();
  const [instance, setInstance] = useState<string>();
  const all = exam.data?.series ?? [];
  const chosen = all.find(({ seriesInstanceUid }) => seriesInstanceUid === series) ?? home(all, sop);
  const instances = (chosen?.instances ?? []).filter((one) => one.sopInstanceUid !== sop);
  const other = instances.find(({ sopInstanceUid }) => sopInstanceUid === instance) ?? instances[0];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (wanted === undefined || other === undefined) return;
    close();
    void navigate(
      attributesAddress(study, sop, { kind: "instance", study: wanted, sop: other.sopInstanceUid }),
    );
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="compare-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="compare-title">{t`Compare with`}</h2>
        <label className="field">
          <span className="field-label">{t`Exam`}</span>
          <input
            className="input"
            placeholder={t`This exam`}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <span className="field-hint">{t`For another one, paste its address or its Study Instance UID.`}</span>
        </label>
        {wanted === undefined ? (
          <p className="dim" role="status">{t`This is neither an address of an exam nor a UID.`}</p>
        ) : exam.isError ? (
          <Failure error={exam.error} />
        ) : (
          <>
            <SeriesChoice all={all} chosen={chosen} choose={setSeries} />
            <InstanceChoice all={instances} chosen={other} choose={setInstance} />
          </>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={other === undefined}>
            {t`Compare`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** The series one comes from, where it is this exam; a series of one file has nothing to compare within. */
function home(all: Series[], sop: string): Series | undefined {
  const others = all.filter(({ instances }) => instances.some((one) => one.sopInstanceUid !== sop));
  const from = others.find(({ instances }) => instances.some((one) => one.sopInstanceUid === sop));
  return from ?? others[0] ?? all[0];
}

interface Choice<T> {
  all: T[];
  chosen: T | undefined;
  choose: (uid: string) => void;
}

function SeriesChoice({ all, chosen, choose }: Choice<Series>) {
  return (
    <label className="field">
      <span className="field-label">{t`Series`}</span>
      <select
        className="input"
        value={chosen?.seriesInstanceUid}
        onChange={(event) => choose(event.target.value)}
      >
        {all.map(({ seriesInstanceUid, seriesNumber, modality, seriesDescription }) => (
          <option key={seriesInstanceUid} value={seriesInstanceUid}>
            {`${seriesNumber ?? "?"}: ${modality} ${seriesDescription}`}
          </option>
        ))}
      </select>
    </label>
  );
}

function InstanceChoice({ all, chosen, choose }: Choice<Instance>) {
  return (
    <label className="field">
      <span className="field-label">{t`Image or document`}</span>
      <select
        className="input"
        value={chosen?.sopInstanceUid}
        onChange={(event) => choose(event.target.value)}
      >
        {all.map(({ sopInstanceUid, instanceNumber }) => (
          <option key={sopInstanceUid} value={sopInstanceUid}>
            {`${instanceNumber ?? "?"} (${sopInstanceUid})`}
          </option>
        ))}
      </select>
    </label>
  );
}
