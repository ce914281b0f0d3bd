import { getLocale } from './generated/runtime.js';

/**
 * Formatters of the language in use, made once for each language and options: making one costs some milliseconds on a
 * cheap phone, and a list writes hundreds of dates.
 */
function keptByOptions<O, F>(make: (locale: string, options: O) => F): (options: O) => F {
  const kept = new Map<string, F>();
  return (options) => {
    const locale = getLocale();
    const key = locale + JSON.stringify(options);
    const format = kept.get(key) ?? make(locale, options);
    kept.set(key, format);
    return format;
  };
}

export const numberFormat = keptByOptions(
  (locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
);

export const dateFormat = keptByOptions(
  (locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);

export const pluralRules = keptByOptions(
  (locale, options: Intl.PluralRulesOptions) => new Intl.PluralRules(locale, options),
);
