import type { Json } from '../../../domain/json.ts';
import type { Field } from '../../../domain/theme.ts';
import { labelOf } from '../../../i18n/phrases.ts';
import { m } from '../../../i18n/generated/messages.js';

export interface AnswerOption {
  readonly value: string;
  readonly label: string;
  readonly picture: string | null;
}

/** More than that and a phone shows a list rather than tiles. */
const MOST_TILES = 9;

/** The answers to offer: those of the form, and the one already given even if it is not offered any more. */
export function offeredOptions(field: Field, value: Json): AnswerOption[] {
  if (field.type === 'boolean') {
    return [
      { value: 'yes', label: m.domain_yes(), picture: null },
      { value: 'no', label: m.domain_no(), picture: null },
    ];
  }
  const given = Array.isArray(value) ? value : [value];
  return (field.options ?? [])
    .filter((option) => option.offered !== false || given.includes(option.code))
    .map((option) => ({
      value: option.code,
      label: labelOf(option.labels) || option.code,
      picture: option.picture ?? null,
    }));
}

/** Several answers are always tiles: a phone's multiple select is unusable with gloves. */
export function fitsTiles(field: Field, options: readonly AnswerOption[]): boolean {
  return field.type !== 'choice' || options.length <= MOST_TILES;
}

/** Tiles in a row: as many as their words leave room for at 390 px. */
export function columnsFor(options: readonly AnswerOption[]): 1 | 2 | 3 | 4 {
  const longest = Math.max(0, ...options.map((option) => option.label.length));
  if (longest > 24) return 1;
  if (longest > 13) return 2;
  if (longest <= 8 && options.length % 4 === 0) return 4;
  return options.length === 2 || options.length === 4 ? 2 : 3;
}
