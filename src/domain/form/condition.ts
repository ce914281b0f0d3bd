import { type Json, jsonEquals, type JsonRecord } from '../json.ts';
import type { Condition } from '../theme.ts';
import { isAnswer } from './answer.ts';

function holds(value: Json, expected: Json): boolean {
  // A list answers to each of its items: "materials is stone" is asked of a list too.
  if (Array.isArray(value) && !Array.isArray(expected)) {
    return value.some((item) => jsonEquals(item, expected));
  }
  return jsonEquals(value, expected);
}

/** Whether a condition holds for the given attributes; no condition always holds. */
export function isMet(condition: Condition | null | undefined, attributes: JsonRecord): boolean {
  if (!condition) return true;
  if ('all' in condition) return condition.all.every((one) => isMet(one, attributes));
  if ('any' in condition) return condition.any.some((one) => isMet(one, attributes));
  const given = attributes[condition.key];
  const value = isAnswer(given) ? given : null;
  if ('in' in condition) return condition.in.some((expected) => holds(value, expected));
  return holds(value, condition.is);
}
