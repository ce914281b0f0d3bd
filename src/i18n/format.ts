import { dateFormat, numberFormat } from './formatters.ts';
import { getLocale } from './generated/runtime.js';

const NARROW_SPACE = '\u202f';
const NO_BREAK_SPACE = '\u00a0';

/** `620 m`, `1,1 km`, `12 km`: two digits tell enough on foot. */
export function formatDistance(meters: number): string {
  // What rounds to a thousand metres is a kilometre.
  if (meters < 995) {
    const step = meters < 100 ? 1 : 10;
    return formatNumber(Math.round(meters / step) * step) + NO_BREAK_SPACE + 'm';
  }
  const kilometers = meters / 1_000;
  return formatNumber(kilometers, kilometers < 10 ? 1 : 0) + NO_BREAK_SPACE + 'km';
}

/** A number as the language writes it, thousands apart. */
export function formatNumber(value: number, decimals = 0): string {
  return numberFormat({ maximumFractionDigits: decimals }).format(value);
}

/** `12 avril 2026` from a day or an instant in ISO 8601; the text itself when it is no date. */
export function formatDay(iso: string): string {
  return formatDate(iso, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** How a date is said beside other words: by day this year, by month last year, else by year. */
export interface SpokenDate {
  readonly precision: 'day' | 'month' | 'year';
  readonly text: string;
}

/** `12 avril`, `août 2025` or `2022`: the older, the less the day matters. */
export function speakDate(iso: string, today: Date): SpokenDate {
  const date = parseIso(iso);
  if (!date) return { precision: 'year', text: iso };
  const years = today.getFullYear() - date.getFullYear();
  if (years <= 0) return { precision: 'day', text: formatDate(iso, { day: 'numeric', month: 'long' }) };
  if (years === 1) {
    return { precision: 'month', text: formatDate(iso, { month: 'long', year: 'numeric' }) };
  }
  return { precision: 'year', text: formatDate(iso, { year: 'numeric' }) };
}

/** `43,32150 N 2,55120 E`: degrees with five decimals, about a metre. */
export function formatPosition(lon: number, lat: number): string {
  const degrees = numberFormat({
    minimumFractionDigits: 5,
    maximumFractionDigits: 5,
  });
  const west = getLocale() === 'fr' ? 'O' : 'W';
  const one = (value: number, plus: string, minus: string) =>
    degrees.format(Math.abs(value)) + NO_BREAK_SPACE + (value < 0 ? minus : plus);
  return `${one(lat, 'N', 'S')} ${one(lon, 'E', west)}`;
}

/** `4,1 Mo`, `812 ko`. */
export function formatBytes(bytes: number): string {
  const units = getLocale() === 'fr' ? ['o', 'ko', 'Mo', 'Go'] : ['B', 'kB', 'MB', 'GB'];
  const rank = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1_000 ** rank;
  return formatNumber(value, value < 10 && rank > 1 ? 1 : 0) + NARROW_SPACE + (units[rank] ?? '');
}

function formatDate(iso: string, options: Intl.DateTimeFormatOptions): string {
  const date = parseIso(iso);
  return date ? dateFormat(options).format(date) : iso;
}

/** A bare day is that day here, not at midnight in Greenwich. */
function parseIso(iso: string): Date | null {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? `${iso}T12:00:00` : iso);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Metres to the unit, for an accuracy or a move: `12 m`. */
export function formatMeters(meters: number): string {
  return formatNumber(Math.max(1, Math.round(meters))) + NO_BREAK_SPACE + 'm';
}
