import type { Json, JsonRecord } from '../json.ts';
import { normalizeValue } from '../paths.ts';
import type { Field, Form } from '../theme.ts';
import { visibleFields } from './fields.ts';

/** Asked, and the person could not tell (contract §2). */
export const UNSURE = 'unsure';

type FieldFault = 'required' | 'wrong_type' | 'too_small' | 'too_large' | 'unknown_option' | 'invalid_date';

export interface FieldProblem {
  readonly key: string;
  readonly fault: FieldFault;
  /** The bound that was passed, for `too_small` and `too_large`. */
  readonly bound?: number;
}

const CALENDAR_DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What is wrong with the answers to the questions that show, at most one problem a field.
 * Answers to hidden questions and unknown keys are left to the server, which knows past forms.
 */
export function validateAttributes(form: Form, attributes: JsonRecord): FieldProblem[] {
  return visibleFields(form, attributes).flatMap((field) => {
    const fault = validateField(field, attributes[field.key] ?? null);
    return fault ? [fault] : [];
  });
}

/** What is wrong with one answer, or null. */
function validateField(field: Field, raw: Json): FieldProblem | null {
  const value = normalizeValue(raw);
  const { key } = field;
  if (value === null) return field.required ? { key, fault: 'required' } : null;
  if (value === UNSURE && field.unsure) return null;
  switch (field.type) {
    case 'boolean':
      return typeof value === 'boolean' ? null : { key, fault: 'wrong_type' };
    case 'integer':
    case 'decimal':
      return validateNumber(field, value);
    case 'choice':
      return validateOptions(field, [value]);
    case 'choices':
      return Array.isArray(value) ? validateOptions(field, value) : { key, fault: 'wrong_type' };
    case 'date':
      return isCalendarDay(value) ? null : { key, fault: 'invalid_date' };
    case 'group':
      return typeof value === 'object' ? null : { key, fault: 'wrong_type' };
    default:
      return typeof value === 'string' ? null : { key, fault: 'wrong_type' };
  }
}

function validateNumber(field: Field, value: Json): FieldProblem | null {
  const { key, min, max } = field;
  if (typeof value !== 'number' || !Number.isFinite(value)) return { key, fault: 'wrong_type' };
  if (field.type === 'integer' && !Number.isInteger(value)) return { key, fault: 'wrong_type' };
  if (min != null && value < min) return { key, fault: 'too_small', bound: min };
  if (max != null && value > max) return { key, fault: 'too_large', bound: max };
  return null;
}

function validateOptions(field: Field, values: Json[]): FieldProblem | null {
  const codes = field.options?.map((option) => option.code);
  if (values.some((value) => typeof value !== 'string')) {
    return { key: field.key, fault: 'wrong_type' };
  }
  const isKnown = (value: Json) => !codes || codes.includes(String(value));
  return values.every(isKnown) ? null : { key: field.key, fault: 'unknown_option' };
}

function isCalendarDay(value: Json): boolean {
  if (typeof value !== 'string' || !CALENDAR_DAY.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}
