import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import papaparse from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { addressesAt } from '../../supabase/functions/_shared/skos/iris.ts';
import { writeJsonLd } from '../../supabase/functions/_shared/skos/json-ld.ts';
import { quadsOf } from '../../supabase/functions/_shared/skos/quads.ts';
import { writeRdfXml } from '../../supabase/functions/_shared/skos/rdf-xml.ts';
import { writeTurtle } from '../../supabase/functions/_shared/skos/turtle.ts';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { outsideClient } from '../support/outside-client.ts';
import { AT, comparable, read } from '../support/read-back.ts';
import {
  linesOf,
  readByRaptor,
  readByRdflib,
  rewrittenByRaptor,
  rewrittenByRdflib,
} from '../support/rdf-readers.ts';
import { aVocabulary, whole } from '../support/vocabularies.ts';

const SKOS = 'http://www.w3.org/2004/02/skos/core#';

describe('terms at their public addresses', { timeout: 120_000 }, () => {
  let server: LocalServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capitelle-terms-'));
    server = await createLocalServer({ dataDir: folder, port: 0, host: '127.0.0.1', demo: true });
  }, 120_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.url}${path}`, { headers, method });
  const body = async (path: string, accept: string) => (await get(path, { accept })).text();

  it.each(['petit-patrimoine', 'eclairage', 'acceslibre-activites'])(
    '%s is the same whatever it is read in, by raptor and by rdflib',
    async (scheme) => {
      const at = `/thesaurus/${scheme}`;
      const turtle = await readByRaptor(await body(at, 'text/turtle'), 'turtle');
      const concepts = turtle.filter((line) => line.includes(`"${SKOS}Concept"`));
      expect(concepts.length).toBeGreaterThan(10);
      expect(await readByRdflib(await body(at, 'text/turtle'), 'turtle')).toEqual(turtle);
      const xml = await body(at, 'application/rdf+xml');
      expect(await readByRaptor(xml, 'rdfxml')).toEqual(turtle);
      expect(await readByRdflib(xml, 'rdfxml')).toEqual(turtle);
      expect(await readByRdflib(await body(at, 'application/ld+json'), 'json-ld')).toEqual(turtle);
      const csv = papaparse.parse<Record<string, string>>(
        (await body(at, 'text/csv')).replace(/^\ufeff/, ''),
        {
          header: true,
          skipEmptyLines: true,
        },
      );
      expect(csv.errors).toEqual([]);
      expect(csv.data).toHaveLength(concepts.length);
      const labels = turtle.filter((line) => line.includes(`"${SKOS}prefLabel"`)).length;
      const cells = csv.data.flatMap((row) => Object.entries(row));
      expect(cells.filter(([name, cell]) => name.startsWith('skos:prefLabel@') && cell !== '')).toHaveLength(
        labels,
      );
    },
  );

  it('answers people a page, and machines what they ask, by what they accept or by an ending', async () => {
    const page = await get('/t/croix-chemin', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("style-src 'self'");
    const text = await page.text();
    expect(text).toContain('<h1>Croix de chemin</h1>');
    expect(text).toContain(`href="${server.url}/t/croix"`);
    expect(await body('/t/croix-chemin', '*/*')).toBe(text);
    expect(await (await get('/t/croix-chemin', { 'accept-language': 'en' })).text()).toContain(
      '<h1>Wayside cross</h1>',
    );
    const types = {
      ttl: 'text/turtle',
      jsonld: 'application/ld+json',
      rdf: 'application/rdf+xml',
      csv: 'text/csv',
    };
    for (const [ending, type] of Object.entries(types)) {
      const byEnding = await get(`/t/croix-chemin.${ending}`);
      const byAccept = await get('/functions/v1/thesaurus/croix-chemin', { accept: type });
      for (const answer of [byEnding, byAccept]) {
        expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
        expect(answer.headers.get('vary')).toContain('Accept');
        expect(answer.headers.get('cache-control')).toMatch(/^public, max-age=\d+/);
      }
      expect(await byEnding.text()).toBe(await byAccept.text());
    }
    const best = await get('/t/croix', {
      accept: 'text/html;q=0.2, application/ld+json;q=0.9, text/turtle;q=0.8',
    });
    expect(best.headers.get('content-type')).toContain('ld+json');
  });

  it('marks what no source has validated, and does not show it as the term', async () => {
    const lavoir = await readByRaptor(await body('/t/lavoir', 'text/turtle'), 'turtle');
    const languages = (name: string) =>
      lavoir.filter((line) => line.includes(name)).map((line) => JSON.parse(line)[4] as string);
    expect(languages(`"${SKOS}prefLabel"`).toSorted()).toEqual(['ca', 'en', 'fr', 'oc']);
    expect(languages('"urn:capitelle:unverifiedLabel"').toSorted()).toEqual(['ca', 'oc']);
    expect((await body('/t/lavoir', 'text/html')).match(/à valider/g)).toHaveLength(2);
  });

  it('a term that is no longer used says where it went', async () => {
    await server.sql(
      `update app.concepts set status = 'deprecated', replaced_by = 'croix' where id = 'croix-mission'`,
    );
    const page = await get('/t/croix-mission', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.headers.get('link')).toBe(`<${server.url}/t/croix>; rel="successor-version"`);
    const text = await page.text();
    expect(text).toContain('Ce terme n’est plus employé.');
    expect(text).toContain(`<a href="${server.url}/t/croix">Croix</a>`);
    const said = await readByRaptor(await body('/t/croix-mission', 'text/turtle'), 'turtle');
    expect(said.some((line) => line.includes('isReplacedBy') && line.includes('/t/croix"'))).toBe(true);
    expect(said.some((line) => line.includes('owl#deprecated') && line.includes('"true"'))).toBe(true);
    expect(await body('/thesaurus/petit-patrimoine', 'text/html')).not.toContain('Croix de mission');
  });

  it('a version is published by the coordination, read as it was, and told by what it changed', async () => {
    const coordination = await outsideClient(
      server.url,
      server.publishableKey,
      'coordination@capitelle.test',
    );
    const release = (after: number) =>
      coordination.call('thesaurus_release', {
        scheme: 'petit-patrimoine',
        after,
        notes: 'Après l’atelier.',
      });
    expect(await release(0)).toEqual({ number: 1 });
    await server.sql(
      `update app.concepts set labels = labels || '{"fr": "Calvaire monumental"}' where id = 'calvaire'`,
    );
    expect(await release(1)).toEqual({ number: 2 });
    await expect(release(1)).rejects.toThrow('release_moved');

    const name = async (path: string) => {
      const lines = await readByRaptor(await body(path, 'text/turtle'), 'turtle');
      expect(lines.some((line) => line.includes('versionInfo'))).toBe(path !== '/thesaurus/petit-patrimoine');
      const isLabel = (line: string) =>
        line.includes('/t/calvaire"') && line.includes('prefLabel') && line.includes('"fr"');
      return lines.filter(isLabel).map((line) => JSON.parse(line)[2] as string);
    };
    expect(await name('/thesaurus/petit-patrimoine/1')).toEqual(['Calvaire']);
    expect(await name('/thesaurus/petit-patrimoine/2')).toEqual(['Calvaire monumental']);
    expect(await name('/thesaurus/petit-patrimoine')).toEqual(['Calvaire monumental']);
    const page = await body('/thesaurus/petit-patrimoine/2', 'text/html');
    expect(page).toContain('Petit patrimoine, version 2</h1>');
    expect(page).toContain('Après l’atelier.');
    const words = page.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
    expect(words).toContain('Modifié : Calvaire monumental (avant : Calvaire)');
    expect(page).toContain(`<a href="${server.url}/t/calvaire">`);
    const now = await body('/thesaurus/petit-patrimoine', 'text/html');
    expect(now).toContain(`<a href="${server.url}/thesaurus/petit-patrimoine/2">version 2</a>`);
    expect(now).toContain('(1 changement)');
    expect((await get('/thesaurus/petit-patrimoine/1.csv')).headers.get('content-type')).toContain(
      'text/csv',
    );
    expect((await get('/thesaurus/petit-patrimoine/3')).status).toBe(404);
    expect((await get('/thesaurus/petit-patrimoine/01')).status).toBe(404);
    expect((await get('/thesaurus/licorne/1.ttl')).status).toBe(404);
  });

  it('says what it does not have, and writes nothing of what it is asked into a page', async () => {
    expect((await get('/t/licorne', { accept: 'text/html' })).status).toBe(404);
    expect(await body('/t/licorne', 'text/html')).toContain('Ce terme n’existe pas.');
    expect((await get('/t/licorne.ttl')).status).toBe(404);
    expect((await get('/t/lavoir.exe')).status).toBe(404);
    expect((await get('/t/lavoir', { accept: 'image/png' })).status).toBe(406);
    expect((await get('/thesaurus/licorne')).status).toBe(404);
    expect((await get('/functions/v1/thesaurus/lavoir', {}, 'POST')).status).toBe(405);
    const head = await get('/t/lavoir.ttl', {}, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    await server.sql(
      `update app.concepts set definition = '{"fr": "<script>alert(1)</script> \\"&"}' where id = 'puits'`,
    );
    expect(await body('/t/puits', 'text/html')).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt; &quot;&amp;',
    );
  });
});

describe('any vocabulary', { timeout: 120_000 }, () => {
  it('is read by other people’s programs as it was written, in every syntax', async () => {
    const at = addressesAt('https://inventaire.example.org/');
    // One large vocabulary: to start a program costs more than to read a thousand texts.
    const seed = Number(process.env['SEED'] ?? Date.now());
    const [vocabulary] = fc.sample(aVocabulary(300), { numRuns: 1, seed });
    if (!vocabulary) throw new Error('No vocabulary was made.');
    const quads = quadsOf(vocabulary, at);
    const written = linesOf(quads);
    expect(written.length).toBeGreaterThan(2_000);
    const turtle = await writeTurtle(quads);
    expect(await readByRaptor(turtle, 'turtle'), `SEED=${seed}`).toEqual(written);
    expect(await readByRdflib(turtle, 'turtle'), `SEED=${seed}`).toEqual(written);
    const xml = writeRdfXml(quads);
    expect(await readByRaptor(xml, 'rdfxml'), `SEED=${seed}`).toEqual(written);
    expect(await readByRdflib(xml, 'rdfxml'), `SEED=${seed}`).toEqual(written);
    expect(await readByRdflib(writeJsonLd(quads), 'json-ld'), `SEED=${seed}`).toEqual(written);
  });

  it('is read here as it was, however other people’s programs write it', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now());
    const [any] = fc.sample(aVocabulary(100), { numRuns: 1, seed });
    if (!any) throw new Error('No vocabulary was made.');
    const vocabulary = whole(any);
    const turtle = await writeTurtle(quadsOf(vocabulary, AT));
    const texts = [
      ...(await Promise.all(
        (['turtle', 'rdfxml', 'rdfxml-abbrev', 'ntriples', 'json'] as const).map((as) =>
          rewrittenByRaptor(turtle, as),
        ),
      )),
      await rewrittenByRdflib(turtle, 'expanded'),
      await rewrittenByRdflib(turtle, 'compact'),
    ];
    for (const [index, text] of texts.entries()) {
      const found = await read(text);
      expect(found.faults, `SEED=${seed} ${index}`).toEqual([]);
      expect(comparable(found.concepts), `SEED=${seed} ${index}`).toEqual(comparable(vocabulary.concepts));
    }
  });
});
