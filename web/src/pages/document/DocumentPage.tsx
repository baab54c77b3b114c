import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { downloadUrl } from "../../api/exams";
import { dicomDate, dicomTime } from "../../format/dicom";
import { CopyLink } from "../../parts/CopyLink";
import { Icon } from "../../parts/Icon";
import { May } from "../../parts/May";
import { Failure, Loading } from "../../parts/State";
import { useTitle } from "../../shell/useTitle";
import { DocumentBody } from "./DocumentBody";
import { loadDocument, type DocumentHead } from "./load";

/** One document of an exam: a structured report, a letter, a PDF, or traces such as an ECG. */
export default function DocumentPage() {
  useTitle(t`Document`);
  const { study = "", sop = "" } = useParams();
  const loaded = useQuery({
    queryKey: ["document", study, sop],
    queryFn: () => loadDocument(study, sop),
    staleTime: Infinity,
  });
  return (
    <div className="document">
      <header className="document-head">
        <Link
          to={`/exams/${study}`}
          className="button button-quiet button-square"
          aria-label={t`Back to the exam`}
          title={t`Back to the exam`}
        >
          <Icon name="back" />
        </Link>
        {loaded.data && <About head={loaded.data.head} />}
        <CopyLink label={t`Copy a link to this document`} address={() => window.location.pathname} />
        <May action="export">
          <a className="button" href={downloadUrl(study)} download>
            <Icon name="download" /> {t`Download exam`}
          </a>
        </May>
      </header>
      {loaded.isPending && <Loading what={t`the document`} />}
      {loaded.isError && <Failure error={loaded.error} retry={() => void loaded.refetch()} />}
      {loaded.data?.content.kind === "pdf" ? (
        <iframe
          className="document-pdf"
          title={loaded.data.head.title}
          src={`/api/v1/exams/${study}/instances/${sop}/pdf`}
        />
      ) : (
        loaded.data && (
          <div className="document-body">
            <DocumentBody content={loaded.data.content} />
          </div>
        )
      )}
    </div>
  );
}

function About({ head }: { head: DocumentHead }) {
  const state = [
    head.completion === "PARTIAL" ? t`partial` : "",
    head.verification === "UNVERIFIED" ? t`not verified` : "",
    head.verification === "VERIFIED" ? t`verified` : "",
  ];
  const when = `${dicomDate(head.date)} ${dicomTime(head.time)}`.trim();
  return (
    <div className="document-about">
      <h1>{head.title}</h1>
      <p className="dim num">
        {[when, head.description === head.title ? "" : head.description, ...state]
          .filter((part) => part !== "")
          .join(" · ")}
      </p>
    </div>
  );
}
