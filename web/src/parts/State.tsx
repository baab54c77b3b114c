import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";
import { describe } from "../api/problem";
import { Icon, type IconName } from "./Icon";

/** A page or panel with nothing in it, and what to do about that. */
export function Empty(props: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Set where no other heading stands above: the state is the page. */
  page?: boolean;
}) {
  return (
    <div className="state">
      <div className="state-icon">
        <Icon name={props.icon} size={22} />
      </div>
      {props.page === true ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      {props.children !== undefined && <p>{props.children}</p>}
      {props.actions !== undefined && <div className="state-actions">{props.actions}</div>}
    </div>
  );
}

/** Waiting for the server. */
export function Loading({ what }: { what: string }) {
  return (
    <div className="state" role="status">
      <div className="spinner" />
      <p>{t`Loading ${what}…`}</p>
    </div>
  );
}

/** The server refused or failed; says what, and offers another try. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { title, detail } = describe(error);
  return (
    <div className="state state-failure" role="alert">
      <div className="state-icon">
        <Icon name="quarantine" size={22} />
      </div>
      <h2>{title}</h2>
      {detail !== undefined && <p>{detail}</p>}
      {retry !== undefined && (
        <div className="state-actions">
          <button type="button" className="button" onClick={retry}>
            <Icon name="retry" /> {t`Try again`}
          </button>
        </div>
      )}
    </div>
  );
}
