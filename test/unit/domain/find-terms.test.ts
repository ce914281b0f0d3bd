import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { type Concept, conceptSchema } from '../../../src/domain/concept.ts';
import { buildConceptIndex } from '../../../src/domain/thesaurus/concept-index.ts';
import { findTerms } from '../../../src/domain/thesaurus/find-terms.ts';

const SCHEMES = ['petit-patrimoine', 'eclairage', 'acceslibre-activites'];
const concepts: Concept[] = SCHEMES.flatMap((scheme) => {
  const file = readFileSync(`supabase/seed/thesaurus/${scheme}.json`, 'utf8');
  const { concepts: own } = JSON.parse(file) as { concepts: object[] };
  return own.map((concept) => conceptSchema.parse({ ...concept, scheme }));
});
const indexes = new Map(SCHEMES.map((scheme) => [scheme, buildConceptIndex(concepts, scheme)]));
function found(text: string, scheme = 'petit-patrimoine'): string[] {
  const index = indexes.get(scheme);
  return index ? findTerms(index, text, 'fr').map(({ concept }) => concept.id) : [];
}
const named = concepts.flatMap(({ id, scheme, labels, unverified }) =>
  labels['fr'] && !unverified.includes('fr') ? [{ id, scheme, label: labels['fr'] }] : [],
);

describe('whoever types as people speak finds the terms of the seeds', () => {
  it.each([
    ['in the plural', (label: string) => `${label}s`],
    ['with an article', (label: string) => `le ${label}`],
    ['elided', (label: string) => `l’${label}`],
  ])('%s', (_, say) => {
    expect(named.length).toBeGreaterThan(400);
    const missed = named.filter(({ id, scheme, label }) => !found(say(label), scheme).includes(id));
    expect(missed.map(({ label }) => label)).toEqual([]);
  });

  it.each(['pijonnier', 'fontene', 'lavoire', 'abreuvoire', 'croix de chemins', 'monuments aux morts'])(
    '"%s"',
    (text) => expect(found(text)).not.toEqual([]),
  );

  it('finds what the exact words find, first', () => {
    expect(found('lavoir')[0]).toBe('lavoir');
    expect(found('lavoirs')[0]).toBe('lavoir');
  });

  it('finds nothing for what is no word of it', () => {
    expect(found('zzzz')).toEqual([]);
    expect(found('le la des')).toEqual([]);
    expect(found('')).toEqual([]);
  });
});
