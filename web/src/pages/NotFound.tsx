import { Link } from "react-router";
import { Empty } from "../parts/State";
import { useTitle } from "../shell/useTitle";

export function NotFound() {
  useTitle("Page not found");
  return (
    <Empty
      page
      icon="search"
      title="There is no page here"
      actions={
        <Link to="/" className="button button-primary">
          Go to exams
        </Link>
      }
    >
      The address may be mistyped, or what it named was deleted for good.
    </Empty>
  );
}
