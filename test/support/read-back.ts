import { readFile } from 'node:fs/promises';

import { writeCsv } from '../../supabase/functions/_shared/skos/csv.ts';
import { addressesAt } from '../../supabase/functions/_shared/skos/iris.ts';
import { writeJsonLd } from '../../supabase/functions/_shared/skos/json-ld.ts';
import { quadsOf } from '../../supabase/functions/_shared/skos/quads.ts';
import { writeRdfXml } from '../../supabase/functions/_shared/skos/rdf-xml.ts';
import { readFile as readSkos } from '../../supabase/functions/_shared/skos/read-file.ts';
import {
  readVocabulary,
  type ReadVocabulary,
} from '../../supabase/functions/_shared/skos/read-vocabulary.ts';
import { writeTurtle } from '../../supabase/functions/_shared/skos/turtle.ts';
import type { Concept, Vocabulary } from '../../supabase/functions/_shared/skos/vocabulary.ts';

export const AT = addressesAt('https://inventaire.example.org');

export const TYPES = {
  ttl: 'text/turtle',
  rdf: 'application/rdf+xml',
  jsonld: 'application/ld+json',
  csv: 'text/csv',
} as const;
export type Format = keyof typeof TYPES;

/** A vocabulary in every syntax, as the function `thesaurus` writes it. */
export async function written(vocabulary: Vocabulary): Promise<Record<Format, string>> {
  const quads = quadsOf(vocabulary, AT);
  return {
    ttl: await writeTurtle(quads),
    rdf: writeRdfXml(quads),
    jsonld: writeJsonLd(quads),
    csv: writeCsv(vocabulary, AT),
  };
}

/** A text as it is read, for the scheme `s`; without a type, by what it looks like. */
export async function read(text: string, type = '', more: { source?: string } = {}): Promise<ReadVocabulary> {
  const bytes = Uint8Array.from(new TextEncoder().encode(text));
  return readVocabulary(await readSkos(bytes, type), { scheme: 's', at: AT, ...more });
}

/** Concepts that compare equal whatever the order in which a syntax keeps what has none. */
export function comparable(concepts: readonly Omit<Concept, 'position'>[]): unknown[] {
  const sorted = (words: Concept['alt'] = {}) =>
    Object.fromEntries(Object.entries(words).map(([language, texts]) => [language, texts.toSorted()]));
  return concepts
    .map((one) => ({
      ...one,
      uri: null,
      alt: sorted(one.alt),
      hidden: sorted(one.hidden),
      scope_note: one.scope_note ?? {},
      change_note: sorted(one.change_note),
      related: one.related.toSorted(),
      unverified: one.unverified.toSorted(),
      matches: Object.fromEntries(
        Object.entries(one.matches)
          .filter(([, all]) => all.length > 0)
          .map(([kind, all]) => [kind, all.toSorted()]),
      ),
    }))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

/** A vocabulary of the seeds, as `thesaurus` answers it. */
export async function seedVocabulary(id: string): Promise<Vocabulary> {
  const text = await readFile(`supabase/seed/thesaurus/${id}.json`, 'utf8');
  const { concepts, ...scheme } = JSON.parse(text) as Omit<Vocabulary['scheme'], 'id'> & {
    concepts: Partial<Concept>[];
  };
  return {
    scheme: {
      id: 's',
      labels: scheme.labels,
      licence: scheme.licence ?? null,
      source: scheme.source ?? null,
    },
    concepts: concepts.map((one, position) => ({
      ...{ alt: {}, hidden: {}, definition: {}, example: {}, broader: null, related: [], matches: {} },
      ...{ notation: null, unverified: [], status: 'accepted' as const, replaced_by: null, position },
      ...{ id: '', labels: {} },
      ...one,
      scheme: 's',
    })),
  };
}
