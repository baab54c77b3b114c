import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { useNavigate } from "react-router";
import { importCtp, type LeftOut } from "../../api/policies";
import { Refusal } from "../../parts/Refusal";
import { TextField } from "../../parts/TextField";

/** What the editor is opened with after an import. */
export interface Brought {
  text: string;
  leftOut: LeftOut[];
}

/** A CTP anonymizer script, read into the editor with what it can't carry. */
export function CtpDialog({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const navigate = useNavigate();
  const [id, setId] = useState("");
  const [script, setScript] = useState("");
  const bring = useMutation({
    mutationFn: () => importCtp(script, id.trim()),
    onSuccess: (imported) => {
      const state: Brought = imported;
      void navigate("/policies/new", { state });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    bring.mutate();
  };
  return (
    <dialog ref={dialog} className="dialog policy-dialog" aria-labelledby="ctp-title" onClose={close}>
      <form className="dialog-body" onSubmit={submit}>
        <h2 id="ctp-title">{t`Import a CTP script`}</h2>
        <p className="dim">
          <Trans>
            The script of a CTP DICOM anonymizer becomes rules before the Basic profile. You see what it can’t
            carry before anything is kept.
          </Trans>
        </p>
        {bring.isError && <Refusal error={bring.error} />}
        <TextField
          label={t`Id of the policy`}
          value={id}
          set={setId}
          required
          pattern="[a-z0-9.\-]+"
          hint={t`small letters, digits, - and .`}
        />
        <label className="field">
          <span className="field-label">{t`File`}</span>
          <input
            className="input policy-file"
            type="file"
            accept=".script,.xml,text/xml"
            onChange={(event) => void event.target.files?.[0]?.text().then(setScript)}
          />
        </label>
        <label className="field">
          <span className="field-label">{t`or its text`}</span>
          <textarea
            className="input policy-text"
            rows={8}
            spellCheck={false}
            required
            value={script}
            onChange={(event) => setScript(event.target.value)}
          />
        </label>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={bring.isPending}>
            {t`Read it`}
          </button>
        </div>
      </form>
    </dialog>
  );
}
