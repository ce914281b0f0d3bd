import type { JsonRecord } from '../json.ts';
import type { Form } from '../theme.ts';
import { isAnswer } from './answer.ts';
import { allFields, withoutHidden } from './fields.ts';
import { tidyItems } from './items.ts';

/**
 * The answers as they leave the phone. What was answered before its question went away does not: "how
 * many steps" after "no steps". An edit clears what it has hidden, and leaves alone what was already
 * hidden when it began (`seen`): an imported value is not the author's to delete.
 */
export function answersToSend(form: Form, answers: JsonRecord, seen: JsonRecord = {}): JsonRecord {
  const shown = withoutHidden(form, answers);
  const shownBefore = withoutHidden(form, seen);
  const asWas = Object.fromEntries(
    Object.entries(seen).filter(([key]) => !(key in shown) && key in answers && !(key in shownBefore)),
  );
  const groups = allFields(form).filter((field) => field.type === 'group' && field.key in shown);
  const tidied = Object.fromEntries(
    groups.map((field) => [field.key, tidyItems(field, shown[field.key], shown)] as const),
  );
  const all = { ...shown, ...asWas, ...tidied };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => isAnswer(value)));
}
