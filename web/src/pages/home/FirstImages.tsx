import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { systemQuery } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { useToasts } from "../../parts/toasts";

// The same in every language: it is typed into a terminal.
// eslint-disable-next-line lingui/no-unlocalized-strings
const IMPORT = "isocenter import /path/to/folder";

/** An archive with nothing in it: every way to get the first images in. */
export function FirstImages() {
  const { dimse } = useQuery(systemQuery).data ?? {};
  return (
    <section aria-labelledby="first-title" className="home-first">
      <div className="home-first-head">
        <h2 id="first-title">{t`The archive is empty. Bring in the first images:`}</h2>
      </div>
      <div className="home-ways">
        <May action="store">
          <Way title={t`From this computer`} main>
            <p className="dim">{t`Drop a folder; thousands of files are fine, and a lost connection is taken up again.`}</p>
            <Link to="/upload" className="button button-primary">
              <Icon name="upload" /> {t`Upload a folder`}
            </Link>
          </Way>
        </May>
        <Way title={t`From a scanner, a PACS or a workstation`}>
          {!dimse ? (
            <p className="dim">{t`The DICOM network door is closed: set dimse.enabled in the settings.`}</p>
          ) : (
            <>
              <p className="dim">{t`Enter it as a peer, then let it send here (C-STORE):`}</p>
              <dl className="home-address">
                <Copyable name={t`AE title`} value={dimse.aeTitle} />
                <Copyable name={t`Host`} value={window.location.hostname} />
                <Copyable name={t`Port`} value={String(dimse.port)} />
              </dl>
            </>
          )}
          <May action="manage-peers">
            <Link to="/peers" className="button">
              <Icon name="peers" /> {t`Add a peer`}
            </Link>
          </May>
        </Way>
        <Way title={t`From a folder on the server`}>
          <p className="dim">{t`Also of archives and CDs; it can be stopped and begun again.`}</p>
          <dl className="home-address">
            <Copyable name={t`Command`} value={IMPORT} />
          </dl>
        </Way>
        <Way title={t`From another archive`}>
          <p className="dim">{t`Search a PACS by patient or day, and fetch what is wanted.`}</p>
          <Link to="/peers" className="button">
            <Icon name="search" /> {t`Search a peer`}
          </Link>
        </Way>
      </div>
    </section>
  );
}

function Way({ title, main, children }: { title: string; main?: boolean; children: ReactNode }) {
  return (
    <div className={main === true ? "panel home-way main" : "panel home-way"}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

function Copyable({ name, value }: { name: string; value: string }) {
  const toasts = useToasts();
  const copy = () => {
    navigator.clipboard
      .writeText(value)
      .then(() => toasts.say(t`${name} copied.`))
      .catch(toasts.fail);
  };
  return (
    <div>
      <dt className="dim">{name}</dt>
      <dd>
        <code>{value}</code>
        <button
          type="button"
          className="button button-quiet button-small button-square"
          aria-label={t`Copy: ${name}`}
          title={t`Copy`}
          onClick={copy}
        >
          <Icon name="copy" size={14} />
        </button>
      </dd>
    </div>
  );
}
