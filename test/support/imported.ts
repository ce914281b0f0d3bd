import type { ImportAction } from '../../src/domain/thesaurus/import-action.ts';
import type { HereTerm, IncomingTerm, Origin } from '../../src/domain/thesaurus/import-diff.ts';
import type { Concept } from '../../supabase/functions/_shared/skos/vocabulary.ts';

/** A vocabulary as the desk knows it: terms, and what their source said. */
export interface Shelf {
  readonly here: HereTerm[];
  readonly origins: Record<string, Origin>;
}

const NOTHING = {
  ...{ alt: {}, hidden: {}, definition: {}, scope_note: {}, example: {}, change_note: {} },
  ...{ broader: null, related: [], matches: {}, notation: null, unverified: [], position: 0 },
};

/** What `private.imported_terms` makes of an action (`test/integration/vocabulary-import.test.ts` asks the real one). */
export function imported({ here, origins }: Shelf, { concepts, deprecated }: ImportAction): Shelf {
  const terms = new Map(here.map((term) => [term.id, term]));
  const known = { ...origins };
  for (const { id, origin, ...fields } of concepts) {
    const term = terms.get(id) ?? { ...NOTHING, id, labels: {}, status: 'accepted' as const };
    terms.set(id, { ...term, ...fields });
    if (origin) known[id] = origin;
  }
  const forgotten = new Set(concepts.filter(({ origin }) => origin === null).map(({ id }) => id));
  for (const id of deprecated) {
    const term = terms.get(id);
    if (term) terms.set(id, { ...term, status: 'deprecated' });
    if (known[id]) known[id] = { ...known[id], status: 'deprecated' };
  }
  const kept = Object.entries(known).filter(([id]) => !forgotten.has(id));
  return { here: [...terms.values()], origins: Object.fromEntries(kept) };
}

/** A concept as a source says it. */
export function coming(concept: Concept, base = 'https://source.example.org/'): IncomingTerm {
  const {
    id,
    labels,
    alt,
    hidden,
    definition,
    example,
    broader,
    related,
    notation,
    unverified,
    status,
    position,
  } = concept;
  const matches = Object.fromEntries(Object.entries(concept.matches).filter(([, all]) => all.length > 0));
  const notes = { scope_note: concept.scope_note ?? {}, change_note: concept.change_note ?? {} };
  return {
    id,
    uri: base + id,
    labels,
    alt,
    hidden,
    definition,
    example,
    broader,
    related,
    notation,
    unverified,
    status,
    position,
    matches,
    ...notes,
  };
}
