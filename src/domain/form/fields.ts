import type { JsonRecord } from '../json.ts';
import type { Field, Form, FormSection } from '../theme.ts';
import { isMet } from './condition.ts';

/** Every field of a form, in order, groups not opened. */
export function allFields(form: Form): Field[] {
  return form.sections.flatMap((section) => section.fields);
}

/** The field of a key, if the form has it. */
export function fieldOf(form: Form, key: string): Field | undefined {
  return allFields(form).find((field) => field.key === key);
}

/** The questions to ask, given the answers so far; `short` leaves the full part out. */
export function visibleFields(form: Form, attributes: JsonRecord, part: 'short' | 'full' = 'full'): Field[] {
  return visibleSections(form, attributes, part).flatMap((section) => section.fields);
}

/** The same by section; sections with nothing to ask are left out. */
export function visibleSections(
  form: Form,
  attributes: JsonRecord,
  part: 'short' | 'full' = 'full',
): FormSection[] {
  return form.sections
    .map((section) => ({
      ...section,
      fields: section.fields.filter(
        (field) => (part === 'full' || field.part === 'short') && isMet(field.visible_if, attributes),
      ),
    }))
    .filter((section) => section.fields.length > 0);
}
