import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "../../api/projects";
import { systemQuery } from "../../api/session";
import { useCopy } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";

/** How programs reach the project: with a token of one's own, or by its AE title. */
export function Connection({ project: { dicomweb, aeTitle } }: { project: Project }) {
  const dimse = useQuery(systemQuery).data?.dimse;
  const url = new URL(dicomweb, window.location.origin).href;
  return (
    <div className="project-parts">
      <p className="dim">
        {t`A program sends a token of one of the members as Authorization: Bearer; tokens are made on the page Access. A DICOM peer must be a member too, as peer: and its name.`}
      </p>
      <dl className="project-facts">
        <Value name={t`DICOMweb`} value={url} />
        {aeTitle ? <Value name={t`AE title`} value={aeTitle} /> : null}
        {aeTitle && dimse ? <Value name={t`Port`} value={String(dimse.port)} /> : null}
        <Value name="curl" value={t`curl --header "Authorization: Bearer TOKEN" ${url}/studies`} />
      </dl>
      {!aeTitle && <p className="dim">{t`It has no AE title, so DICOM peers can't call it.`}</p>}
    </div>
  );
}

function Value({ name, value }: { name: string; value: string }) {
  const copy = useCopy();
  return (
    <div>
      <dt>{name}</dt>
      <dd className="project-value">
        <code>{value}</code>
        <button
          type="button"
          className="button button-quiet button-small button-square"
          aria-label={t`Copy ${name}`}
          title={t`Copy ${name}`}
          onClick={() => copy.text(value, t`Copied`)}
        >
          <Icon name="copy" size={14} />
        </button>
        {copy.byHand}
      </dd>
    </div>
  );
}
