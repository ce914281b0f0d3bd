import type { HereTerm, ImportDiff, ImportRow, IncomingTerm, Origin } from './import-diff.ts';
import { type FieldValue, groupOf, type TermContent, withFields } from './import-fields.ts';

/** What somebody chose where there is a choice. Without one, what is here stays. */
export interface ImportChoices {
  /** By term and field (see `choiceKey`). */
  readonly conflicts: ReadonlyMap<string, 'ours' | 'theirs'>;
  /** What becomes of terms that the source no longer has: `keep` makes one the group's own. */
  readonly vanished: ReadonlyMap<string, 'deprecate' | 'keep'>;
}

/** What a term becomes: the fields that change, each whole. */
type TermChange = {
  readonly id: string;
  readonly origin?: Origin | null;
  /** Used again. */
  readonly status?: 'accepted';
} & Partial<TermContent>;

/** Action `import` of `thesaurus_edit`. */
export interface ImportAction {
  readonly action: 'import';
  readonly concepts: readonly TermChange[];
  readonly deprecated: readonly string[];
  /** What the source says instead of those it has given up: their points follow. */
  readonly replaced: Readonly<Record<string, string>>;
  /** `rev` of the vocabulary that was compared. */
  readonly seen: string;
}

/** Names one choice of `conflicts`. */
export const choiceKey = (id: string, field: string): string => `${id} ${field}`;

/**
 * The one edit that brings in what a comparison found, as it was chosen. Each term remembers what its source says now, so that
 * what was kept here is not asked again.
 */
export function importAction({ rows }: ImportDiff, choices: ImportChoices, seen: string): ImportAction {
  const deprecated = rows.flatMap(({ id, kind, fields }) =>
    (kind === 'vanished' && choices.vanished.get(id) === 'deprecate') ||
    fields.some(({ field, to }) => field === 'status' && to === 'deprecated')
      ? [id]
      : [],
  );
  const gone = new Set(deprecated);
  const concepts = rows.filter(({ id }) => !gone.has(id)).flatMap((row) => changeOf(row, choices) ?? []);
  return { action: 'import', concepts, deprecated, replaced: replacedBy(rows, gone), seen };
}

/** Of the terms that go: those that the source replaces by one that is here, or comes along, and stays. */
function replacedBy(rows: readonly ImportRow[], gone: ReadonlySet<string>): Record<string, string> {
  const staying = new Set(
    rows
      .filter(({ id, here, incoming }) => !gone.has(id) && (incoming ?? here)?.status === 'accepted')
      .map(({ id }) => id),
  );
  return Object.fromEntries(
    rows.flatMap(({ id, incoming }) => {
      const next = incoming?.replaced_by;
      return gone.has(id) && next && staying.has(next) ? [[id, next]] : [];
    }),
  );
}

function changeOf(row: ImportRow, choices: ImportChoices): TermChange | null {
  const { id, incoming, here } = row;
  if (!incoming) return choices.vanished.get(id) === 'keep' ? { id, origin: null } : null;
  // What a source has given up is asked for no more.
  if (incoming.status === 'deprecated') return null;
  const origin = originOf(incoming);
  if (!here) return { id, ...contentOf(incoming), origin };
  const values = new Map<string, FieldValue>();
  const isBack = row.fields.some(({ field }) => field === 'status');
  for (const { field, to, local } of row.fields)
    if (
      field !== 'status' &&
      (local === undefined || choices.conflicts.get(choiceKey(id, field)) === 'theirs')
    )
      values.set(field, to);
  const after = withoutRepeats(withFields(here, values));
  const groups = new Set([...values.keys()].map(groupOf));
  for (const name of ['alt', 'hidden'] as const) if (after[name] !== here[name]) groups.add(name);
  const changed = Object.fromEntries([...groups].map((name) => [name, after[name as keyof TermContent]]));
  const isRemembered = JSON.stringify(sorted(origin)) === JSON.stringify(sorted(row.origin));
  if (groups.size === 0 && isRemembered && !isBack) return null;
  return { id, ...changed, ...(isBack && { status: 'accepted' as const }), origin };
}

/** What is remembered of the source. */
function originOf(incoming: IncomingTerm): Origin {
  return { uri: incoming.uri, ...contentOf(incoming) };
}

function contentOf(term: TermContent): TermContent {
  const { labels, alt, hidden, definition, scope_note, example, change_note } = term;
  const { broader, related, matches, notation, unverified, position } = term;
  return {
    labels,
    alt,
    hidden,
    definition,
    scope_note,
    example,
    change_note,
    broader,
    related,
    matches,
    notation,
    unverified,
    position,
  };
}

/** A word that is a name on one side and a synonym on the other is said once: SKOS S13. */
function withoutRepeats(term: HereTerm): HereTerm {
  const rest = (
    words: TermContent['alt'],
    isTaken: (language: string, word: string) => boolean,
  ): TermContent['alt'] => {
    const kept = Object.entries(words).map(
      ([language, all]) => [language, all.filter((word) => !isTaken(language, word))] as const,
    );
    const isSame = kept.every(([language, all]) => all.length === words[language]?.length);
    return isSame ? words : Object.fromEntries(kept.filter(([, all]) => all.length > 0));
  };
  const alt = rest(term.alt, (language, word) => term.labels[language] === word);
  const hidden = rest(
    term.hidden,
    (language, word) => term.labels[language] === word || !!alt[language]?.includes(word),
  );
  return { ...term, alt, hidden };
}

/** A value whose keys, and lists, are in one order: files keep none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(
    entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, part]) => [key, sorted(part)]),
  );
}
