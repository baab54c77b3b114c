import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { Navigate, Route, Routes } from "react-router";
import { sessionQuery, type Action } from "./api/session";
import { Home } from "./pages/Home";
import { NotFound } from "./pages/NotFound";
import { SignInPage } from "./pages/sign-in/SignInPage";
import { Only } from "./parts/May";
import { Failure, Loading } from "./parts/State";
import { Layout } from "./shell/Layout";

const ExamPage = lazy(() => import("./pages/exam/ExamPage"));
const UploadPage = lazy(() => import("./pages/upload/UploadPage"));
const QuarantinePage = lazy(() => import("./pages/quarantine/QuarantinePage"));
const ConflictsPage = lazy(() => import("./pages/conflicts/ConflictsPage"));
const DeletedPage = lazy(() => import("./pages/deleted/DeletedPage"));
const PeersPage = lazy(() => import("./pages/peers/PeersPage"));
const ActivityPage = lazy(() => import("./pages/activity/ActivityPage"));
const StoragePage = lazy(() => import("./pages/storage/StoragePage"));
const AccountsPage = lazy(() => import("./pages/accounts/AccountsPage"));

const only = (action: Action, page: ReactNode) => <Only action={action}>{page}</Only>;

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
          <Route index element={<Home />} />
          <Route path="exams/:study" element={only("read", <ExamPage />)} />
          <Route path="upload" element={only("store", <UploadPage />)} />
          <Route path="quarantine" element={only("quarantine", <QuarantinePage />)} />
          <Route path="conflicts" element={only("quarantine", <ConflictsPage />)} />
          <Route path="deleted" element={only("undelete", <DeletedPage />)} />
          <Route path="peers" element={only("query", <PeersPage />)} />
          <Route path="activity" element={only("read-audit", <ActivityPage />)} />
          <Route path="storage" element={only("status", <StoragePage />)} />
          <Route path="accounts" element={<AccountsPage />} />
          <Route path="sign-in" element={<Navigate to="/" replace />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </Layout>
  );
}
