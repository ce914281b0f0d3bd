import type { Json, JsonRecord } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Field, Form } from '../theme.ts';
import { type AnswerFault, faultOf, isAnswer, type KnowsTerm } from './answer.ts';
import { visibleFields, visibleItemFields, withoutHidden } from './fields.ts';
import { itemsOf, tidyItem } from './items.ts';

export interface FieldProblem {
  readonly key: string;
  readonly fault: AnswerFault['fault'] | 'required';
  /** The bound that was passed. */
  readonly bound?: number;
  /** In a group: which item, and which of its questions. */
  readonly inner?: { readonly index: number; readonly key: string };
}

const knowsAll: KnowsTerm = () => true;

/**
 * What is wrong with the answers to the questions that show: one problem a question, and one for each
 * question of a group's items. Answers to hidden questions do not leave (`answersToSend`); unknown keys
 * are left to the server, which knows past forms.
 */
export function validateAttributes(
  form: Form,
  attributes: JsonRecord,
  knowsTerm: KnowsTerm = knowsAll,
): FieldProblem[] {
  const answers = withoutHidden(form, attributes);
  return visibleFields(form, answers).flatMap((field) => {
    const value = answers[field.key];
    if (field.type === 'group') return groupProblems(field, value, answers, knowsTerm);
    return problemsOf(field, value, knowsTerm).map((problem) => ({ key: field.key, ...problem }));
  });
}

function problemsOf(
  field: Field,
  value: Json | undefined,
  knowsTerm: KnowsTerm,
): Omit<FieldProblem, 'key'>[] {
  if (!isAnswer(value)) return field.required ? [{ fault: 'required' }] : [];
  const fault = faultOf(field, value, knowsTerm);
  return fault ? [fault] : [];
}

function groupProblems(
  group: Field,
  value: Json | undefined,
  answers: JsonRecord,
  knowsTerm: KnowsTerm,
): FieldProblem[] {
  const { key } = group;
  if (!isAnswer(value)) return group.required ? [{ key, fault: 'required' }] : [];
  const items = itemsOf(value);
  if (items.length !== (Array.isArray(value) ? value.length : 1)) return [{ key, fault: 'wrong_type' }];
  const tidied = items.map((item) => tidyItem(group, item, answers));
  // An item that says nothing is not sent: nothing is asked of it.
  const filled = tidied.filter((item) => Object.keys(item).length > 0);
  if (filled.length > LIMITS.groupItems) return [{ key, fault: 'too_many', bound: LIMITS.groupItems }];
  if (filled.length === 0 && group.required) return [{ key, fault: 'required' }];
  return tidied.flatMap((item, index) =>
    filled.includes(item)
      ? visibleItemFields(group, item, answers).flatMap((field) =>
          problemsOf(field, item[field.key], knowsTerm).map((problem) => ({
            key,
            ...problem,
            inner: { index, key: field.key },
          })),
        )
      : [],
  );
}
