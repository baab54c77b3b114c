import { t } from "@lingui/core/macro";
import { useEffect, useState } from "react";
import { DocumentBody } from "./DocumentBody";
import { loadDocument, type LoadedDocument } from "./load";

/** A document read in a narrow place, such as beside images. */
export function DocumentText({ study, sop }: { study: string; sop: string }) {
  const [loaded, setLoaded] = useState<LoadedDocument | "failed">();
  useEffect(() => {
    let gone = false;
    loadDocument(study, sop).then(
      (found) => gone || setLoaded(found),
      () => gone || setLoaded("failed"),
    );
    return () => {
      gone = true;
    };
  }, [study, sop]);
  if (loaded === undefined) return <p className="document-note">{t`Reading…`}</p>;
  if (loaded === "failed")
    return <p className="document-note">{t`It could not be read. Open it on its own page to see why.`}</p>;
  const { head, content } = loaded;
  return (
    <article className="document-text" aria-label={head.title}>
      {head.verification === "UNVERIFIED" && <p className="document-note">{t`Not verified by anybody`}</p>}
      <DocumentBody content={content} />
    </article>
  );
}
