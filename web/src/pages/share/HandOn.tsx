import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { Link } from "react-router";
import { tokensQuery } from "../../api/other";
import { shareExam, type Shared } from "../../api/shares";
import { moment } from "../../format/units";
import { useCopy } from "../../parts/CopyLink";
import { useToasts } from "../../parts/toasts";

const HOUR = 60;
const DAY = 24 * HOUR;

const spans = (): [number, string][] => [
  [HOUR, t`an hour`],
  [8 * HOUR, t`8 hours`],
  [DAY, t`a day`],
  [7 * DAY, t`a week`],
  [30 * DAY, t`30 days`],
];

interface Props {
  study: string;
  /** Whose pages may show the viewer in a frame. */
  origins: string[];
}

/** Makes a token that reads this exam alone, and gives the addresses it opens. */
export function HandOn({ study, origins }: Props) {
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState(HOUR);
  const queries = useQueryClient();
  const toasts = useToasts();
  const share = useMutation({
    mutationFn: () => shareExam(study, name, minutes),
    onError: toasts.fail,
    onSettled: () => queries.invalidateQueries({ queryKey: tokensQuery.queryKey }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    share.mutate();
  };
  return (
    <section aria-labelledby="share-token" className="share-part">
      <h3 id="share-token">{t`For somebody without an account, another page or another program`}</h3>
      {share.data === undefined ? (
        <form className="share-form" onSubmit={submit}>
          <label className="field">
            <span className="field-label">{t`For whom or what`}</span>
            <input
              className="input"
              required
              maxLength={100}
              placeholder={t`Such as “second opinion”; no names of patients`}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="field-label">{t`For how long`}</span>
            <select
              className="input"
              value={minutes}
              onChange={(event) => setMinutes(Number(event.target.value))}
            >
              {spans().map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="button button-primary" disabled={share.isPending}>
            {t`Make links`}
          </button>
        </form>
      ) : (
        <Links shared={share.data} origins={origins} />
      )}
    </section>
  );
}

function Links({ shared, origins }: { shared: Shared; origins: string[] }) {
  return (
    <div className="share-links">
      <p className="dim" role="status">
        <Trans>
          They read this exam and nothing else, until {moment(shared.expiresAt)}. Copy them now, they are not
          shown again; take them back under <Link to="/accounts">Access</Link>. Whoever has one sees the
          patient's name.
        </Trans>
      </p>
      <Copied label={t`Viewer, to open or to show in a frame`} value={shared.embed} />
      <p className="field-hint">
        {origins.length === 0
          ? t`No page elsewhere may show it in a frame; an administrator can name some in the settings, links.embed_origins.`
          : t`In a frame on pages of ${origins.join(", ")}.`}
      </p>
      <Copied label={t`DICOMweb address of the exam`} value={shared.dicomweb} />
      <Copied label={t`Token, sent as “Authorization: Bearer …”`} value={shared.secret} />
    </div>
  );
}

function Copied({ label, value }: { label: string; value: string }) {
  const copy = useCopy();
  return (
    <div className="share-copied">
      <label className="field">
        <span className="field-label">{label}</span>
        <input className="input mono" readOnly value={value} onFocus={(event) => event.target.select()} />
      </label>
      <button
        type="button"
        className="button"
        aria-label={t`Copy: ${label}`}
        onClick={() => copy.text(value, t`Copied`)}
      >
        {t`Copy`}
      </button>
      {copy.byHand}
    </div>
  );
}
