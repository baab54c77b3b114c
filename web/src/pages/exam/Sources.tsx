import type { ExamDetail } from "../../api/exams";
import { counted, moment } from "../../format/units";

const DOORS: Record<string, string> = {
  cStore: "Sent by DICOM (C-STORE)",
  dimse: "Sent by DICOM (C-STORE)",
  stow: "Sent over the web (STOW-RS)",
  import: "Imported from a folder",
  folder: "Imported from a folder",
  upload: "Uploaded in the browser",
  web: "Uploaded in the browser",
  fetch: "Fetched from another archive",
  demo: "Made for the demonstration",
};

/** Through which door the exam came, from whom, and when. */
export function Sources({ detail }: { detail: ExamDetail }) {
  const { exam, sources } = detail;
  return (
    <div className="sources">
      <ol>
        {sources.map((source, index) => (
          <li key={index}>
            <h2>{DOORS[source.door] ?? source.door}</h2>
            <p className="dim num">{moment(source.receivedAt)}</p>
            <p className="dim">
              {[
                source.account ? `by ${source.account}` : "",
                source.peer ? `from ${source.peer}` : "",
                counted(source.instances, "image"),
              ]
                .filter((part) => part !== "")
                .join(" · ")}
            </p>
          </li>
        ))}
      </ol>
      <h2>Study Instance UID</h2>
      <p className="mono sources-uid">{exam.studyInstanceUid}</p>
    </div>
  );
}
