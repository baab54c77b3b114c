import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Navigate, Link } from "react-router";
import { useMay } from "../api/session";
import { Empty } from "../parts/State";
import { useTitle } from "../shell/useTitle";
import { HomePage } from "./home/HomePage";

/** The first page: what arrived and what needs one, for those who may see exams; else what their role is for. */
export function Home() {
  const [seesExams, readsLog] = [useMay("query"), useMay("read-audit")];
  if (seesExams) return <HomePage />;
  if (readsLog) return <Navigate to="/activity" replace />;
  return <NoExamsForYou />;
}

function NoExamsForYou() {
  useTitle(t`Welcome`);
  return (
    <Empty
      page
      icon="image"
      title={t`Your account sees no identified images`}
      actions={
        <>
          <Link to="/projects" className="button button-primary">
            {t`Your projects`}
          </Link>
          <Link to="/cohorts" className="button">
            {t`Count cohorts`}
          </Link>
          <Link to="/requests" className="button">
            {t`Your requests for data`}
          </Link>
          <Link to="/storage" className="button">
            {t`See what the archive holds`}
          </Link>
          <Link to="/accounts" className="button">
            {t`Password and tokens`}
          </Link>
        </>
      }
    >
      <Trans>
        Researchers work on de-identified images inside a project. To look at identified ones, an
        administrator can give your account the broker role.
      </Trans>
    </Empty>
  );
}
