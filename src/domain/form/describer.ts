import type { Json } from '../json.ts';
import { labelIn, type Language } from '../language.ts';
import { attributeKey } from '../paths.ts';
import type { Point } from '../point.ts';
import type { Field, Theme } from '../theme.ts';
import { describeValue, type ValueWords } from './describe.ts';
import { allFields, visibleFields } from './fields.ts';

/** A question and its answer, in words. */
export interface Answer {
  readonly key: string;
  readonly term: string;
  readonly value: string;
}

/** Themes and terms, whoever keeps them. */
export interface Naming {
  theme(id: string): Theme | undefined;
  conceptLabel(id: string | null): string | null;
}

/** The words that the interface lends: the domain has no texts of its own. */
export interface DescriberWords {
  readonly values: ValueWords;
  readonly status: (status: string) => string;
  readonly concept: string;
  readonly position: string;
  readonly sensitivity: string;
}

/** Says a point's content in the words of its form. */
export class Describer {
  #naming: Naming;
  #language: Language;
  #words: DescriberWords;

  constructor(naming: Naming, language: Language, words: DescriberWords) {
    this.#naming = naming;
    this.#language = language;
    this.#words = words;
  }

  /** What was answered, in the order of the form, but for the keys that the screen says elsewhere. */
  answers(point: Point, omitted: readonly string[]): Answer[] {
    const form = this.#naming.theme(point.theme)?.form;
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
    if (path === 'concept') return this.#words.concept;
    if (path === 'geom') return this.#words.position;
    return path === 'sensitivity' ? this.#words.sensitivity : (attributeKey(path) ?? path);
  }

  /** Value of a field in words; empty for none. */
  value(theme: string, path: string, value: Json): string {
    if (path === 'concept') return this.#conceptLabel(String(value ?? ''));
    if (path === 'status') return this.#words.status(String(value));
    const field = this.#field(theme, path);
    return describeValue(field, value, this.#language, this.#words.values, (id) => this.#conceptLabel(id));
  }

  #conceptLabel(id: string): string {
    return this.#naming.conceptLabel(id) ?? id;
  }

  #field(theme: string, path: string): Field | undefined {
    const key = attributeKey(path);
    const form = this.#naming.theme(theme)?.form;
    return key !== null && form ? allFields(form).find((field) => field.key === key) : undefined;
  }

  #term(field: Field): string {
    // On a sheet the question is said as a term, where the form has one.
    return labelIn(field.term, this.#language) || labelIn(field.labels, this.#language) || field.key;
  }
}
