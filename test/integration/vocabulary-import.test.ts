import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDoor } from '../../src/api/client.ts';
import {
  fetchCompared,
  readVocabularyAddress,
  readVocabularyFile,
  sendVocabularyImport,
} from '../../src/api/thesaurus-import.ts';
import { importAction, type ImportChoices } from '../../src/domain/thesaurus/import-action.ts';
import { importDiff } from '../../src/domain/thesaurus/import-diff.ts';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import { outsideClient } from '../support/outside-client.ts';

const SCHEME = 'petit-patrimoine';
const PREFIXES = `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <https://terms.example.org/> .
`;
const NO_CHOICE: ImportChoices = { conflicts: new Map(), vanished: new Map() };

describe('an import, from the file to the vocabulary', { timeout: 120_000 }, () => {
  let server: LocalServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capitelle-import-'));
    server = await createLocalServer({ dataDir: folder, port: 0, host: '127.0.0.1', demo: true });
  }, 120_000);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const clientOf = (email: string) => outsideClient(server.url, server.publishableKey, email);
  async function doorOf(email: string) {
    const { supabase } = await clientOf(email);
    const token = async () => (await supabase.auth.getSession()).data.session?.access_token ?? '';
    return openDoor({ url: server.url, publishableKey: server.publishableKey, token });
  }
  type Door = Awaited<ReturnType<typeof doorOf>>;
  const read = (door: Door, text: string, type = 'text/turtle') =>
    readVocabularyFile(door, SCHEME, { content: Uint8Array.from(Buffer.from(text)).buffer, type });
  async function compared(door: Door, text: string) {
    const { concepts: incoming, faults } = await read(door, text);
    expect(faults).toEqual([]);
    const { concepts: here, origins, rev, role } = await fetchCompared(door, SCHEME);
    return { diff: importDiff({ here, origins, incoming }), rev, role };
  }
  async function bringIn(door: Door, text: string, choices = NO_CHOICE) {
    const { diff, rev } = await compared(door, text);
    const action = importAction(diff, choices, rev);
    const sent = await sendVocabularyImport(door, { id: crypto.randomUUID(), scheme: SCHEME, ...action });
    return { diff, action, sent };
  }
  const changing = ({ diff }: Awaited<ReturnType<typeof compared>>) =>
    diff.rows.filter(({ kind }) => kind !== 'same').map(({ id, kind }) => [id, kind]);

  it('our own export changes nothing', async () => {
    const door = await doorOf('coordination@capitelle.test');
    const own = await (await fetch(`${server.url}/thesaurus/${SCHEME}.ttl`)).text();
    const found = await compared(door, own);
    expect(found.diff.rows.length).toBeGreaterThan(100);
    expect(changing(found)).toEqual([]);
  });

  it('a reference brought in, then its next version: what the group wrote stays, what vanished is chosen', async () => {
    const door = await doorOf('coordination@capitelle.test');
    const first = `${PREFIXES}ex:ouvrage a skos:Concept ; skos:prefLabel "Ouvrage d’eau"@fr, "Water work"@en ; skos:notation "OE" .
      ex:noria a skos:Concept ; skos:prefLabel "Noria"@fr ; skos:altLabel "roue à eau"@fr ; skos:broader ex:ouvrage .
      ex:gone a skos:Concept ; skos:prefLabel "Pompe à balancier"@fr ; skos:broader ex:ouvrage .`;
    const { sent } = await bringIn(door, first);
    expect(sent.state).toBe('applied');
    // Ids: the notation, the ends of the addresses.
    expect(
      changing(await compared(door, first)).filter(([id]) => ['oe', 'noria', 'gone'].includes(String(id))),
    ).toEqual([]);
    const again = await compared(door, first);
    expect(importAction(again.diff, NO_CHOICE, again.rev)).toMatchObject({ concepts: [], deprecated: [] });

    const person = await clientOf('coordination@capitelle.test');
    const edit = (p: object) =>
      person.call('thesaurus_edit', { id: crypto.randomUUID(), scheme: SCHEME, ...p });
    await edit({
      action: 'change',
      concept: 'noria',
      fields: { 'labels.fr': { from: 'Noria', to: 'Noria, pousaraca' } },
    });
    await edit({
      action: 'create',
      concept: { id: 'noria-de-plaine', labels: { fr: 'Noria de plaine' }, broader: 'noria' },
    });
    const next = `${PREFIXES}ex:ouvrage a skos:Concept ; skos:prefLabel "Ouvrage hydraulique"@fr, "Water work"@en ; skos:notation "OE" .
      ex:noria a skos:Concept ; skos:prefLabel "Noria à godets"@fr ; skos:altLabel "roue à eau"@fr, "roue à godets"@fr ; skos:broader ex:ouvrage .`;
    const found = await compared(door, next);
    expect(changing(found)).toEqual([
      ['oe', 'changed'],
      ['noria', 'conflict'],
      ['gone', 'vanished'],
    ]);
    const done = await bringIn(door, next, { ...NO_CHOICE, vanished: new Map([['gone', 'deprecate']]) });
    expect(done.sent.state).toBe('applied');
    const { concepts } = await fetchCompared(door, SCHEME);
    const term = (id: string) => concepts.find((one) => one.id === id);
    expect(term('oe')?.labels['fr']).toBe('Ouvrage hydraulique');
    // It was here before the first import, with synonyms of its own.
    expect(term('noria')?.labels['fr']).toBe('Noria, pousaraca');
    expect(term('noria')?.alt['fr']).toEqual(
      expect.arrayContaining(['puits à roue', 'roue à eau', 'roue à godets']),
    );
    expect(term('gone')?.status).toBe('deprecated');
    expect(term('noria-de-plaine')).toMatchObject({ broader: 'noria', status: 'accepted' });
    expect(changing(await compared(door, next))).toEqual([]);
  });

  it('compared with what is not there any more is compared again', async () => {
    const door = await doorOf('coordination@capitelle.test');
    const { diff, rev } = await compared(
      door,
      `${PREFIXES}ex:martellière a skos:Concept ; skos:prefLabel "Martelière"@fr .`,
    );
    await server.sql(`update app.concepts set notation = 'x' where id = 'lavoir'`);
    const send = sendVocabularyImport(door, {
      id: crypto.randomUUID(),
      scheme: SCHEME,
      ...importAction(diff, NO_CHOICE, rev),
    });
    await expect(send).rejects.toThrow(/concept_moved|409/);
  });

  it('of somebody who moderates waits for the coordination; of others it is not even read', async () => {
    const moderator = await doorOf('moderation@capitelle.test');
    const { sent } = await bringIn(
      moderator,
      `${PREFIXES}ex:aiguier a skos:Concept ; skos:prefLabel "Aiguier neuf"@fr .`,
    );
    expect(sent.state).toBe('proposed');
    await expect(read(await doorOf('volontaire@capitelle.test'), PREFIXES)).rejects.toThrow('not_allowed');
    const nobody = await fetch(`${server.url}/functions/v1/thesaurus_import?scheme=${SCHEME}`, {
      method: 'POST',
      body: PREFIXES,
    });
    expect(nobody.status).toBe(401);
  });

  it('a file that is too large is refused by the server', async () => {
    const door = await doorOf('coordination@capitelle.test');
    await expect(
      readVocabularyFile(door, SCHEME, { content: new ArrayBuffer(24 * 1024 * 1024), type: 'text/turtle' }),
    ).rejects.toThrow('too_large');
  });

  it('no address of this machine is fetched', async () => {
    const door = await doorOf('coordination@capitelle.test');
    const faults = async (url: string) => (await readVocabularyAddress(door, { scheme: SCHEME, url })).faults;
    expect(await faults('https://localhost/x.ttl')).toEqual([{ code: 'address_not_public' }]);
    expect(await faults('https://127.0.0.1/x.ttl')).toEqual([{ code: 'address_not_public' }]);
    expect(await faults('https://[::1]/x.ttl')).toEqual([{ code: 'address_not_public' }]);
    expect(await faults(`${server.url}/thesaurus/${SCHEME}.ttl`)).toEqual([{ code: 'address_not_https' }]);
  });
});
