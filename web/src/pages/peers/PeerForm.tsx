import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { peersQuery, putPeer, type Peer } from "../../api/peers";
import { Refusal } from "../../parts/Refusal";
import { TextField } from "../../parts/TextField";
import { useToasts } from "../../parts/toasts";

const RIGHTS = [
  { key: "mayStore", label: () => t`store images here`, hint: () => t`C-STORE, storage commitment` },
  { key: "mayQuery", label: () => t`ask what is here`, hint: () => "C-FIND" },
  { key: "mayRetrieve", label: () => t`retrieve images`, hint: () => "C-MOVE, C-GET" },
] as const;

/** A peer's entry: new, or changed under the same name. */
export function PeerForm({ peer, close }: { peer: Peer | undefined; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const [entry, setEntry] = useState<Peer>(peer ?? { name: "", aeTitle: "", mayStore: true });
  const change = (part: Partial<Peer>) => setEntry((before) => ({ ...before, ...part }));
  const save = useSave(close);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate(entry);
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="peer-title" onClose={close}>
      <form className="dialog-body peer-form" onSubmit={submit}>
        <h2 id="peer-title">{peer === undefined ? t`Add a peer` : t`Change ${peer.name}`}</h2>
        {save.isError && <Refusal error={save.error} />}
        <TextField
          label={t`Name`}
          value={entry.name}
          set={(name) => change({ name })}
          required
          readOnly={peer !== undefined}
          pattern="[a-z0-9._@\-]{1,64}"
          hint={t`What it is called here: small letters, digits and . _ - @`}
        />
        <TextField
          label={t`AE title`}
          value={entry.aeTitle}
          set={(aeTitle) => change({ aeTitle })}
          required
          maxLength={16}
          hint={t`As it is set on the device, up to 16 characters`}
        />
        <div className="peer-address">
          <TextField
            label={t`Host`}
            value={entry.host ?? ""}
            set={(host) => change({ host: host || null })}
          />
          <TextField
            label={t`Port`}
            type="number"
            value={entry.port?.toString() ?? ""}
            set={(port) => change({ port: port === "" ? null : Number(port) })}
          />
        </div>
        <label className="peer-check">
          <input
            type="checkbox"
            checked={entry.tls ?? false}
            onChange={(event) => change({ tls: event.target.checked })}
          />
          {t`Call it with TLS`}
        </label>
        {entry.tls === true && (
          <TextField
            label={t`SHA-256 of its certificate`}
            value={entry.fingerprint ?? ""}
            set={(text) => change({ fingerprint: plainDigest(text) || null })}
            spellCheck={false}
            hint={t`64 hexadecimal digits, with or without colons; empty: signed by an authority of the settings`}
          />
        )}
        <fieldset className="peer-rights">
          <legend>{t`When it calls, it may`}</legend>
          {RIGHTS.map(({ key, label, hint }) => (
            <label key={key} className="peer-check">
              <input
                type="checkbox"
                checked={entry[key] ?? false}
                onChange={(event) => change({ [key]: event.target.checked })}
              />
              {label()} <span className="faint">{hint()}</span>
            </label>
          ))}
        </fieldset>
        <TextField
          label={t`Calls from`}
          value={(entry.networks ?? []).join(" ")}
          set={(text) => change({ networks: text.split(/[\s,]+/).filter((part) => part !== "") })}
          hint={t`Addresses or ranges such as 10.1.0.0/16; empty: from its host`}
        />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          <button type="submit" className="button button-primary" disabled={save.isPending}>
            {t`Save`}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** Fingerprints are often written with colons, blanks and capital letters. */
const plainDigest = (text: string): string => text.replaceAll(/[\s:]/g, "").toLowerCase();

function useSave(close: () => void) {
  const queries = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: putPeer,
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: peersQuery.queryKey });
      toasts.say(t`${name} is entered.`);
      close();
    },
  });
}
