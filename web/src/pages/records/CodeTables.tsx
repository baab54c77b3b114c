import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { codeTablesQuery, sourceUrl } from "../../api/records";
import { count, exactMoment } from "../../format/units";

const STATES: Record<string, () => string> = {
  loading: () => t`being read`,
  active: () => t`in force`,
  superseded: () => t`superseded`,
};

/** Tables that map codes and units. Nothing, where there is none. */
export function CodeTables() {
  const known = useQuery(codeTablesQuery);
  if (known.data === undefined || known.data.tables.length === 0) return null;
  return (
    <details className="panel records-part code-tables">
      <summary>
        {t`Tables of codes`} <span className="num">{known.data.tables.length}</span>
      </summary>
      <ul>
        {known.data.tables.map((table) => (
          <li key={table.id}>
            <Link to={sourceUrl(table.id)}>{table.name}</Link>{" "}
            <span className={table.state === "active" ? "badge badge-ok" : "badge"}>
              {STATES[table.state]?.() ?? table.state}
            </span>
            <div className="dim num">
              {plural(table.entries, { one: "# code", other: `${count(table.entries)} codes` })}
              {" · "}
              {t`came ${exactMoment(table.receivedAt)}`}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
