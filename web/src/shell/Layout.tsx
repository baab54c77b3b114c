import { t } from "@lingui/core/macro";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { NavLink } from "react-router";
import { sessionQuery, signOut, type Session } from "../api/session";
import { LanguageChoice } from "../language/LanguageChoice";
import { Icon } from "../parts/Icon";
import { useToasts } from "../parts/toasts";
import { uploads } from "../pages/upload/transport";
import { UploadBadge } from "../pages/upload/UploadBadge";
import { DropAnywhere } from "./DropAnywhere";
import { Finder } from "./finder/Finder";
import { forgetPlaces } from "./finder/recent";
import { Logo } from "./Logo";
import { PLACES } from "./places";
import { setTheme, useTheme } from "./theme";

/** The frame around every page: where one can go, who one is. */
export function Layout({ session, children }: { session: Session; children: ReactNode }) {
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t`Skip to the page`}
      </a>
      <header className="side">
        <Logo />
        <Finder may={session.may} />
        <nav aria-label={t`Pages`}>
          {PLACES.filter(({ action }) => session.may.includes(action)).map(({ to, icon, label }) => (
            <NavLink key={to} to={to} end={to === "/"} className="side-link" title={label()}>
              <Icon name={icon} size={17} />
              <span className="side-label">{label()}</span>
              {to === "/upload" && <UploadBadge />}
            </NavLink>
          ))}
        </nav>
        <Who session={session} />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      {session.may.includes("store") && <DropAnywhere />}
    </div>
  );
}

function Who({ session }: { session: Session }) {
  const theme = useTheme();
  const queries = useQueryClient();
  const toasts = useToasts();
  const leave = () => {
    signOut()
      .then(() => {
        // The next person is another one: an upload of this one's is theirs to take up again.
        uploads.reset();
        forgetPlaces();
        queries.setQueryData(sessionQuery.queryKey, null);
        // Everything else was for the one who left.
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
      })
      .catch(toasts.fail);
  };
  return (
    <div className="who">
      <div className="who-name">
        <Icon name="account" />
        <div>
          <strong>{session.account.name}</strong>
          <div className="faint">{session.account.roles.join(", ")}</div>
        </div>
      </div>
      <div className="who-tools">
        <LanguageChoice />
        <button
          type="button"
          className="button button-quiet button-square"
          aria-label={theme === "dark" ? t`Use light colours` : t`Use dark colours`}
          title={theme === "dark" ? t`Light colours` : t`Dark colours`}
          onClick={() => setTheme(theme === "dark" ? "light" : "dark")}
        >
          <Icon name={theme === "dark" ? "sun" : "theme"} />
        </button>
        <button
          type="button"
          className="button button-quiet button-square"
          aria-label={t`Sign out`}
          title={t`Sign out`}
          onClick={leave}
        >
          <Icon name="leave" />
        </button>
      </div>
    </div>
  );
}
