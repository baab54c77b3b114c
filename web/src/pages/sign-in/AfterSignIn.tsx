import { useEffect } from "react";
import { Navigate, useLocation } from "react-router";
import { backTo } from "./back";

/** Signed in at last: back to the viewer that sent one here, or to the first page. */
export function AfterSignIn() {
  const back = backTo(useLocation().search);
  useEffect(() => {
    if (back !== undefined) window.location.replace(back);
  }, [back]);
  return back === undefined ? <Navigate to="/" replace /> : null;
}
