import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router";
import { sessionQuery } from "./api/session";
import { ExamsPage } from "./pages/exams/ExamsPage";
import { NotFound } from "./pages/NotFound";
import { SignInPage } from "./pages/sign-in/SignInPage";
import { Failure, Loading } from "./parts/State";
import { Layout } from "./shell/Layout";

const ExamPage = lazy(() => import("./pages/exam/ExamPage"));
const UploadPage = lazy(() => import("./pages/upload/UploadPage"));
const QuarantinePage = lazy(() => import("./pages/quarantine/QuarantinePage"));
const ConflictsPage = lazy(() => import("./pages/conflicts/ConflictsPage"));
const DeletedPage = lazy(() => import("./pages/deleted/DeletedPage"));
const PeersPage = lazy(() => import("./pages/peers/PeersPage"));
const AccountsPage = lazy(() => import("./pages/accounts/AccountsPage"));

/** Nobody signed in: the sign-in page, whatever the address; the address is kept for afterwards. */
export function App() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading what="Isocenter" />;
  if (session.isError) return <Failure error={session.error} retry={() => void session.refetch()} />;
  if (session.data === null) return <SignInPage />;
  return (
    <Layout session={session.data}>
      <Suspense fallback={<Loading what="the page" />}>
        <Routes>
          <Route index element={<ExamsPage />} />
          <Route path="exams/:study" element={<ExamPage />} />
          <Route path="upload" element={<UploadPage />} />
          <Route path="quarantine" element={<QuarantinePage />} />
          <Route path="conflicts" element={<ConflictsPage />} />
          <Route path="deleted" element={<DeletedPage />} />
          <Route path="peers" element={<PeersPage />} />
          <Route path="accounts" element={<AccountsPage />} />
          <Route path="sign-in" element={<Navigate to="/" replace />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Layout>
  );
}
