import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

import { readFile as readBytes } from '../../supabase/functions/_shared/skos/read-file.ts';
import { readVocabulary } from '../../supabase/functions/_shared/skos/read-vocabulary.ts';
import { AT, read, TYPES } from '../support/read-back.ts';

const DRAFT = '../shared/data/thesaurus/petit-patrimoine-brouillon';

describe('what others write', () => {
  it('Skosmos: JSON-LD with its context inside, terms by a name of their own', async () => {
    const text = JSON.stringify({
      '@context': {
        skos: 'http://www.w3.org/2004/02/skos/core#',
        isothes: 'http://purl.org/iso25964/skos-thes#',
        uri: '@id',
        type: '@type',
        lang: '@language',
        value: '@value',
        graph: '@graph',
        prefLabel: 'skos:prefLabel',
        altLabel: 'skos:altLabel',
        broader: 'skos:broader',
        narrower: 'skos:narrower',
        inScheme: 'skos:inScheme',
      },
      graph: [
        {
          uri: 'http://v.example.org/yso/',
          type: 'skos:ConceptScheme',
          prefLabel: { lang: 'en', value: 'YSO' },
        },
        {
          uri: 'http://v.example.org/yso/p1',
          type: ['skos:Concept', 'http://v.example.org/meta/Concept'],
          prefLabel: [
            { lang: 'en', value: 'wells' },
            { lang: 'fi', value: 'kaivot' },
          ],
          altLabel: { lang: 'en', value: 'water wells' },
          narrower: { uri: 'http://v.example.org/yso/p2' },
          inScheme: { uri: 'http://v.example.org/yso/' },
        },
        {
          uri: 'http://v.example.org/yso/p2',
          type: 'skos:Concept',
          prefLabel: { lang: 'fr', value: 'puits à roue' },
          inScheme: { uri: 'http://v.example.org/yso/' },
        },
      ],
    });
    const { faults, scheme, concepts } = await read(text);
    expect([faults, scheme?.labels]).toEqual([[], { en: 'YSO' }]);
    expect(concepts.map(({ id, labels, alt, broader }) => [id, labels, alt, broader])).toEqual([
      ['p1', { en: 'wells' }, { en: ['water wells'] }, null],
      ['p2', { fr: 'puits à roue' }, {}, 'p1'],
    ]);
  });

  it('Opentheso: expanded JSON-LD, RDF/XML with typed elements, tables', async () => {
    const uri = 'https://opentheso.example.org/?idc=45&idt=th1';
    const skos = 'http://www.w3.org/2004/02/skos/core#';
    const expanded = JSON.stringify([
      {
        '@id': uri,
        '@type': [`${skos}Concept`],
        [`${skos}prefLabel`]: [{ '@language': 'fr', '@value': 'Lavoir' }],
      },
    ]);
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="${skos}" xmlns:s="${skos}" xml:lang="fr">
        <!-- a comment -->
        <Concept rdf:about="${uri.replace('&', '&amp;')}" s:prefLabel="Lavoir"/>
      </rdf:RDF>`;
    const csv = `URI;rdf:type;identifier;skos:prefLabel@fr;dct:created\n${uri};skos:Concept;45;Lavoir;2020-01-01\n`;
    for (const text of [expanded, xml, csv]) {
      const { faults, warnings, concepts } = await read(text);
      expect([faults, warnings]).toEqual([[], []]);
      expect(concepts.map((one) => [one.id, one.uri, one.labels])).toEqual([['45', uri, { fr: 'Lavoir' }]]);
    }
  });

  it('a spreadsheet of Windows: its letters, its semicolons', async () => {
    const bytes = Uint8Array.from(
      Buffer.from('id;prefLabel_fr;altLabel_fr\r\nete;Été;"saison chaude; estivage"\r\n', 'latin1'),
    );
    const found = readVocabulary(await readBytes(bytes, TYPES.csv), { scheme: 's', at: AT });
    expect(found.concepts[0]).toMatchObject({
      labels: { fr: 'Été' },
      alt: { fr: ['saison chaude', 'estivage'] },
    });
    expect(found.warnings).toEqual([{ code: 'encoding_guessed', detail: 'windows-1252' }]);
  });
});

describe('the draft of the project', () => {
  it('in Turtle: 145 concepts in a tree of nine families', async () => {
    const { faults, warnings, concepts, scheme } = await read(await readFile(`${DRAFT}.ttl`, 'utf8'));
    expect([faults, concepts.length, scheme?.labels]).toEqual([
      [],
      145,
      { fr: 'Thésaurus du petit patrimoine (brouillon)' },
    ]);
    expect(concepts.filter(({ broader }) => broader === null)).toHaveLength(11);
    expect(warnings.map(({ code, detail, count }) => [code, detail, count])).toEqual([
      ['labels_alike', 'Font [fontaine] / Font [source] (oc)', undefined],
      ['property_left_out', 'skos:note', 265],
    ]);
  });

  it('in CSV: the same, under its root', async () => {
    const { faults, warnings, concepts } = await read(await readFile(`${DRAFT}.csv`, 'utf8'));
    expect([faults, concepts.length]).toEqual([[], 146]);
    expect(concepts.find(({ id }) => id === 'croix-chemin')).toMatchObject({
      broader: 'croix',
      alt: { fr: ['croix de carrefour', 'croix rurale'] },
    });
    expect(warnings.map(({ code, detail }) => `${code} ${detail}`)).toEqual(
      [
        'uri_provisoire',
        'oc_statut',
        'ca_source',
        'osm_tag',
        'osm_statut',
        'merimee_DENO',
        'deno_statut',
      ].map((name) => `column_left_out ${name}`),
    );
  });
});
