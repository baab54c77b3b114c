import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { Route, Routes, useLocation } from "react-router";
import { sessionQuery, useMay, type Action } from "./api/session";
import { ExamsPage } from "./pages/exams/ExamsPage";
import { Home } from "./pages/Home";
import { NotFound } from "./pages/NotFound";
import { AfterSignIn } from "./pages/sign-in/AfterSignIn";
import { SignInPage } from "./pages/sign-in/SignInPage";
import { Only } from "./parts/May";
import { Failure, Loading } from "./parts/State";
import { Layout } from "./shell/Layout";

const ExamPage = lazy(() => import("./pages/exam/ExamPage"));
const AttributesPage = lazy(() => import("./pages/attributes/AttributesPage"));
const DocumentPage = lazy(() => import("./pages/document/DocumentPage"));
const SlidePage = lazy(() => import("./pages/slide/SlidePage"));
const PatientPage = lazy(() => import("./pages/patient/PatientPage"));
const UploadPage = lazy(() => import("./pages/upload/UploadPage"));
const MessagesPage = lazy(() => import("./pages/records/MessagesPage"));
const ReportSearchPage = lazy(() => import("./pages/report/SearchPage"));
const SourcePage = lazy(() => import("./pages/records/SourcePage"));
const PersonPage = lazy(() => import("./pages/people/PersonPage"));
const ReportPage = lazy(() => import("./pages/report/ReportPage"));
const CheckPage = lazy(() => import("./pages/report/CheckPage"));
const CheckReportPage = lazy(() => import("./pages/report/CheckReportPage"));
const TogetherPage = lazy(() => import("./pages/together/TogetherPage"));
const QuarantinePage = lazy(() => import("./pages/quarantine/QuarantinePage"));
const ConflictsPage = lazy(() => import("./pages/conflicts/ConflictsPage"));
const DeletedPage = lazy(() => import("./pages/deleted/DeletedPage"));
const DownloadsPage = lazy(() => import("./pages/downloads/DownloadsPage"));
const PeersPage = lazy(() => import("./pages/peers/PeersPage"));
const RoutingPage = lazy(() => import("./pages/routing/RoutingPage"));
const ProjectsPage = lazy(() => import("./pages/projects/ProjectsPage"));
const ProjectPage = lazy(() => import("./pages/projects/ProjectPage"));
const ExplainedPage = lazy(() => import("./pages/projects/ExplainedPage"));
const CohortsPage = lazy(() => import("./pages/cohorts/CohortsPage"));
const CohortPage = lazy(() => import("./pages/cohorts/CohortPage"));
const RequestsPage = lazy(() => import("./pages/releases/RequestsPage"));
const NewRequestPage = lazy(() => import("./pages/releases/NewRequestPage"));
const RequestPage = lazy(() => import("./pages/releases/RequestPage"));
const RegisterPage = lazy(() => import("./pages/releases/RegisterPage"));
const WithdrawalsPage = lazy(() => import("./pages/releases/WithdrawalsPage"));
const WithdrawalPage = lazy(() => import("./pages/releases/WithdrawalPage"));
const PoliciesPage = lazy(() => import("./pages/policies/PoliciesPage"));
const PolicyPage = lazy(() => import("./pages/policies/PolicyPage"));
const ActivityPage = lazy(() => import("./pages/activity/ActivityPage"));
const StoragePage = lazy(() => import("./pages/storage/StoragePage"));
const HealthPage = lazy(() => import("./pages/health/HealthPage"));
const AccountsPage = lazy(() => import("./pages/accounts/AccountsPage"));

const only = (action: Action, page: ReactNode) => <Only action={action}>{page}</Only>;

/** Nobody signed in: the sign-in page, whatever the address; the address is kept for afterwards. */
export function App() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading what={t`Isocenter`} />;
  if (session.isError) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (session.data === null) return <SignInPage />;
  return (
    <Layout session={session.data}>
      <Suspense fallback={<Loading what={t`the page`} />}>
        <Routes>
          <Route index element={<Home />} />
          <Route path="exams" element={only("query", <Exams />)} />
          <Route path="patients/:study" element={only("read", <PatientPage />)} />
          <Route path="exams/:study" element={only("read", <ExamPage />)} />
          <Route path="exams/:study/instances/:sop/attributes" element={only("read", <AttributesPage />)} />
          <Route path="exams/:study/documents/:sop" element={only("read", <DocumentPage />)} />
          <Route path="exams/:study/series/:series/slide" element={only("read", <SlidePage />)} />
          <Route path="exams/:study/files/:file/slide" element={only("read", <SlidePage />)} />
          <Route path="upload" element={only("store", <UploadPage />)} />
          <Route path="records" element={only("read", <MessagesPage />)} />
          <Route path="records/sources/:id" element={only("read", <SourcePage />)} />
          <Route path="people/:person" element={only("read", <PersonPage />)} />
          <Route path="reports" element={only("query", <ReportSearchPage />)} />
          <Route path="reports/check" element={only("query", <CheckPage />)} />
          <Route path="reports/:record/check" element={only("measure", <CheckReportPage />)} />
          <Route path="reports/:record" element={only("read", <ReportPage />)} />
          <Route path="together" element={only("curate", <TogetherPage />)} />
          <Route path="quarantine" element={only("quarantine", <QuarantinePage />)} />
          <Route path="conflicts" element={only("quarantine", <ConflictsPage />)} />
          <Route path="deleted" element={only("undelete", <DeletedPage />)} />
          <Route path="downloads" element={only("export", <DownloadsPage />)} />
          <Route path="peers" element={only("query", <PeersPage />)} />
          <Route path="routing" element={only("manage-routing", <RoutingPage />)} />
          <Route path="cohorts" element={only("count", <CohortsPage />)} />
          <Route path="cohorts/:id" element={only("count", <CohortPage />)} />
          <Route path="requests" element={only("count", <RequestsPage />)} />
          <Route path="requests/new" element={only("count", <NewRequestPage />)} />
          <Route path="requests/:id" element={only("count", <RequestPage />)} />
          <Route path="register" element={<Register />} />
          <Route path="withdrawals" element={only("release", <WithdrawalsPage />)} />
          <Route path="withdrawals/:id" element={only("release", <WithdrawalPage />)} />
          <Route path="projects" element={<ProjectsPage />} />
          <Route path="projects/:id" element={<ProjectPage />} />
          <Route path="projects/:id/exams/:study" element={<ExplainedPage />} />
          <Route path="policies" element={only("manage-policies", <PoliciesPage />)} />
          <Route path="policies/:id" element={only("manage-policies", <PolicyPage />)} />
          <Route path="activity" element={only("read-audit", <ActivityPage />)} />
          <Route path="storage" element={only("status", <StoragePage />)} />
          <Route path="health" element={only("status", <HealthPage />)} />
          <Route path="accounts" element={<AccountsPage />} />
          <Route path="sign-in" element={<AfterSignIn />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Layout>
  );
}

/** For who decides what leaves, and for who reads the log. */
function Register() {
  const releases = useMay("release");
  return only(releases ? "release" : "read-audit", <RegisterPage />);
}

/** Asked for anew, the list begins with what is asked for. */
function Exams() {
  const { state } = useLocation() as { state: { asked?: number } | null };
  return <ExamsPage key={state?.asked} />;
}
