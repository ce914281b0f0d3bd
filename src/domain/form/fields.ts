import type { JsonRecord } from '../json.ts';
import { attributeKey, type Path } from '../paths.ts';
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

/** Tells the paths that merge as sets: the fields of type `choices` (contract §2). */
export function setPaths(form: Form | undefined): (path: Path) => boolean {
  const keys = new Set(
    form
      ? allFields(form)
          .filter((field) => field.type === 'choices')
          .map((field) => field.key)
      : [],
  );
  return (path) => {
    const key = attributeKey(path);
    return key !== null && keys.has(key);
  };
}
