import type { Json } from '../../domain/json.ts';
import { UNSURE } from '../../domain/form/answer.ts';
import type { LeafField } from '../../domain/theme.ts';
import { labelOf } from '../../i18n/phrases.ts';
import { m } from '../../i18n/generated/messages.js';

export interface AnswerOption {
  readonly value: string;
  readonly label: string;
  readonly picture: string | null;
  readonly help?: string | undefined;
  /** Excludes the others: "none of them". */
  readonly isAlone?: boolean;
}

/** More than that and a phone shows a list rather than tiles. */
const MOST_TILES = 9;
/** Drawings are found at a glance: a screenful of them is still quicker than a list. */
const MOST_DRAWN = 12;

/** The answers to offer: those of the form, and the one already given even if it is not offered any more. */
export function offeredOptions(field: LeafField, value: Json): AnswerOption[] {
  if (field.type === 'boolean') {
    // A form may say and draw "yes" and "no" in words of its own: "Allumé", "Éteint".
    return [yesOrNo(field, 'true', m.domain_yes()), yesOrNo(field, 'false', m.domain_no())];
  }
  const given = Array.isArray(value) ? value : [value];
  const options = (field.options ?? [])
    .filter((option) => option.offered !== false || given.includes(option.code))
    .map((option) => ({
      value: option.code,
      label: labelOf(option.labels) || option.code,
      picture: option.picture ?? null,
      help: labelOf(option.help) || undefined,
      isAlone: option.alone === true,
    }));
  return field.type === 'choices' ? [...options, ...retiredOptions(field, given)] : options;
}

/** Of several answers those that the form does not know any more: shown, or nobody could take them out. */
function retiredOptions(field: LeafField, given: readonly Json[]): AnswerOption[] {
  const known = (field.options ?? []).map((option) => option.code);
  if (known.length === 0) return [];
  return given
    .filter((code) => typeof code === 'string')
    .filter((code) => code !== UNSURE && code !== '' && !known.includes(code))
    .map((code) => ({ value: code, label: m.capture_option_retired({ code }), picture: null }));
}

function yesOrNo(field: LeafField, value: string, word: string): AnswerOption {
  const own = field.options?.find((option) => option.code === value);
  return { value, label: labelOf(own?.labels) || word, picture: own?.picture ?? null };
}

/** Several answers are always tiles: a phone's multiple select is unusable with gloves. */
export function fitsTiles(field: LeafField, options: readonly AnswerOption[]): boolean {
  const most = options.some((option) => option.picture !== null) ? MOST_DRAWN : MOST_TILES;
  return field.type !== 'choice' || options.length <= most;
}

/** Tiles in a row: as many as their words leave room for at 390 px. */
export function columnsFor(options: readonly AnswerOption[]): 1 | 2 | 3 | 4 {
  if (options.some((option) => option.help)) return 1;
  const longest = Math.max(0, ...options.map((option) => option.label.length));
  // A drawing needs 96 px, and its words may take two lines under it.
  const isDrawn = options.some((option) => option.picture !== null);
  if (isDrawn && longest > 8) return options.length === 2 || options.length === 4 ? 2 : 3;
  if (longest > 24) return 1;
  if (longest > 13) return 2;
  if (longest <= 8 && options.length % 4 === 0) return 4;
  return options.length === 2 || options.length === 4 ? 2 : 3;
}

/** Digits as they are printed in groups ("130 025 265 64591"), as the base keeps them. */
export function withoutSpaces(typed: string): string {
  return typed.replace(/[\s.\u00a0\u202f]/g, '');
}
