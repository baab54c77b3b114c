import { t } from "@lingui/core/macro";
import { Link } from "react-router";
import { Empty } from "../parts/State";
import { useTitle } from "../shell/useTitle";

export function NotFound() {
  useTitle(t`Page not found`);
  return (
    <Empty
      page
      icon="search"
      title={t`There is no page here`}
      actions={
        <Link to="/" className="button button-primary">
          {t`Go to exams`}
        </Link>
      }
    >
      {t`The address may be mistyped, or what it named was deleted for good.`}
    </Empty>
  );
}
