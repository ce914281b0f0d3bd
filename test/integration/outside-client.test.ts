import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLocalServer, type LocalServer } from '../../supabase/local/server.ts';
import type { CallError } from '../support/outside-client.ts';
import {
  createMutation,
  decideMutation,
  jpegWithExif,
  newMutationId,
  newPointId,
  outsideClient,
  type OutsideClient,
} from '../support/outside-client.ts';
import { readingCases } from '../support/outside-reading.ts';
import { startPostgres, type PostgresCluster } from '../support/postgres.ts';

type Json = Record<string, unknown>;
interface Sheet {
  point: Json & { id: string; rev: number; photos: Json[] };
}

/** Contract §1 to §6, seen by a client that shares no code with the app, on both databases. */
describe.each(['pglite', 'postgres'] as const)('an outside client on %s', (database) => {
  let server: LocalServer;
  let cluster: PostgresCluster | undefined;
  let folder: string;
  let anonymous: OutsideClient;
  let volunteer: OutsideClient;
  let moderator: OutsideClient;
  let sector: OutsideClient;
  const wash = createMutation({ expected_photos: 1 });
  const shop = createMutation({
    theme: 'accessibility',
    patch: {
      geom: { lon: 2.5530001, lat: 43.3220002, accuracy_m: 12, source: 'gps' },
      'attributes.name': 'Boulangerie',
      'attributes.entree_plain_pied': true,
    },
  });
  const lamp = createMutation({
    theme: 'lighting',
    patch: { geom: { lon: 2.554, lat: 43.323, accuracy_m: 5, source: 'map' }, 'attributes.lit_now': false },
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'capitelle-outside-'));
    if (database === 'postgres') cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('outside');
    server = await createLocalServer({
      dataDir: folder,
      port: 0,
      host: '127.0.0.1',
      demo: true,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    const sign = (email: string | null) => outsideClient(server.url, server.publishableKey, email);
    anonymous = await sign(null);
    volunteer = await sign('volontaire@capitelle.test');
    moderator = await sign('moderation@capitelle.test');
    sector = await sign('secteur@capitelle.test');
    await sign('coordination@capitelle.test');
  }, 300_000);

  afterAll(async () => {
    await server.close();
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('healthz says what runs', async () => {
    const health = (await (await fetch(`${server.url}/healthz`)).json()) as Json;
    expect(health).toMatchObject({ status: 'ok', contract: 1, database });
    expect(health.postgis).toMatch(/^3\./);
    for (const count of ['migrations', 'horizon_age_s', 'pending_jobs'])
      expect(health[count]).toBeTypeOf('number');
  });

  test('themes carry their forms, the thesaurus its concepts', async () => {
    const { contract, themes } = await anonymous.call<{ contract: number; themes: Json[] }>('themes');
    expect(contract).toBe(1);
    expect(themes.map((t) => t.id).toSorted()).toEqual(['accessibility', 'heritage', 'lighting']);
    for (const theme of themes) {
      expect(theme).toMatchObject({
        labels: { fr: expect.any(String) as string },
        group: expect.any(String) as string,
      });
      expect((theme.form as { sections: unknown[] }).sections.length).toBeGreaterThan(0);
    }
    const { concepts } = await anonymous.call<{ concepts: Json[] }>('thesaurus', {
      scheme: 'petit-patrimoine',
    });
    expect(concepts.length).toBeGreaterThan(140);
    const lavoir = concepts.find((c) => c.id === 'lavoir') as Json;
    expect(lavoir).toMatchObject({
      status: 'accepted',
      unverified: expect.arrayContaining(['oc']) as string[],
    });
    expect(lavoir.uri).toContain('/t/lavoir');
  });

  test('whoever is not signed in is told so, never answered with nothing', async () => {
    for (const name of [
      'me',
      'sync_push',
      'sync_pull',
      'sync_snapshot',
      'sync_digest',
      'sync_ids',
      'moderation_queue',
      'moderation_lease',
      'point_history',
      'charter_accept',
      'profile_update',
    ]) {
      const error = await anonymous.call(name, {}).then(
        () => undefined,
        (caught: unknown) => caught as CallError,
      );
      expect(error, name).toMatchObject({ code: 'PT401', message: 'auth_required' });
    }
  });

  test('nothing is accepted before the charter, and the same mutation is accepted after', async () => {
    const me = await volunteer.call<{ charter: { accepted: unknown; current: number } }>('me');
    expect(me.charter.accepted).toBeFalsy();
    const [before] = await volunteer.push(wash);
    expect(before).toMatchObject({ status: 'rejected', code: 'charter_required' });
    await volunteer.call('charter_accept', { rev: me.charter.current });
    const [after] = await volunteer.push(wash);
    expect(after).toMatchObject({ status: 'applied', rev: 1 });
    expect(after?.point).toMatchObject({
      id: wash.point_id,
      theme: 'heritage',
      status: 'submitted',
      concept: 'lavoir',
      mine: true,
      rev: 1,
      expected_photos: 1,
      sensitivity: 'open',
      geom: { lon: 2.5512, lat: 43.3215, accuracy_m: 8, source: 'gps' },
      attributes: { name: 'Lavoir du Riou', condition: 'good' },
      photos: [],
      pending: [],
      conflicts: [],
    });
  });

  test('a batch answers one result per mutation, in order; a replay changes nothing', async () => {
    const results = await volunteer.push(shop, lamp);
    expect(results.map((r) => [r.mutation_id, r.status])).toEqual([
      [shop.mutation_id, 'applied'],
      [lamp.mutation_id, 'applied'],
    ]);
    const replay = await volunteer.push(shop, lamp);
    expect(replay.map((r) => [r.status, r.rev, (r.point as Json).v])).toEqual(
      results.map((r) => [r.status, r.rev, (r.point as Json).v]),
    );
    const [other] = await volunteer.push({
      ...shop,
      patch: { ...(shop.patch as Json), 'attributes.name': 'Autre' },
    });
    expect(other).toMatchObject({ status: 'rejected', code: 'payload_mismatch' });
    const [stolen] = await moderator.push(shop);
    expect(stolen).toMatchObject({ status: 'rejected', code: 'payload_mismatch' });
    expect(stolen?.point).toBeUndefined();
  });

  test.each([
    ['outside_territory', { patch: { geom: { lon: -4.5, lat: 48.4, accuracy_m: 5, source: 'gps' } } }],
    ['invalid_geometry', { patch: { geom: { lon: 2.55, accuracy_m: 5, source: 'gps' } } }],
    [
      'invalid_geometry',
      { patch: { geom: { lon: 2.55, lat: 43.3, accuracy_m: 5, source: 'gps', track: [] } } },
    ],
    [
      'invalid_attributes',
      {
        patch: {
          geom: { lon: 2.55, lat: 43.3, accuracy_m: 5, source: 'gps' },
          'attributes.height_m': 'haut',
        },
      },
    ],
    [
      'invalid_attributes',
      { patch: { geom: { lon: 2.55, lat: 43.3, accuracy_m: 5, source: 'gps' }, 'attributes.nothing': 1 } },
    ],
    [
      'invalid_concept',
      { patch: { geom: { lon: 2.55, lat: 43.3, accuracy_m: 5, source: 'gps' }, concept: 'soucoupe' } },
    ],
    ['unknown_theme', { theme: 'ufology' }],
  ])('bad input is refused as %s and leaves nothing', async (code, over) => {
    const mutation = createMutation(over);
    const [result] = await volunteer.push(mutation);
    expect(result).toMatchObject({ status: 'rejected', code });
    const rows = await server.sql('select 1 from app.points where id = $1', [mutation.point_id]);
    expect(rows).toEqual([]);
  });

  test('too much at once is refused as a whole', async () => {
    await expect(volunteer.push(...Array.from({ length: 51 }, () => createMutation()))).rejects.toMatchObject(
      {
        code: 'PT413',
        message: 'too_large',
      },
    );
  });

  test('a photo is stored only once its bytes have been read, and stays private', async () => {
    const photo = jpegWithExif();
    const photoId = newPointId();
    const path = `${volunteer.userId}/${wash.point_id}/${photoId}-${photo.sha256.slice(0, 16)}.jpg`;
    const thumb = path.replace('.jpg', '-t.jpg');
    const bucket = volunteer.supabase.storage.from('photos');
    const options = { contentType: 'image/jpeg', upsert: false };
    const commit = async (over: Json = {}) => {
      const { data, error } = await volunteer.supabase.functions.invoke<Json>('photo_commit', {
        body: {
          photo_id: photoId,
          point_id: wash.point_id,
          path,
          sha256: photo.sha256,
          size: photo.bytes.byteLength,
          width: photo.width,
          height: photo.height,
          licence: 'CC-BY-SA-4.0',
          ...over,
        },
      });
      if (error) throw error as Error;
      return data;
    };
    expect(await commit()).toMatchObject({ status: 'missing' });
    expect((await bucket.upload(path, photo.bytes.buffer as ArrayBuffer, options)).error).toBeNull();
    expect((await bucket.upload(thumb, photo.bytes.buffer as ArrayBuffer, options)).error).toBeNull();
    expect(await commit({ sha256: photo.sha256.slice(0, 16).padEnd(64, '0') })).toMatchObject({
      status: 'mismatch',
    });
    expect(await commit()).toMatchObject({ status: 'stored' });
    expect(await commit()).toMatchObject({ status: 'stored' });

    for (const stranger of [anonymous, await outsideClient(server.url, server.publishableKey, null)]) {
      expect((await stranger.supabase.storage.from('photos').download(path)).data).toBeNull();
      expect((await stranger.supabase.storage.from('photos').list(`${volunteer.userId}`)).data ?? []).toEqual(
        [],
      );
    }
    const signing = await moderator.supabase.storage.from('photos').createSignedUrl(path, 300);
    expect(signing.error).toBeNull();
    const seen = await fetch(signing.data?.signedUrl ?? '');
    expect(seen.status).toBe(200);
    expect(seen.headers.get('content-type')).toBe('image/jpeg');
    const elsewhere = `${moderator.userId}/${wash.point_id}/${photoId}-x.jpg`;
    expect((await bucket.upload(elsewhere, photo.bytes.buffer as ArrayBuffer, options)).error).not.toBeNull();
  });

  test('bytes that are no image are refused', async () => {
    const photoId = newPointId();
    const bytes = new TextEncoder().encode('<html><script>alert(1)</script></html>');
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    const path = `${volunteer.userId}/${wash.point_id}/${photoId}-${sha256.slice(0, 16)}.jpg`;
    await volunteer.supabase.storage
      .from('photos')
      .upload(path, bytes.buffer as ArrayBuffer, { contentType: 'image/jpeg' });
    const { data } = await volunteer.supabase.functions.invoke<Json>('photo_commit', {
      body: {
        photo_id: photoId,
        point_id: wash.point_id,
        path,
        sha256,
        size: bytes.byteLength,
        width: 1,
        height: 1,
        licence: 'CC-BY-SA-4.0',
      },
    });
    expect(data).toMatchObject({ status: 'rejected', code: 'not_an_image' });
  });

  test('the queue shows what waits, to those whose territory it is', async () => {
    const queue = await moderator.call<{ items: Json[]; total: number }>('moderation_queue', { limit: 200 });
    const waiting = queue.items.find((item) => item.point_id === wash.point_id) as Json;
    expect(waiting).toMatchObject({
      kind: 'new',
      theme: 'heritage',
      concept: 'lavoir',
      expected_photos: 1,
      stored_photos: 1,
      lease: null,
    });
    const sectorQueue = await sector.call<{ items: Json[] }>('moderation_queue', { limit: 200 });
    expect(new Set(sectorQueue.items.map((item) => item.theme))).toEqual(new Set(['heritage']));
    const mine = await volunteer.call<{ items: Json[] }>('moderation_queue', {});
    expect(mine.items).toEqual([]);
    const lease = await moderator.call<Json>('moderation_lease', { point_id: wash.point_id });
    expect(lease).toMatchObject({ granted: true });
    await expect(volunteer.call('moderation_lease', { point_id: wash.point_id })).rejects.toMatchObject({
      code: expect.stringMatching(/PT40[34]/) as string,
    });
  });

  test('publish, send back, refuse: each with its rules', async () => {
    const [own] = await volunteer.push(decideMutation(wash.point_id, 1, 'publish'));
    expect(own).toMatchObject({ status: 'rejected', code: 'not_allowed' });
    const [stale] = await moderator.push(decideMutation(wash.point_id, 0, 'publish'));
    expect(stale).toMatchObject({ status: 'rejected', code: 'stale_review' });
    expect(stale?.point).toMatchObject({ id: wash.point_id });
    const [mute] = await moderator.push(decideMutation(lamp.point_id, 1, 'reject'));
    expect(mute).toMatchObject({ status: 'rejected', code: 'reason_required' });
    const photoRev =
      (await server.sql<{ rev: number }>('select rev from app.points where id = $1', [wash.point_id]))[0]
        ?.rev ?? 0;
    const results = await moderator.push(
      decideMutation(wash.point_id, photoRev, 'publish'),
      decideMutation(shop.point_id, 1, 'to_complete', {
        reason: 'description_incomplete',
        comment: 'La porte ?',
      }),
      decideMutation(lamp.point_id, 1, 'reject', { reason: 'out_of_scope', comment: 'Lampe privée' }),
    );
    expect(results.map((r) => r.status)).toEqual(['applied', 'applied', 'applied']);
    expect(results.map((r) => (r.point as Json).status)).toEqual(['published', 'to_complete', 'rejected']);
    await server.drainJobs();
  });

  test('the author learns the three decisions with their reasons', async () => {
    const pull = await volunteer.call<{ changed: Json[]; user_id: string }>('sync_pull', {
      buckets: [{ id: 'u:me' }],
      limit: 100,
    });
    expect(pull.user_id).toBe(volunteer.userId);
    const decisions = Object.fromEntries(pull.changed.map((point) => [point.id, point.decision as Json]));
    expect(decisions[wash.point_id]).toMatchObject({ decision: 'publish' });
    expect(decisions[shop.point_id]).toMatchObject({
      decision: 'to_complete',
      reason: 'description_incomplete',
      comment: 'La porte ?',
    });
    expect(decisions[lamp.point_id]).toMatchObject({
      decision: 'reject',
      reason: 'out_of_scope',
      comment: 'Lampe privée',
    });
    const [again] = await volunteer.push({
      mutation_id: newMutationId(),
      v: 1,
      kind: 'edit',
      point_id: shop.point_id,
      captured_at: new Date().toISOString(),
      base_rev: (pull.changed.find((p) => p.id === shop.point_id) as Json).rev,
      base: { 'attributes.entree_largeur_mini': null },
      patch: { 'attributes.entree_largeur_mini': 80 },
      submit: true,
    });
    expect(again).toMatchObject({ status: 'applied', point: { status: 'submitted' } });
    const queue = await moderator.call<{ items: Json[] }>('moderation_queue', {
      theme: 'accessibility',
      limit: 200,
    });
    expect(queue.items.map((item) => item.point_id)).toContain(shop.point_id);
  });

  test('the public reads the published point and nothing of the two others', async () => {
    const sheet = await anonymous.call<Sheet>('point_sheet', { id: wash.point_id });
    expect(sheet.point).toMatchObject({ id: wash.point_id, status: 'published', mine: false, author: null });
    const [photo] = sheet.point.photos;
    expect(photo).toMatchObject({ state: 'published', licence: 'CC-BY-SA-4.0' });
    expect(photo?.path).toBeFalsy();
    const published = await fetch(new URL(String(photo?.url), server.url));
    expect(published.status).toBe(200);
    expect(Buffer.from(await published.arrayBuffer()).includes('GPS-SECRET')).toBe(false);

    for (const hidden of [shop, lamp]) {
      await expect(anonymous.call('point_sheet', { id: hidden.point_id })).rejects.toMatchObject({
        code: 'PT404',
        message: 'point_not_found',
      });
    }
    const search = await anonymous.call<{ items: Json[]; total: number }>('points_search', {
      bbox: [2.54, 43.31, 2.56, 43.33],
      limit: 200,
    });
    const ids = search.items.map((item) => item.id);
    expect(ids).toContain(wash.point_id);
    expect(ids).not.toContain(shop.point_id);
    expect(ids).not.toContain(lamp.point_id);
    const text = JSON.stringify(search) + JSON.stringify(sheet);
    expect(text).not.toContain('capitelle.test');
  });

  readingCases(() => ({ server, volunteer, moderator, sector, wash, shop, lamp }));
});
