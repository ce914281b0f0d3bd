import type { Json } from '../json.ts';
import { labelIn, type Language } from '../language.ts';
import { normalizeValue } from '../paths.ts';
import type { Field } from '../theme.ts';
import { UNSURE } from './answer.ts';

/** The words that the interface lends: the domain has no texts of its own. */
export interface ValueWords {
  readonly yes: string;
  readonly no: string;
  readonly unsure: string;
}

/**
 * An answer in words: option labels, yes and no, numbers and days as the language writes them,
 * with their unit. Empty for no answer. `conceptLabel` names the value of a concept field.
 */
export function describeValue(
  field: Field | undefined,
  raw: Json,
  language: Language,
  words: ValueWords,
  conceptLabel: (id: string) => string = (id) => id,
): string {
  const value = normalizeValue(raw);
  if (value === null) return '';
  if (value === UNSURE && field?.unsure) return words.unsure;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) {
    return value.map((item) => describeValue(field, item, language, words, conceptLabel)).join(', ');
  }
  if (typeof value === 'number') {
    const number = new Intl.NumberFormat(language, { maximumFractionDigits: 6 }).format(value);
    return field?.unit ? `${number}\u00a0${field.unit}` : number;
  }
  if (typeof value === 'object') return describeGroup(field, value, language, words, conceptLabel);
  const option = field?.options?.find((one) => one.code === value);
  if (option) return labelIn(option.labels, language) || option.code;
  if (field?.type === 'concept') return conceptLabel(value);
  if (field?.type === 'date') return describeDay(value, language);
  return value;
}

function describeGroup(
  group: Field | undefined,
  value: Record<string, Json>,
  language: Language,
  words: ValueWords,
  conceptLabel: (id: string) => string,
): string {
  return Object.entries(value)
    .map(([key, inner]) => {
      const field = group?.fields?.find((one) => one.key === key);
      const text = describeValue(field, inner, language, words, conceptLabel);
      return text && `${labelIn(field?.labels, language) || key}: ${text}`;
    })
    .filter(Boolean)
    .join(', ');
}

function describeDay(value: string, language: Language): string {
  const day = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return value;
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(day);
}
