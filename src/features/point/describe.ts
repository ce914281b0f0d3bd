import { allFields, visibleFields } from '../../domain/form/fields.ts';
import { describeValue } from '../../domain/form/describe.ts';
import type { Json } from '../../domain/json.ts';
import { labelIn, type Language } from '../../domain/language.ts';
import { attributeKey } from '../../domain/paths.ts';
import type { Point } from '../../domain/point.ts';
import type { Field } from '../../domain/theme.ts';
import { m } from '../../i18n/generated/messages.js';
import { statusWords, valueWords } from '../../i18n/words.ts';
import type { Catalogue } from '../../state/catalogue.svelte.ts';

/** A question and its answer, in words. */
export interface Answer {
  readonly key: string;
  readonly term: string;
  readonly value: string;
}

/** Says a point's content in the words of its form. */
export class Describer {
  #catalogue: Catalogue;
  #language: Language;

  constructor(catalogue: Catalogue, language: Language) {
    this.#catalogue = catalogue;
    this.#language = language;
  }

  /** What was answered, in the order of the form; what the head of the sheet says already is left out. */
  answers(point: Point, omitted: readonly string[]): Answer[] {
    const form = this.#catalogue.theme(point.theme)?.form;
    if (!form) return [];
    return visibleFields(form, point.attributes)
      .filter((field) => !omitted.includes(field.key))
      .map((field) => ({
        key: field.key,
        term: this.#term(field),
        value: this.value(point.theme, `attributes.${field.key}`, point.attributes[field.key] ?? null),
      }))
      .filter((answer) => answer.value !== '');
  }

  /** Name of a field of a patch or a difference. */
  fieldName(theme: string, path: string): string {
    const field = this.#field(theme, path);
    if (field) return this.#term(field);
    if (path === 'concept') return m.point_field_concept();
    return path === 'sensitivity' ? m.point_field_sensitivity() : (attributeKey(path) ?? path);
  }

  /** Value of a field in words; empty for none. */
  value(theme: string, path: string, value: Json): string {
    if (path === 'concept') return this.#conceptLabel(String(value ?? ''));
    if (path === 'status') return statusWords(String(value));
    const field = this.#field(theme, path);
    return describeValue(field, value, this.#language, valueWords(), (id) => this.#conceptLabel(id));
  }

  #conceptLabel(id: string): string {
    return this.#catalogue.conceptLabel(id) ?? id;
  }

  #field(theme: string, path: string): Field | undefined {
    const key = attributeKey(path);
    const form = this.#catalogue.theme(theme)?.form;
    return key !== null && form ? allFields(form).find((field) => field.key === key) : undefined;
  }

  #term(field: Field): string {
    return labelIn(field.labels, this.#language) || field.key;
  }
}
