import type { JsonRecord } from '../json.ts';
import type { Field, Form } from '../theme.ts';
import { isAnswer } from './answer.ts';
import { visibleFields } from './fields.ts';

/** How much of a form has been answered; "not sure" is an answer. */
export interface Completion {
  readonly answered: number;
  readonly asked: number;
}

/** Of some questions, those that have an answer. */
export function completionOf(fields: readonly Field[], answers: JsonRecord): Completion {
  return {
    answered: fields.filter((field) => isAnswer(answers[field.key])).length,
    asked: fields.length,
  };
}

/** Of all the questions that the answers so far call for. */
export function formCompletion(form: Form, answers: JsonRecord): Completion {
  return completionOf(visibleFields(form, answers), answers);
}
