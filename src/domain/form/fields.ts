import type { JsonRecord } from '../json.ts';
import type { Field, Form, FormSection, LeafField } from '../theme.ts';
import { isMet } from './condition.ts';

/** Every field of a form, in order, groups not opened. */
export function allFields(form: Form): Field[] {
  return form.sections.flatMap((section) => section.fields);
}

/** The field of a key, if the form has it. */
export function fieldOf(form: Form, key: string): Field | undefined {
  return allFields(form).find((field) => field.key === key);
}

/**
 * The answers without those to questions that do not show. A question that hides takes with it those
 * that hang on its answer. Keys that the form does not know stay.
 */
export function withoutHidden(form: Form, attributes: JsonRecord): JsonRecord {
  const conditional = allFields(form).filter((field) => field.visible_if);
  let shown = attributes;
  for (;;) {
    const hidden = conditional.filter(({ key, visible_if }) => key in shown && !isMet(visible_if, shown));
    if (hidden.length === 0) return shown;
    const keys = new Set(hidden.map((field) => field.key));
    shown = Object.fromEntries(Object.entries(shown).filter(([key]) => !keys.has(key)));
  }
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
  const answers = withoutHidden(form, attributes);
  return form.sections
    .map((section) => ({
      ...section,
      fields: section.fields.filter(
        (field) => (part === 'full' || field.part === 'short') && isMet(field.visible_if, answers),
      ),
    }))
    .filter((section) => section.fields.length > 0);
}

/** The questions of one item of a group. Their conditions read the item first, then the rest of the form. */
export function visibleItemFields(group: Field, item: JsonRecord, attributes: JsonRecord): LeafField[] {
  const answers = { ...attributes, ...item };
  return (group.fields ?? []).filter((field) => isMet(field.visible_if, answers));
}
