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

  // What people call a place, and what acceslibre calls it.
  it.each([
    ['église', 'lieu-de-culte'],
    ['temple', 'lieu-de-culte'],
    ['docteur', 'medecin-generaliste'],
    ['coiffeur', 'coiffure'],
    ['bistrot', 'cafe-bar-brasserie'],
    ['la poste', 'bureau-de-poste'],
    ['distributeur', 'banques-caisses-d-epargne'],
    ['véto', 'veterinaire'],
    ['pizzeria', 'restauration-rapide'],
    ['maison de retraite', 'personnes-agees-hebergement'],
    ['wc', 'toilettes-publiques'],
    ['trésor public', 'tresorerie'],
    ['impôts', 'tresorerie'],
    ['pole emploi', 'emploi-formation'],
    ['hotel de ville', 'mairie'],
    ['gare', 'gare-sncf'],
    ['école', 'ecole-primaire-regroupement-maternelle-et-elementaire'],
    ['boulanger', 'boulangerie-patisserie'],
    ['kiné', 'kinesitherapeute'],
  ])('"%s" is among the first three activities found', (text, id) =>
    expect(found(text, 'acceslibre-activites').slice(0, 3)).toContain(id),
  );

  it.each(['borie', 'oustalet', 'tonne'])('"%s", as it is said somewhere, is a hut', (text) =>
    expect(found(text)[0]).toBe('cabane-ps'),
  );

  it('puts whole words before beginnings, and words in the order typed first', () => {
    const bars = found('bar', 'acceslibre-activites');
    expect(bars.indexOf('bar-tabac')).toBe(0);
    expect(bars.indexOf('cafe-bar-brasserie')).toBeLessThan(bars.indexOf('barbier'));
    expect(found('croix chemin')[0]).toBe('croix-chemin');
    expect(found('a')[0]).not.toBe('four-pain');
  });

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
