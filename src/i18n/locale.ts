import { getLocale, locales, setLocale as setParaglideLocale, type Locale } from './generated/runtime.js';

const KEY = 'capitelle.locale';

export type { Locale };
export { getLocale, locales };

/** The language kept on this device, else the first one of the browser that is spoken here, else French. */
export function preferredLocale(): Locale {
  const kept = localStorage.getItem(KEY);
  const wanted = [kept, ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return locales.find((locale) => locale === wanted.find((tag) => locales.some((one) => one === tag))) ?? 'fr';
}

/** Speaks this language from now on: messages, formats, and the document's `lang` (a screen reader's voice). */
export function applyLocale(locale: Locale): void {
  void setParaglideLocale(locale, { reload: false });
  document.documentElement.lang = locale;
}

/** Applies and keeps a language on this device. The caller draws the screens again. */
export function keepLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale);
  applyLocale(locale);
}
