import { LANGUAGES } from '../language.ts';
import type { DeskConcept } from './desk-concept.ts';

/** What a term says, one entry by path: `labels.fr` a text ('' for nothing), `alt.fr` a list ([] for nothing). */
export type TermFields = Readonly<Record<string, string | readonly string[]>>;

/** A field as it was seen and as it is wanted, as `thesaurus_edit` takes it: null and [] for nothing. */
export interface FieldChange {
  readonly from: string | null | readonly string[];
  readonly to: string | null | readonly string[];
}

const TEXTS_BY_LANGUAGE = ['labels', 'definition', 'scope_note', 'example'] as const;
const LISTS_BY_LANGUAGE = ['alt', 'hidden', 'change_note'] as const;
const MATCH_KINDS = ['exact', 'close', 'broad', 'unverified'] as const;

/** Takes apart what a term says. */
export function fieldsOf(concept: DeskConcept): TermFields {
  const fields: Record<string, string | readonly string[]> = {
    notation: concept.notation ?? '',
    related: concept.related,
    unverified: concept.unverified,
  };
  for (const language of LANGUAGES) {
    for (const kind of TEXTS_BY_LANGUAGE) fields[`${kind}.${language}`] = concept[kind]?.[language] ?? '';
    for (const kind of LISTS_BY_LANGUAGE) fields[`${kind}.${language}`] = concept[kind]?.[language] ?? [];
  }
  for (const kind of MATCH_KINDS) fields[`matches.${kind}`] = concept.matches[kind] ?? [];
  return fields;
}

/** The text at a path; '' when there is none. */
export function textAt(fields: TermFields, path: string): string {
  const value = fields[path];
  return typeof value === 'string' ? value : '';
}

/** The list at a path; empty when there is none. */
export function listAt(fields: TermFields, path: string): readonly string[] {
  const value = fields[path];
  return typeof value === 'object' ? value : [];
}

/** A field as it is sent: no blanks around it, no empty line, nothing twice. */
function tidied(value: string | readonly string[]): string | readonly string[] {
  if (typeof value === 'string') return value.trim();
  return [...new Set(value.map((one) => one.trim()).filter(Boolean))];
}

/** Whether two fields say the same; the order of a list says nothing. */
export function saysSame(one: string | readonly string[], other: string | readonly string[]): boolean {
  const [a, b] = [tidied(one), tidied(other)];
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((text) => b.includes(text));
}

/** What somebody changed of what they saw, by path; a field that says the same is not among them. */
export function changesOf(seen: TermFields, typed: TermFields): Record<string, FieldChange> {
  const changes: Record<string, FieldChange> = {};
  for (const [path, wanted] of Object.entries(typed)) {
    const was = seen[path] ?? (typeof wanted === 'string' ? '' : []);
    if (saysSame(was, wanted)) continue;
    // What was seen goes as it was: the server compares it letter by letter.
    changes[path] = { from: was === '' ? null : was, to: tidied(wanted) || null };
  }
  return changes;
}

/** A text that two people changed at once: only a person can say which is right. */
export interface FieldConflict {
  readonly path: string;
  readonly mine: string;
  readonly now: string;
}

/** What somebody typed, over what the term has become since they saw it. */
export interface Rebased {
  readonly typed: TermFields;
  readonly conflicts: readonly FieldConflict[];
  /** Fields that somebody else changed and they did not: taken over. */
  readonly taken: readonly string[];
}

/**
 * Carries what somebody typed over to what the term says now: what they left alone follows, lists merge as sets, and
 * texts that both changed are kept as typed and told of.
 */
export function rebase(seen: TermFields, typed: TermFields, now: TermFields): Rebased {
  const merged: Record<string, string | readonly string[]> = {};
  const conflicts: FieldConflict[] = [];
  const taken: string[] = [];
  for (const [path, current] of Object.entries(now)) {
    const was = seen[path] ?? (typeof current === 'string' ? '' : []);
    const mine = typed[path] ?? was;
    const isMoved = !saysSame(was, current);
    if (typeof current !== 'string') {
      merged[path] = mergedList(was as readonly string[], mine as readonly string[], current);
      if (isMoved && !saysSame(mine, current)) taken.push(path);
    } else if (saysSame(was, mine) || saysSame(mine, current)) {
      merged[path] = current;
      if (isMoved && !saysSame(mine, current)) taken.push(path);
    } else {
      merged[path] = mine;
      if (isMoved) conflicts.push({ path, mine: mine as string, now: current });
    }
  }
  return { typed: merged, conflicts, taken };
}

function mergedList(
  was: readonly string[],
  mine: readonly string[],
  now: readonly string[],
): readonly string[] {
  const [tidyWas, tidyMine] = [tidied(was) as readonly string[], tidied(mine) as readonly string[]];
  const removed = tidyWas.filter((text) => !tidyMine.includes(text));
  const added = tidyMine.filter((text) => !tidyWas.includes(text));
  return [...new Set([...now.filter((text) => !removed.includes(text)), ...added])];
}
