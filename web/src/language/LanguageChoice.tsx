import { t } from "@lingui/core/macro";
import { Icon } from "../parts/Icon";
import { chooseLanguage, language, LANGUAGES, type LanguageCode } from "./language";

/** Each language under its own name, so that a reader who knows no other finds it. */
export function LanguageChoice() {
  return (
    <span className="language-choice" title={t`Language`}>
      <Icon name="language" />
      <select
        aria-label={t`Language`}
        value={language()}
        onChange={(event) => chooseLanguage(event.target.value as LanguageCode)}
      >
        {Object.entries(LANGUAGES).map(([code, { name }]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
