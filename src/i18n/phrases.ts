import { dateFormat, numberFormat, pluralRules } from './formatters.ts';
import { getLocale } from './generated/runtime.js';

/** The form of a phrase that a number asks for, as the language counts (French: 0 and 1 are singular). */
export function plural(count: number, one: string, other: string): string {
  return pluralRules({}).select(count) === 'one' ? one : other;
}

/** The label in the language in use, else the French one, else any; empty when there is none. */
export function labelOf(labels: Readonly<Record<string, string>> | null | undefined): string {
  if (!labels) return '';
  return labels[getLocale()] ?? labels['fr'] ?? Object.values(labels)[0] ?? '';
}

/** `occitan` from `oc`: a language's name in the language in use; its code when the browser has none. */
export function languageName(code: string): string {
  return new Intl.DisplayNames(getLocale(), { type: 'language' }).of(code) ?? code;
}

/** `août 2023` from a day or an instant in ISO 8601. */
export function formatMonth(iso: string): string {
  const format = dateFormat({ month: 'long', year: 'numeric' });
  return format.format(new Date(iso.length === 10 ? `${iso}T12:00:00` : iso));
}

/** `10 mai` this year, `10 mai 2024` before. */
export function formatShortDay(iso: string, today: Date): string {
  const date = new Date(iso.length === 10 ? `${iso}T12:00:00` : iso);
  const isThisYear = date.getFullYear() === today.getFullYear();
  const year = isThisYear ? {} : ({ year: 'numeric' } as const);
  return dateFormat({ day: 'numeric', month: 'long', ...year }).format(date);
}

/** `18 h 42` in French, `18:42` in English. */
export function formatHour(iso: string): string {
  const text = dateFormat({
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
  return getLocale() === 'fr' ? text.replace(':', '\u00a0h\u00a0') : text;
}

const AGES: readonly [unit: Intl.RelativeTimeFormatUnit, milliseconds: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `2 jours`, `3 heures`: how long something has waited. */
export function formatWait(iso: string, now: Date): string {
  const elapsed = Math.max(0, now.getTime() - new Date(iso).getTime());
  const [unit, size] = AGES.find(([, length]) => elapsed >= length) ?? ['minute', 60_000];
  const count = Math.max(1, Math.floor(elapsed / size));
  return numberFormat({ style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
