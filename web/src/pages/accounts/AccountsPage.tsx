import "./accounts.css";
import { t } from "@lingui/core/macro";
import { May } from "../../parts/May";
import { useTitle } from "../../shell/useTitle";
import { Accounts } from "./Accounts";
import { Password } from "./Password";
import { Tokens } from "./Tokens";

/** Who may sign in, and the tokens one's own programs use. */
export default function AccountsPage() {
  useTitle(t`Access`);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{t`Access`}</h1>
          <p>{t`Accounts of people, and tokens for the programs that act for you.`}</p>
        </div>
      </div>
      <Password />
      <Tokens />
      <May action="manage-accounts">
        <Accounts />
      </May>
    </div>
  );
}
