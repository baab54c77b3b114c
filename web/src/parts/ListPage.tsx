import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { useTitle } from "../shell/useTitle";
import type { IconName } from "./Icon";
import { Empty, Failure, Loading } from "./State";

interface Query {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  refetch: () => Promise<unknown>;
  fetchNextPage?: () => Promise<unknown>;
}

interface Props {
  title: string;
  about: string;
  query: Query;
  count: number;
  empty: { icon: IconName; title: string; text: string };
  /** Column headings; an empty one stands over the actions. */
  heads: string[];
  actions?: ReactNode;
  /** What stands between the heading and the table. */
  tools?: ReactNode;
  children: ReactNode;
}

/** A page that is one table: heading, rows, and what to say when there are none. */
export function ListPage({ title, about, query, count, empty, heads, actions, tools, children }: Props) {
  useTitle(title);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{about}</p>
        </div>
        {actions}
      </div>
      {tools}
      <section className="panel table-scroll" aria-label={title}>
        {query.isPending ? (
          <Loading what={title.toLowerCase()} />
        ) : query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : count === 0 ? (
          <Empty icon={empty.icon} title={empty.title}>
            {empty.text}
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col" className={head === t`Size` ? "right" : undefined}>
                    {head === "" ? <span className="hidden-visually">{t`Actions`}</span> : head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        )}
      </section>
      {query.hasNextPage === true && (
        <button
          type="button"
          className="button"
          disabled={query.isFetchingNextPage === true}
          onClick={() => void query.fetchNextPage?.()}
        >
          {query.isFetchingNextPage === true ? t`Loading…` : t`Show more`}
        </button>
      )}
    </div>
  );
}
