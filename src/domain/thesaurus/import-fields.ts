import type { Labels } from '../language.ts';

type Words = Readonly<Record<string, readonly string[]>>;

/** What a term says, all of it (contract §5). */
export interface TermContent {
  readonly labels: Labels;
  readonly alt: Words;
  readonly hidden: Words;
  readonly definition: Labels;
  readonly scope_note: Labels;
  readonly example: Labels;
  readonly change_note: Words;
  readonly broader: string | null;
  readonly related: readonly string[];
  readonly matches: Words;
  readonly notation: string | null;
  readonly unverified: readonly string[];
  /** Null where a source says none. */
  readonly position: number | null;
}

/** What a field holds: a list has no order. Null for nothing; a list is empty instead. */
export type FieldValue = string | number | null | readonly string[];

const TEXTS = ['labels', 'definition', 'scope_note', 'example'] as const;
const LISTS = ['alt', 'hidden', 'change_note', 'matches'] as const;
const PLAIN = ['broader', 'notation', 'position'] as const;
const SETS = ['related', 'unverified'] as const;
const GROUPS: readonly string[] = [...TEXTS, ...LISTS];

/** The parts of a term that are compared each on its own, as `labels.fr` or `related`. Empty ones are left out. */
export function fieldsOf(term: Partial<TermContent>): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  for (const name of [...TEXTS, ...LISTS])
    for (const [key, value] of Object.entries(term[name] ?? {})) fields.set(`${name}.${key}`, value);
  for (const name of [...SETS, ...PLAIN]) fields.set(name, term[name] ?? null);
  for (const [field, value] of fields) if (isEmpty(value)) fields.delete(field);
  return fields;
}

/** Whether a field holds a list, whose values are added and taken away one by one. */
export function isListField(field: string): boolean {
  const [name] = field.split('.');
  return [...LISTS, ...SETS].some((one) => one === name);
}

/** The list in a field, empty where it holds none. */
export const listIn = (value: FieldValue | undefined): readonly string[] =>
  Array.isArray(value) ? value : [];

/** Equality of what fields hold. */
export function sameValue(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (Array.isArray(one) || Array.isArray(other)) {
    const [a, b] = [new Set(listIn(one)), new Set(listIn(other))];
    return a.size === b.size && a.isSubsetOf(b);
  }
  return (one ?? null) === (other ?? null);
}

/** A term with other values in some fields; what becomes empty goes. */
export function withFields<Term extends Partial<TermContent>>(
  term: Term,
  values: ReadonlyMap<string, FieldValue>,
): Term {
  const changed: Record<string, unknown> = { ...term };
  for (const [field, value] of values) {
    const [name = '', key] = field.split('.');
    if (key === undefined) {
      changed[name] = isListField(field) ? listIn(value) : value;
      continue;
    }
    const rest = Object.entries((changed[name] ?? {}) as object).filter(([other]) => other !== key);
    changed[name] = Object.fromEntries(isEmpty(value) ? rest : [...rest, [key, value]]);
  }
  return changed as Term;
}

/** The whole of what fields belong to: `labels` for `labels.fr`. */
export const groupOf = (field: string): string => {
  const [name = ''] = field.split('.');
  return GROUPS.includes(name) ? name : field;
};

const isEmpty = (value: FieldValue): boolean =>
  value === null || (Array.isArray(value) && value.length === 0);
