import { t } from "@lingui/core/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../parts/Icon";
import { useToasts } from "../../parts/toasts";
import {
  canCopyPictures,
  copyPicture,
  fetchPicture,
  save,
  type PictureType,
  type PictureWish,
} from "./picture";

interface Props {
  /** The picture on screen. */
  wish: PictureWish;
  /** The file's name without its ending; says nothing about a person. */
  name: string;
}

/** Keeps the picture on screen as a file, or copies it. */
export function SavePicture({ wish, name }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button button-quiet button-square"
        aria-label={t`Save this picture`}
        title={t`Save this picture`}
        onClick={() => setAsking(true)}
      >
        <Icon name="image" />
      </button>
      {asking && <Dialog wish={wish} name={name} close={() => setAsking(false)} />}
    </>
  );
}

function Dialog({ wish, name, close }: Props & { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const toasts = useToasts();
  const keep = useMutation({
    mutationFn: async (type: PictureType) =>
      save(await fetchPicture(wish, type), `${name}.${type === "image/png" ? "png" : "jpg"}`),
    onSuccess: close,
    onError: toasts.fail,
  });
  const copy = useMutation({
    mutationFn: () => copyPicture(wish),
    onSuccess: () => {
      toasts.say(t`Picture copied`);
      close();
    },
    onError: toasts.fail,
  });
  const busy = keep.isPending || copy.isPending;
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="picture-title" onClose={close}>
      <div className="dialog-body">
        <h2 id="picture-title">{t`Save this picture`}</h2>
        <p className="dim">
          {t`In its full size, with the window on screen and without the zoom. Names that are part of the pixels stay in it.`}
        </p>
        {!canCopyPictures() && (
          <p className="dim">{t`This browser lets pages copy pictures only where they are opened with https.`}</p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            {t`Cancel`}
          </button>
          {canCopyPictures() && (
            <button type="button" className="button" disabled={busy} onClick={() => copy.mutate()}>
              {t`Copy`}
            </button>
          )}
          <button type="button" className="button" disabled={busy} onClick={() => keep.mutate("image/jpeg")}>
            {t`JPEG`}
          </button>
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            onClick={() => keep.mutate("image/png")}
          >
            {t`PNG`}
          </button>
        </div>
      </div>
    </dialog>
  );
}
