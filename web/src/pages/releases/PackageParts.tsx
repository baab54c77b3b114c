import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  packageUrl,
  releaseFilesQuery,
  releaseFileUrl,
  type Package,
  type ReleaseDetail,
  type ReleaseFile,
} from "../../api/releases";
import { bytes, exactMoment } from "../../format/units";
import { useCopy } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { Failure, Loading } from "../../parts/State";
import { pythonLines } from "./words";

/** The package: what is in it, the ways to have it, its files, and who had it. */
export function PackageParts({ detail }: { detail: ReleaseDetail }) {
  const { id, package: made, state, mayReceive, receipts } = detail;
  if (made === null) return null;
  return (
    <section className="panel release-part" aria-labelledby="package-title">
      <h2 id="package-title">{t`Package`}</h2>
      <p className="num">{contents(made)}</p>
      <p className="dim release-digest">
        {t`made ${exactMoment(made.madeAt)}, SHA-256`} <span className="mono">{made.digest}</span>
      </p>
      {state === "ready" && (mayReceive ? <Ways id={id} made={made} /> : <NotForYou />)}
      {state === "ready" && mayReceive && <Files id={id} digest={made.digest} />}
      <Receipts receipts={receipts} />
    </section>
  );
}

function contents({ subjects, exams, series, instances, files, bytes: size }: Package): string {
  return [
    plural(subjects, { one: "# subject", other: "# subjects" }),
    plural(exams, { one: "# exam", other: "# exams" }),
    plural(series, { one: "# series", other: "# series" }),
    plural(instances, { one: "# instance", other: "# instances" }),
    plural(files, { one: "# file", other: "# files" }),
    bytes(size),
  ].join(" · ");
}

function NotForYou() {
  return <p className="dim">{t`Only the people named above can fetch it.`}</p>;
}

function Ways({ id, made }: { id: string; made: Package }) {
  const copy = useCopy();
  const lines = pythonLines(window.location.origin, id);
  return (
    <>
      <div className="row-actions release-actions">
        <a className="button button-primary" href={packageUrl(id)} download>
          <Icon name="download" size={14} /> {t`Download all (${bytes(made.bytes)})`}
        </a>
      </div>
      <div className="release-python">
        <pre aria-label={t`In Python`}>{lines}</pre>
        <button type="button" className="button button-small" onClick={() => copy.text(lines, t`Copied`)}>
          <Icon name="copy" size={13} /> {t`Copy the Python lines`}
        </button>
      </div>
      {copy.byHand}
    </>
  );
}

const STEP = 200;

function Files({ id, digest }: { id: string; digest: string }) {
  const found = useQuery(releaseFilesQuery(id, digest));
  const [shown, setShown] = useState(STEP);
  if (found.isPending) return <Loading what={t`the files`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const left = found.data.length - shown;
  return (
    <details open={found.data.length <= 30}>
      <summary>{plural(found.data.length, { one: "# file", other: "# files" })}</summary>
      <div className="table-scroll release-files" role="region" aria-label={t`Files`} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`File`}</th>
              <th scope="col" className="right">
                {t`Size`}
              </th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {found.data.slice(0, shown).map((file) => (
              <FileRow key={file.path} id={id} file={file} />
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <button type="button" className="button button-small" onClick={() => setShown(shown + STEP)}>
          {plural(left, { one: "Show # more", other: "Show # more" })}
        </button>
      )}
    </details>
  );
}

function FileRow({ id, file: { path, size, sha256 } }: { id: string; file: ReleaseFile }) {
  return (
    <tr>
      <td className="mono release-path">
        <a href={releaseFileUrl(id, path)} download>
          {path}
        </a>
      </td>
      <td className="right num">{bytes(size)}</td>
      <td className="mono faint" title={sha256}>
        {sha256.slice(0, 16)}…
      </td>
    </tr>
  );
}

function Receipts({ receipts }: { receipts: ReleaseDetail["receipts"] }) {
  return (
    <>
      <h3>{t`Who fetched it`}</h3>
      {receipts.length === 0 ? (
        <p className="dim">{t`Nobody yet.`}</p>
      ) : (
        <ul className="release-plain" aria-label={t`Who fetched it`}>
          {receipts.map(({ by, at, bytes: size, files }) => (
            <li key={`${by} ${at}`}>
              <strong>{by}</strong> <span className="dim num">{exactMoment(at)}</span>{" "}
              <span className="num">
                {plural(files, { one: "# file", other: "# files" })}, {bytes(size)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
