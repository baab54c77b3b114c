import { plural, t } from "@lingui/core/macro";
import type { ExamDetail } from "../../api/exams";
import { doorWords } from "../../format/doors";
import { moment } from "../../format/units";

/** Through which door the exam came, from whom, and when. */
export function Sources({ detail }: { detail: ExamDetail }) {
  const { exam, sources } = detail;
  return (
    <div className="sources">
      <ol>
        {sources.map((source, index) => (
          <li key={index}>
            <h2>{doorWords(source.door)}</h2>
            <p className="dim num">{moment(source.receivedAt)}</p>
            <p className="dim">
              {[
                source.account ? t`by ${source.account}` : "",
                source.peer ? t`from ${source.peer}` : "",
                plural(source.instances, { one: "# image", other: "# images" }),
              ]
                .filter((part) => part !== "")
                .join(" · ")}
            </p>
          </li>
        ))}
      </ol>
      <h2>{t`Study Instance UID`}</h2>
      <p className="mono sources-uid">{exam.studyInstanceUid}</p>
    </div>
  );
}
