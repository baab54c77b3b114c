/**
 * The language of the pages: the browser's, until the reader chooses another, which is kept.
 *
 * English stands in the source, so it needs no catalog. Another language is one catalog, loaded when it is chosen.
 */
import { i18n, type Messages } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";

interface Language {
  /** What its speakers call it. */
  name: string;
  /** How numbers, dates and times are written. */
  writing: string;
  load: () => Promise<{ messages: Messages }>;
}

/**
 * German numbers are written the Swiss way: a decimal point, as in DICOM and in every viewer. "1,5" beside "1.5"
 * would be misread.
 */
export const LANGUAGES = {
  en: { name: "English", writing: "en-GB", load: () => Promise.resolve({ messages: {} }) },
  de: { name: "Deutsch", writing: "de-CH", load: () => import("./de.po") },
} satisfies Record<string, Language>;

export type LanguageCode = keyof typeof LANGUAGES;

const KEY = "language";

const isLanguage = (code: string | null): code is LanguageCode => code !== null && code in LANGUAGES;

/** The language chosen here before, else the first of the browser's that there is. */
export function preferredLanguage(): LanguageCode {
  const kept = localStorage.getItem(KEY);
  if (isLanguage(kept)) return kept;
  const wanted = navigator.languages.map((tag) => tag.split("-")[0] ?? "");
  return wanted.find(isLanguage) ?? "en";
}

/** Shows the pages in this language from now on. */
export async function speak(code: LanguageCode): Promise<void> {
  const { writing, load } = LANGUAGES[code];
  const { messages } = await load();
  i18n.loadAndActivate({ locale: code, locales: [writing], messages });
  document.documentElement.lang = code;
}

/** The reader's own choice; it holds in this browser until another is made. */
export function chooseLanguage(code: LanguageCode): void {
  localStorage.setItem(KEY, code);
  void speak(code);
}

/** How numbers, dates and times are written now, for `Intl`. */
export const writing = (): string => LANGUAGES[language()].writing;

export const language = (): LanguageCode => (isLanguage(i18n.locale) ? i18n.locale : "en");

/** English messages are compiled when they are first shown. */
i18n.setMessagesCompiler(compileMessage);
i18n.loadAndActivate({ locale: "en", locales: [LANGUAGES.en.writing], messages: {} });
