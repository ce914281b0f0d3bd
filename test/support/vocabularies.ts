import * as fc from 'fast-check';

import type { Concept, Vocabulary } from '../../supabase/functions/_shared/skos/vocabulary.ts';

const LANGUAGES = ['fr', 'oc', 'ca', 'en'] as const;
/** What breaks writers: quotes, breaks of lines, signs of XML and of Turtle, other scripts, what looks like a formula. */
const aText = fc
  .oneof(
    fc.constantFrom(
      ...[
        'Lavoir',
        '"à l’eau"',
        "l'eau",
        'a\nb',
        'a\tb',
        '<b>&amp;</b>',
        ']]>',
        '\\u00e9 \\',
        '"""',
        '@fr',
        '^^xsd:string',
      ],
    ),
    fc.constantFrom('🙂 mèrça', 'ﷺ', '=1+1', '#', '|', '%20', 'é'.normalize('NFD'), 'a  b', ' a '),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  )
  // XML 1.0 cannot carry them (see rdf-xml.ts), and breaks of lines of Windows become those of everybody.
  .map((text) => text.replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))
  .filter((text) => text.trim() !== '');
const labels = fc.dictionary(fc.constantFrom(...LANGUAGES), aText, { maxKeys: 4, noNullPrototype: true });
const words = fc.dictionary(
  fc.constantFrom(...LANGUAGES),
  fc.uniqueArray(aText, { minLength: 1, maxLength: 3 }),
  {
    maxKeys: 2,
    noNullPrototype: true,
  },
);
const aMatch = fc.oneof(
  fc.constantFrom('osm:historic=wayside_cross', 'wikidata:Q12104174', 'https://example.org/é?a=b%20c#d'),
  aText.map((text) => `merimee:${text}`),
);
const someMatches = fc.uniqueArray(aMatch, { maxLength: 2 });

const aConcept = fc.record({
  labels,
  alt: words,
  hidden: words,
  definition: labels,
  scope_note: labels,
  example: labels,
  change_note: words,
  notation: fc.option(aText),
  matches: fc.record({ exact: someMatches, close: someMatches, broad: someMatches, unverified: someMatches }),
  unverified: fc.subarray([...LANGUAGES]),
  status: fc.constantFrom('accepted' as const, 'accepted' as const, 'deprecated' as const),
  position: fc.nat(99),
  /** Which of those before it stand above, beside it, and in its place: none for the first. */
  above: fc.option(fc.nat()),
  beside: fc.array(fc.nat(), { maxLength: 2 }),
  instead: fc.nat(),
});

/** Any vocabulary: as many concepts as asked, in any languages, in a hierarchy without cycles. */
export function aVocabulary(count: number): fc.Arbitrary<Vocabulary> {
  return fc
    .tuple(labels, fc.option(aText), fc.array(aConcept, { minLength: count, maxLength: count }))
    .map(([title, source, all]) => {
      const concepts = all.map(({ above, beside, instead, ...one }, index): Concept => {
        const before = (n: number) => `c${n % Math.max(1, index)}`;
        return {
          ...one,
          id: `c${index}`,
          scheme: 's',
          broader: above === null || index === 0 ? null : before(above),
          related: index === 0 ? [] : [...new Set(beside.map(before))],
          replaced_by: one.status === 'deprecated' && index > 0 ? before(instead) : null,
        };
      });
      return { scheme: { id: 's', labels: title, licence: 'etalab-2.0', source }, concepts };
    });
}

/** The same as the database takes it (private.thesaurus_faults): named, no word twice, nothing related to what stands in its line. */
export function whole(vocabulary: Vocabulary): Vocabulary {
  const byId = new Map(vocabulary.concepts.map((one) => [one.id, one]));
  const isAbove = (id: string, below: string): boolean => {
    const above = byId.get(below)?.broader ?? null;
    return above !== null && (above === id || isAbove(id, above));
  };
  const concepts = vocabulary.concepts.map((one): Concept => {
    const names = Object.keys(one.labels).length > 0 ? one.labels : { fr: `Terme ${one.id}` };
    const rest = (all: Concept['alt'], taken: (language: string) => readonly string[]) =>
      Object.fromEntries(
        Object.entries(all)
          .map(
            ([language, texts]) =>
              [language, texts.filter((text) => !taken(language).includes(text))] as const,
          )
          .filter(([, texts]) => texts.length > 0),
      );
    const alt = rest(one.alt, (language) => [names[language] ?? '']);
    return {
      ...one,
      labels: names,
      alt,
      hidden: rest(one.hidden, (language) => [names[language] ?? '', ...(alt[language] ?? [])]),
      unverified: one.unverified.filter((language) => names[language] !== undefined),
      related: one.related.filter((id) => id !== one.id && !isAbove(id, one.id) && !isAbove(one.id, id)),
    };
  });
  return { ...vocabulary, concepts };
}
