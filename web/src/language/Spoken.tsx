import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Fragment, useSyncExternalStore, type ReactNode } from "react";

const subscribe = (tell: () => void) => i18n.on("change", tell);

/** Everything inside is drawn anew when the language changes, so that any function may say `t`. */
export function Spoken({ children }: { children: ReactNode }) {
  const language = useSyncExternalStore(subscribe, () => i18n.locale);
  return (
    <I18nProvider i18n={i18n}>
      <Fragment key={language}>{children}</Fragment>
    </I18nProvider>
  );
}
