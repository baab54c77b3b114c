import type { ExamDetail } from "../../api/exams";
import { DOORS } from "../../format/doors";
import { counted, moment } from "../../format/units";

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
