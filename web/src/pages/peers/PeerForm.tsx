import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, type SubmitEvent } from "react";
import { describe } from "../../api/problem";
import { peersQuery, putPeer, type Peer } from "../../api/peers";
import { useToasts } from "../../parts/toasts";

const RIGHTS = [
  { key: "mayStore", label: "store images here", hint: "C-STORE, storage commitment" },
  { key: "mayQuery", label: "ask what is here", hint: "C-FIND" },
  { key: "mayRetrieve", label: "retrieve images", hint: "C-MOVE, C-GET" },
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
        <h2 id="peer-title">{peer === undefined ? "Add a peer" : `Change ${peer.name}`}</h2>
        {save.isError && <Refusal error={save.error} />}
        <Text
          label="Name"
          value={entry.name}
          set={(name) => change({ name })}
          required
          readOnly={peer !== undefined}
          pattern="[a-z0-9._@\-]{1,64}"
          hint="What it is called here: small letters, digits and . _ - @"
        />
        <Text
          label="AE title"
          value={entry.aeTitle}
          set={(aeTitle) => change({ aeTitle })}
          required
          maxLength={16}
          hint="As it is set on the device, up to 16 characters"
        />
        <div className="peer-address">
          <Text label="Host" value={entry.host ?? ""} set={(host) => change({ host: host || null })} />
          <Text
            label="Port"
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
          Call it with TLS
        </label>
        {entry.tls === true && (
          <Text
            label="SHA-256 of its certificate"
            value={entry.fingerprint ?? ""}
            set={(text) => change({ fingerprint: plainDigest(text) || null })}
            spellCheck={false}
            hint="64 hexadecimal digits, with or without colons; empty: signed by an authority of the settings"
          />
        )}
        <fieldset className="peer-rights">
          <legend>When it calls, it may</legend>
          {RIGHTS.map(({ key, label, hint }) => (
            <label key={key} className="peer-check">
              <input
                type="checkbox"
                checked={entry[key] ?? false}
                onChange={(event) => change({ [key]: event.target.checked })}
              />
              {label} <span className="faint">{hint}</span>
            </label>
          ))}
        </fieldset>
        <Text
          label="Calls from"
          value={(entry.networks ?? []).join(" ")}
          set={(text) => change({ networks: text.split(/[\s,]+/).filter((part) => part !== "") })}
          hint="Addresses or ranges such as 10.1.0.0/16; empty: from its host"
        />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="button button-primary" disabled={save.isPending}>
            Save
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
      toasts.say(`${name} is entered.`);
      close();
    },
  });
}

function Refusal({ error }: { error: unknown }) {
  const { title, detail } = describe(error);
  return (
    <div className="notice notice-danger" role="alert">
      {detail ?? title}
    </div>
  );
}

interface TextProps extends Omit<React.InputHTMLAttributes<HTMLInputElement>, "value" | "onChange"> {
  label: string;
  value: string;
  set: (value: string) => void;
  hint?: string;
}

/** The text is kept as it is typed: what it means may have fewer blanks than what is being written. */
function Text({ label, value, set, hint, ...input }: TextProps) {
  const [typed, setTyped] = useState(value);
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="input"
        autoComplete="off"
        {...input}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          set(event.target.value);
        }}
      />
      {hint !== undefined && <span className="field-hint">{hint}</span>}
    </label>
  );
}
