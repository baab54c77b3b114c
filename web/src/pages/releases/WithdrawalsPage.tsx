import "./releases.css";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { withdrawalsQuery, withdrawalUrl } from "../../api/releases";
import { moment } from "../../format/units";
import { ListPage } from "../../parts/ListPage";

/** People who withdrew, and what still has to be done about it. */
export default function WithdrawalsPage() {
  const found = useQuery(withdrawalsQuery);
  const all = found.data ?? [];
  return (
    <ListPage
      title={t`Withdrawals`}
      about={t`Somebody no longer agrees: one act takes them out everywhere, and says what people still have to do.`}
      query={found}
      count={all.length}
      empty={{
        icon: "leave",
        title: t`Nobody has withdrawn`,
        text: t`A withdrawal begins on the patient's page.`,
      }}
      heads={[t`Withdrawal`, t`By`, t`Reason`, t`Steps`]}
    >
      {all.map(({ id, by, at, reason, steps }) => {
        const done = steps.filter(({ state }) => state === "done").length;
        return (
          <tr key={id}>
            <td>
              <Link to={withdrawalUrl(id)}>{moment(at)}</Link>
            </td>
            <td>{by}</td>
            <td>{reason}</td>
            <td>
              <span className={done === steps.length ? "badge badge-ok" : "badge badge-warn"}>
                {t`${done} of ${steps.length} done`}
              </span>
            </td>
          </tr>
        );
      })}
    </ListPage>
  );
}
