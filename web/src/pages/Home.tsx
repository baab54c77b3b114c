import { Navigate, Link } from "react-router";
import { useMay } from "../api/session";
import { Empty } from "../parts/State";
import { useTitle } from "../shell/useTitle";
import { ExamsPage } from "./exams/ExamsPage";

/** The first page: the exams, for those who may see them; else what their role is for. */
export function Home() {
  const [seesExams, readsLog] = [useMay("query"), useMay("read-audit")];
  if (seesExams) return <ExamsPage />;
  if (readsLog) return <Navigate to="/activity" replace />;
  return <NoExamsForYou />;
}

function NoExamsForYou() {
  useTitle("Welcome");
  return (
    <Empty
      page
      icon="image"
      title="Your account sees no identified images"
      actions={
        <>
          <Link to="/storage" className="button">
            See what the archive holds
          </Link>
          <Link to="/accounts" className="button">
            Password and tokens
          </Link>
        </>
      }
    >
      Researchers work on de-identified images inside a project. To look at identified ones, an administrator
      can give your account the broker role.
    </Empty>
  );
}
