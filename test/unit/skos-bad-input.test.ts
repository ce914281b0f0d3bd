import { describe, expect, it } from 'vitest';

import { addressesAt } from '../../supabase/functions/_shared/skos/iris.ts';
import { readFile } from '../../supabase/functions/_shared/skos/read-file.ts';
import { readVocabulary } from '../../supabase/functions/_shared/skos/read-vocabulary.ts';
import { AT, read, TYPES } from '../support/read-back.ts';

const PREFIXES = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix ex: <https://terms.example.org/> .
`;
const turtle = (body: string, more?: { source?: string }) => read(`${PREFIXES}${body}`, TYPES.ttl, more);
const xml = (body: string) =>
  `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">${body}</rdf:RDF>`;

describe('a file that is broken', () => {
  it.each([
    [
      'Turtle',
      TYPES.ttl,
      `${PREFIXES}ex:a a skos:Concept ;\n skos:prefLabel "A"@fr\nex:b a skos:Concept .`,
      7,
    ],
    ['RDF/XML', TYPES.rdf, '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://r#">\n<a>\n</rdf:RDF>', 4],
    ['JSON-LD', TYPES.jsonld, '{\n "@graph": [\n  {"@id": "a",}\n ]\n}', 3],
    ['JSON-LD that stops in the middle', TYPES.jsonld, '{\n "@graph": [\n', 3],
    ['CSV', TYPES.csv, 'URI,skos:prefLabel@fr\nhttps://a/1,Lavoir\nhttps://a/2,"Puits\n', 3],
  ])('%s: the line is told', async (_, type, text, line) => {
    const { faults, concepts } = await read(text, type);
    expect(faults[0]).toMatchObject({ code: 'broken_syntax', line });
    expect(concepts).toEqual([]);
  });

  it('an entity is never expanded, nor a document type taken', async () => {
    const bomb = `<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n${xml('&b;')}`;
    expect((await read(bomb)).faults).toEqual([{ code: 'xml_entities', line: 2 }]);
    expect(
      (await read(`<!doctype r SYSTEM "file:///etc/passwd">${xml('')}`, TYPES.rdf)).faults[0]?.code,
    ).toBe('xml_entities');
    const used = xml(
      '<skos:Concept rdf:about="https://a/1"><skos:prefLabel>&bomb;</skos:prefLabel></skos:Concept>',
    );
    expect((await read(used, TYPES.rdf)).faults).toEqual([{ code: 'xml_entities', detail: '&bomb;' }]);
    const numbers = xml(
      '<skos:Concept rdf:about="https://a/1"><skos:prefLabel xml:lang="fr">&#233;&#x1F642;&amp;lt;</skos:prefLabel></skos:Concept>',
    );
    expect((await read(numbers, TYPES.rdf)).concepts[0]?.labels).toEqual({ fr: 'é🙂&lt;' });
  });

  it('depth is bounded', async () => {
    const deep = (open: string, close: string) => open.repeat(5_000) + close.repeat(5_000);
    expect((await read(xml(deep('<skos:narrower>', '</skos:narrower>')), TYPES.rdf)).faults[0]?.code).toBe(
      'too_deep',
    );
    expect((await read(deep('[', ']'), TYPES.jsonld)).faults[0]?.code).toBe('too_deep');
  });

  it('no context is fetched', async () => {
    const text = JSON.stringify({ '@context': 'https://www.w3.org/ns/skos.jsonld', '@id': 'https://a/1' });
    expect((await read(text)).faults).toEqual([
      { code: 'remote_context', detail: 'https://www.w3.org/ns/skos.jsonld' },
    ]);
  });

  it('what is no vocabulary at all is said so', async () => {
    expect((await read('Bonjour, voici mon fichier')).faults).toEqual([{ code: 'unknown_format' }]);
    expect((await read('')).faults).toEqual([{ code: 'unknown_format' }]);
    expect((await turtle('ex:a skos:prefLabel "A"@fr .')).faults).toEqual([{ code: 'no_concept' }]);
    const bytes = Uint8Array.from([0x40, 0xff, 0xfe, 0x00]);
    const found = readVocabulary(await readFile(bytes, TYPES.ttl), { scheme: 's', at: AT });
    expect(found.faults).toEqual([{ code: 'unreadable_encoding', detail: 'utf-8' }]);
  });

  it('more than 20 000 concepts', async () => {
    const rows = Array.from({ length: 20_001 }, (_, n) => `https://a/${n},T ${n}`).join('\n');
    const { faults, concepts } = await read(`URI,skos:prefLabel@fr\n${rows}`, TYPES.csv);
    expect([faults, concepts]).toEqual([[{ code: 'too_many_concepts', count: 20_001 }], []]);
  });
});

describe('a vocabulary that is not whole', () => {
  it('a cycle is told by its names', async () => {
    const { faults } = await turtle(`ex:a a skos:Concept ; skos:prefLabel "A"@fr ; skos:broader ex:b .
      ex:b a skos:Concept ; skos:prefLabel "B"@fr ; skos:broader ex:c .
      ex:c a skos:Concept ; skos:prefLabel "C"@fr ; skos:broader ex:a .
      ex:d a skos:Concept ; skos:prefLabel "D"@fr ; skos:broader ex:a .`);
    expect(faults).toEqual([{ code: 'cycle', detail: 'A > B > C > A' }]);
  });

  it('two preferred labels in one language', async () => {
    const { faults } = await turtle(
      `ex:a a skos:Concept ; skos:prefLabel "Lavoir"@fr, "Bassin"@fr, "Wash house"@en .`,
    );
    expect(faults).toEqual([{ code: 'two_labels', detail: 'Lavoir (fr) : Lavoir / Bassin' }]);
    const csv = await read('URI,skos:prefLabel@fr\nhttps://a/1,Lavoir##Bassin', TYPES.csv);
    expect(csv.faults).toEqual([{ code: 'two_labels', line: 2, detail: 'Lavoir (fr) : Lavoir / Bassin' }]);
  });

  it('varieties of a language are taken for it, others are left out, and both are told', async () => {
    const { faults, warnings, concepts } = await turtle(`ex:a a skos:Concept ;
      skos:prefLabel "Lavoir"@fr-FR, "Lavador"@oc-lengadoc, "Waschhaus"@de ; skos:altLabel "Bassin" .
      ex:b a skos:Concept ; skos:prefLabel "Puits"@fr, "Puits à eau"@fr-CA, "Brunnen"@de .`);
    expect(faults).toEqual([]);
    expect(concepts.map(({ labels, alt }) => [labels, alt])).toEqual([
      [{ fr: 'Lavoir', oc: 'Lavador' }, { fr: ['Bassin'] }],
      [{ fr: 'Puits' }, { fr: ['Puits à eau'] }],
    ]);
    expect(warnings).toEqual(
      expect.arrayContaining([
        { code: 'language_folded', detail: 'fr-fr', count: 1 },
        { code: 'language_folded', detail: 'oc-lengadoc', count: 1 },
        { code: 'unknown_language', detail: 'de', count: 2 },
        { code: 'no_language', count: 1 },
      ]),
    );
  });

  it('a concept with no label in our languages', async () => {
    const { faults } = await turtle(`ex:a a skos:Concept ; skos:prefLabel "Brunnen"@de .`);
    expect(faults).toEqual([{ code: 'no_label', detail: 'https://terms.example.org/a' }]);
  });

  it('texts that the database would not keep', async () => {
    const { faults } = await turtle(
      `ex:a a skos:Concept ; skos:prefLabel "${'é'.repeat(201)}"@fr, "A"@en ; skos:definition "${'d'.repeat(4_001)}"@fr .`,
    );
    expect(faults.map(({ code }) => code)).toEqual(['label_too_long', 'text_too_long']);
  });

  it('a broader concept that is not there, in a table with its line', async () => {
    const { faults } = await turtle(`ex:a a skos:Concept ; skos:prefLabel "A"@fr ; skos:broader ex:gone .`);
    expect(faults).toEqual([{ code: 'dangling_broader', detail: 'A : https://terms.example.org/gone' }]);
    const table = await read('id;prefLabel_fr;broader\neau;"Eau,\net feu";\nlavoir;Lavoir;eaux\n');
    expect(table.faults).toMatchObject([{ code: 'dangling_broader', line: 4 }]);
    expect(table.faults[0]?.detail).toContain('eaux');
  });

  it('labels that differ by case or accents alone are told', async () => {
    const { faults, warnings } =
      await turtle(`ex:a a skos:Concept ; skos:prefLabel "Pâtis"@fr ; skos:altLabel "pâtis"@fr .
      ex:b a skos:Concept ; skos:prefLabel "PATIS"@fr . ex:c a skos:Concept ; skos:prefLabel "Patis"@oc .`);
    expect(faults).toEqual([]);
    expect(warnings.map(({ code, detail }) => [code, detail])).toEqual([
      ['labels_alike', 'Pâtis / pâtis [a] (fr)'],
      ['labels_alike', 'Pâtis [a] / PATIS [b] (fr)'],
    ]);
  });

  it('of several schemes somebody says which', async () => {
    const body = `ex:one a skos:ConceptScheme . ex:two a skos:ConceptScheme . ex:empty a skos:ConceptScheme .
      ex:a a skos:Concept ; skos:inScheme ex:one ; skos:prefLabel "A"@fr .
      ex:b a skos:Concept ; skos:inScheme ex:two ; skos:prefLabel "B"@fr .`;
    const { faults, schemes, concepts } = await turtle(body);
    expect(faults.map(({ code, detail, count }) => [code, detail, count])).toEqual([
      ['several_schemes', 'https://terms.example.org/one', 1],
      ['several_schemes', 'https://terms.example.org/two', 1],
    ]);
    expect([schemes.length, concepts]).toEqual([3, []]);
    const two = await turtle(body, { source: 'https://terms.example.org/two' });
    expect([two.faults, two.concepts.map(({ id }) => id)]).toEqual([[], ['b']]);
  });

  it('what is left out is told, and does not stop the rest', async () => {
    const { faults, warnings, concepts } =
      await turtle(`ex:a a skos:Concept ; skos:prefLabel "A"@fr ; skos:note "n"@fr .
      ex:b a skos:Concept ; skos:prefLabel "B"@fr ; skos:broader ex:a, ex:c ; skos:related ex:a, ex:gone ; dct:isReplacedBy ex:a .
      ex:c a skos:Concept ; skos:prefLabel "C"@fr ; skos:narrower ex:d ; skos:definition "un"@fr, "deux"@fr .
      ex:d a skos:Concept ; skos:prefLabel "D"@fr ; owl:deprecated true ; dct:isReplacedBy ex:gone .`);
    expect(faults).toEqual([]);
    expect(warnings.map(({ code }) => code).toSorted()).toEqual([
      'dangling_related',
      'dangling_replacement',
      'property_left_out',
      'related_above',
      'replaced_though_accepted',
      'several_broader',
      'texts_joined',
    ]);
    expect(concepts.map(({ id, broader, related }) => [id, broader, related])).toEqual([
      ['a', null, []],
      ['b', 'a', []],
      ['c', null, []],
      ['d', 'c', []],
    ]);
    expect(concepts[2]?.definition).toEqual({ fr: 'deux\n\nun' });
  });
});

describe('ids', () => {
  const body = `ex:lavoir-1 a skos:Concept ; skos:prefLabel "Lavoir"@fr .
    ex:x a skos:Concept ; skos:notation "12.3 B" ; skos:prefLabel "Puits"@fr .
    <https://opentheso.example.org/?idc=45&idt=th1> a skos:Concept ; skos:prefLabel "Œuvre"@fr .
    <https://inventaire.example.org/t/croix> a skos:Concept ; skos:prefLabel "Croix"@fr .
    <urn:%E6%9D%BE> a skos:Concept ; skos:prefLabel "Four à chaux"@fr .`;
  const parse = async (known?: Parameters<typeof readVocabulary>[1]['known'], text = body) => {
    const bytes = Uint8Array.from(new TextEncoder().encode(PREFIXES + text));
    const found = readVocabulary(await readFile(bytes, TYPES.ttl), {
      scheme: 's',
      at: addressesAt('https://inventaire.example.org/'),
      known,
    });
    return Object.fromEntries(found.concepts.map(({ uri, id }) => [uri.replace(/^.*[/:]/, ''), id]));
  };
  const here = (id: string, fr: string, uri: string | null) => [id, { labels: { fr }, uri }] as const;

  it('come from our addresses, notations, ends of addresses, labels', async () => {
    expect(await parse()).toEqual({
      'lavoir-1': 'lavoir-1',
      x: '12-3-b',
      '?idc=45&idt=th1': '45',
      croix: 'croix',
      '%E6%9D%BE': 'four-a-chaux',
    });
  });

  it('stay what they were at the last import, and are of one term alone', async () => {
    const known = {
      here: new Map([
        here('bassin', 'Bassin', 'https://terms.example.org/lavoir-1'),
        here('12-3-b', 'Autre chose', null),
      ]),
      elsewhere: new Set(['croix', 'four-a-chaux']),
    };
    expect(await parse(known)).toEqual({
      'lavoir-1': 'bassin',
      x: '12-3-b-2',
      '?idc=45&idt=th1': '45',
      croix: 'croix-2',
      '%E6%9D%BE': 'four-a-chaux-2',
    });
  });

  it('are those of terms of the same name, or the same end of another base', async () => {
    const known = {
      here: new Map([
        here('12-3-b', 'PUITS', null),
        here('lavoir-1', 'Bassin', 'http://old.example.org/lavoir-1'),
      ]),
      elsewhere: new Set<string>(),
    };
    expect(await parse(known)).toMatchObject({ 'lavoir-1': 'lavoir-1', x: '12-3-b' });
  });

  it('do not depend on the order of the file', async () => {
    const one = 'ex:a1 a skos:Concept ; skos:notation "n" ; skos:prefLabel "A"@fr .\n';
    const two = 'ex:b1 a skos:Concept ; skos:notation "n" ; skos:prefLabel "B"@fr .\n';
    expect(await parse(undefined, one + two)).toEqual({ a1: 'n', b1: 'n-2' });
    expect(await parse(undefined, two + one)).toEqual({ a1: 'n', b1: 'n-2' });
  });
});
