import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useMay, type Action } from "../api/session";
import { useTitle } from "../shell/useTitle";
import { Empty } from "./State";

/** Shown only to those who may do it. */
export function May({ action, children }: { action: Action; children: ReactNode }) {
  return useMay(action) ? children : null;
}

/** A page for those who may do it; others are told who can change that. */
export function Only({ action, children }: { action: Action; children: ReactNode }) {
  return useMay(action) ? children : <NotForYou />;
}

function NotForYou() {
  useTitle(t`Not for your account`);
  return (
    <Empty
      page
      icon="key"
      title={t`Your account may not see this page`}
      actions={
        <Link to="/" className="button button-primary">
          {t`Go to the first page`}
        </Link>
      }
    >
      <Trans>What an account may do follows from its role. An administrator can give it another one.</Trans>
    </Empty>
  );
}
