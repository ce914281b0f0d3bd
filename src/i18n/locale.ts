import { getLocale, setLocale, type Locale } from './generated/runtime.js';

export { getLocale, type Locale };

/**
 * Speaks this language from now on: messages, formats, and the document's `lang` (a screen reader's voice).
 * Screens already drawn are drawn again by App.
 */
export function applyLocale(locale: Locale): void {
  void setLocale(locale, { reload: false });
  document.documentElement.lang = locale;
}
