import type { Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Field, LeafField } from '../theme.ts';

/** Asked, and the person could not tell (contract §2). */
export const UNSURE = 'unsure';

/** What is wrong with one answer; the bound that was passed, where there is one. */
export interface AnswerFault {
  readonly fault:
    | 'wrong_type'
    | 'not_a_number'
    | 'not_whole'
    | 'too_small'
    | 'too_large'
    | 'too_long'
    | 'not_digits'
    | 'too_many'
    | 'unknown_option'
    | 'invalid_date';
  readonly bound?: number;
}

/** Whether a term is in a scheme, as far as this device knows. */
export type KnowsTerm = (scheme: string | null | undefined, concept: string) => boolean;

const WRONG_TYPE: AnswerFault = { fault: 'wrong_type' };
const MAY_BE_UNSURE = ['boolean', 'choice', 'choices'];
const BLANK = /^[ \t\n\v\f\r]*$/;
const CALENDAR_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a value answers something: blank texts, empty lists and groups that say nothing do not. */
export function isAnswer(value: Json | undefined): value is Exclude<Json, null> {
  if (value === undefined || value === null) return false;
  if (typeof value === 'string') return !BLANK.test(value);
  return typeof value !== 'object' || Object.values(value).some((inner) => isAnswer(inner));
}

/** What is wrong with an answer to one question that is no group, or null. The same rules are `private.check_answer`. */
export function faultOf(field: Field | LeafField, value: Json, knowsTerm: KnowsTerm): AnswerFault | null {
  if (value === UNSURE && field.unsure && MAY_BE_UNSURE.includes(field.type)) return null;
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : WRONG_TYPE;
    case 'integer':
    case 'decimal':
      return numberFault(field, value);
    case 'choice':
      return optionsFault(field, [value]);
    case 'choices':
      return choicesFault(field, value);
    case 'date':
      return isCalendarDay(value) ? null : { fault: 'invalid_date' };
    case 'concept':
      if (typeof value !== 'string') return WRONG_TYPE;
      return knowsTerm(field.scheme, value) ? null : { fault: 'unknown_option' };
    default:
      return textFault(field, value);
  }
}

function textFault(field: LeafField, value: Json): AnswerFault | null {
  if (typeof value !== 'string') return WRONG_TYPE;
  const bound = field.max ?? (field.type === 'text' ? LIMITS.textLength : LIMITS.longTextLength);
  // Characters, as the server counts them, not halves of them.
  if ([...value].length > bound) return { fault: 'too_long', bound };
  const isOther = field.digits != null && !BLANK.test(value) && !isDigits(value, field.digits);
  return isOther ? { fault: 'not_digits', bound: field.digits as number } : null;
}

function isDigits(value: string, count: number): boolean {
  return value.length === count && /^[0-9]+$/.test(value);
}

function numberFault(field: LeafField, value: Json): AnswerFault | null {
  if (field.type === 'integer' && !Number.isInteger(value)) return { fault: 'not_whole' };
  if (typeof value !== 'number' || Number.isNaN(value)) return { fault: 'not_a_number' };
  if (field.min != null && value < field.min) return { fault: 'too_small', bound: field.min };
  if (field.max != null && value > field.max) return { fault: 'too_large', bound: field.max };
  const bound = Math.sign(value) * LIMITS.largestNumber;
  if (Math.abs(value) > LIMITS.largestNumber) return { fault: value > 0 ? 'too_large' : 'too_small', bound };
  return null;
}

function choicesFault(field: LeafField, value: Json): AnswerFault | null {
  if (!Array.isArray(value)) return WRONG_TYPE;
  if (value.length > LIMITS.choicesGiven) return { fault: 'too_many', bound: LIMITS.choicesGiven };
  return optionsFault(field, value);
}

function optionsFault(field: LeafField, values: Json[]): AnswerFault | null {
  if (values.some((value) => typeof value !== 'string')) return WRONG_TYPE;
  const codes = field.options?.map((option) => option.code) ?? [];
  const isKnown = (value: Json) => {
    const text = String(value);
    return codes.length > 0 ? codes.includes(text) : text !== '' && [...text].length <= LIMITS.codeLength;
  };
  return values.every(isKnown) ? null : { fault: 'unknown_option' };
}

function isCalendarDay(value: Json): boolean {
  if (typeof value !== 'string' || !CALENDAR_DAY.test(value) || value.startsWith('0000')) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}
