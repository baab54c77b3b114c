import { t } from "@lingui/core/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { PROJECT_PAGE, projectExamsQuery, projectViewerUrl, type Project } from "../../api/projects";
import { dicomDate } from "../../format/dicom";
import { Empty, Failure, Loading } from "../../parts/State";

/** The project's exams, in its own terms. */
export function Exams({ project: { id, dicomweb } }: { project: Project }) {
  const [page, setPage] = useState(0);
  const found = useQuery({ ...projectExamsQuery(dicomweb, page), placeholderData: keepPreviousData });
  if (found.isPending) return <Loading what={t`exams`} />;
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const exams = found.data;
  if (exams.length === 0 && page === 0)
    return (
      <Empty icon="exams" title={t`No exam can be seen yet`}>
        {t`Exams come with the subjects that are enrolled, once they have passed the policy.`}
      </Empty>
    );
  return (
    <div className="project-parts">
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t`Subject`}</th>
              <th scope="col">{t`Date`}</th>
              <th scope="col">{t`Modality`}</th>
              <th scope="col">{t`Description`}</th>
              <th scope="col" className="right">
                {t`Instances`}
              </th>
              <th scope="col">
                <span className="hidden-visually">{t`Actions`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {exams.map(({ study, code, date, modalities, description, instances }) => (
              <tr key={study}>
                <td className="mono">{code}</td>
                <td className="num">{dicomDate(date)}</td>
                <td>{modalities}</td>
                <td>{description}</td>
                <td className="right num">{instances}</td>
                <td>
                  <div className="row-actions">
                    <a
                      className="button button-small"
                      href={projectViewerUrl(id, study)}
                      aria-label={t`View the exam of ${code} of ${dicomDate(date)}`}
                    >
                      {t`View`}
                    </a>
                    <Link
                      className="button button-small"
                      to={`/projects/${id}/exams/${study}`}
                      aria-label={t`Why the exam of ${code} of ${dicomDate(date)} is as it is`}
                    >
                      {t`Why`}
                    </Link>
                    <a
                      className="button button-small"
                      href={`${dicomweb}/studies/${study}?accept=application/zip`}
                      aria-label={t`Download the exam of ${code} of ${dicomDate(date)}`}
                    >
                      {t`Download`}
                    </a>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(page > 0 || exams.length === PROJECT_PAGE) && (
        <div className="row-actions">
          <button
            type="button"
            className="button button-small"
            disabled={page === 0}
            onClick={() => setPage(page - 1)}
          >
            {t`Before`}
          </button>
          <button
            type="button"
            className="button button-small"
            disabled={exams.length < PROJECT_PAGE}
            onClick={() => setPage(page + 1)}
          >
            {t`After`}
          </button>
        </div>
      )}
    </div>
  );
}
