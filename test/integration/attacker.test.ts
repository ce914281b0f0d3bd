import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { newMutationId, type OutsideClient } from '../support/outside-client.ts';
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts';
import { hideSecrets, markers, place, type Secret, type Secrets } from '../support/secrets.ts';

/** Somebody who wants to know what they may not, or to change what is not theirs. */
describe('an attacker', { timeout: 300_000 }, () => {
  let server: LocalServer;
  let cluster: PostgresCluster | undefined;
  let folder: string;
  let secrets: Secrets;
  let heard = '';

  beforeAll(async () => {
    folder = await temporaryFolder();
    if ((await findPostgres()) !== undefined) cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('attacker');
    server = await startServer(folder, databaseUrl === undefined ? {} : { databaseUrl });
    secrets = await hideSecrets(server);
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster?.stop();
    await deleteFolder(folder);
  });

  /** Says a call, and keeps what was heard. */
  async function ask(who: OutsideClient, name: string, p: unknown): Promise<unknown> {
    const answer: unknown = await who
      .call(name, p)
      .catch((error: { code: string; message: string }) => ({ refused: error.code, message: error.message }));
    heard += JSON.stringify(answer);
    return answer;
  }

  async function send(
    who: OutsideClient,
    mutations: Record<string, unknown>[],
  ): Promise<{ status: string }[]> {
    const answer = await ask(who, 'sync_push', {
      device_id: 'd',
      client: { name: 'x', version: '1' },
      mutations: mutations.map((mutation) => ({ v: 1, captured_at: new Date().toISOString(), ...mutation })),
    });
    return (answer as { results: { status: string }[] }).results;
  }

  function expectNothingHeard(alsoNot: string[] = []): void {
    expect([...markers, ...alsoNot].filter((marker) => heard.includes(marker))).toEqual([]);
    heard = '';
  }

  const unseen: Secret[] = ['draft', 'submitted', 'withdrawn', 'rejected', 'hidden'];
  const names = ['nobody', 'a contributor', 'a moderator of elsewhere'] as const;

  test('the secrets are there, for who may know them', async () => {
    const { author, points } = secrets;
    heard = '';
    for (const bucket of ['u:me', 'm:me']) await ask(author, 'sync_snapshot', { bucket });
    for (const id of Object.values(points)) expect(heard).toContain(id);
    expect(markers.slice(0, 3).filter((marker) => !heard.includes(marker))).toEqual([]);
    heard = '';
  });

  test.each(names)('%s reads nothing of them, whatever they ask', async (name) => {
    const { attackers, points, sent, author } = secrets;
    const who = attackers[name];
    const cells = await server.sql<{ cell: string }>(
      `select distinct private.cell_of(geom) as cell from app.points
       union select distinct public_cell from app.points where public_cell is not null`,
    );
    const buckets = [
      'u:me',
      'm:me',
      't',
      `u:${author.userId}`,
      ...cells.map(({ cell }) => `c:heritage:${cell}`),
    ];
    for (const bucket of buckets) {
      await ask(who, 'sync_pull', { buckets: [{ id: bucket, cursor: '1.0' }] });
      await ask(who, 'sync_snapshot', { bucket });
      await ask(who, 'sync_ids', { bucket });
      await ask(who, 'sync_digest', { buckets: [bucket] });
    }
    for (const q of ['SECRET', 'Lavoir', 'secret-author', ''])
      await ask(who, 'points_search', {
        q,
        statuses: ['published', 'archived', 'destroyed', 'draft', 'submitted'],
      });
    await ask(who, 'points_search', { near: place, limit: 50 });
    await ask(who, 'points_search', { bbox: [2.351, 43.213, 2.352, 43.214] });
    for (const theme of [{}, { theme: 'heritage' }]) {
      await ask(who, 'moderation_queue', { ...theme, limit: 200 });
      await ask(who, 'moderation_queue', { ...theme, territory: '11069' });
      await ask(who, 'stats', { ...theme, territory: '11069' });
    }
    await ask(who, 'me', {});
    await ask(who, 'territories', { q: 'Carca' });
    for (const z of [0, 12, 15, 19]) {
      const x = Math.floor(((place.lon + 180) / 360) * 2 ** z);
      const rad = (place.lat * Math.PI) / 180;
      const y = Math.floor(((1 - Math.log(Math.tan(rad) + 1 / Math.cos(rad)) / Math.PI) / 2) * 2 ** z);
      heard += await (
        await fetch(`${server.url}/rest/v1/rpc/map_tile?z=${z}&x=${x}&y=${y}`, {
          headers: { apikey: server.publishableKey },
        })
      ).text();
    }
    // The ids were not named by the questions so far: none may be in the answers.
    expectNothingHeard(unseen.map((secret) => points[secret]));

    for (const id of Object.values(points)) {
      for (const call of ['point_sheet', 'point_history', 'moderation_candidates', 'moderation_lease'])
        await ask(who, call, call === 'point_sheet' ? { id } : { point_id: id });
    }
    await ask(who, 'sync_receipts', { mutation_ids: sent });
    expectNothingHeard();
    for (const secret of unseen)
      expect(await ask(who, 'point_sheet', { id: points[secret] })).toMatchObject({ refused: 'PT404' });
  });

  test.each(names.slice(1))('%s changes nothing of them, and learns nothing by trying', async (name) => {
    const { attackers, points, sent } = secrets;
    const who = attackers[name];
    const state = () =>
      server.sql(
        'select id, author, status, rev, geom, attributes, sensitivity, concept, decision, duplicate_of from app.points order by id',
      );
    const before = await state();
    const ids = Object.values(points);
    const base = {
      geom: { lon: 2.35, lat: 43.21, accuracy_m: 1, source: 'gps' },
      'attributes.name': 'x',
      'attributes.description': 'y',
      sensitivity: 'hidden',
    };
    const patch = {
      geom: { lon: 2.3, lat: 43.2, accuracy_m: 1, source: 'gps' },
      'attributes.name': 'z',
      'attributes.description': 'z',
      sensitivity: 'open',
    };
    const tries: Record<string, unknown>[] = [
      { kind: 'create', theme: 'heritage', patch: { geom: patch.geom } },
      { kind: 'edit', base_rev: 1, base, patch, resolves: sent },
      { kind: 'edit', base_rev: 1, base: {}, patch, submit: true },
      { kind: 'withdraw' },
      ...sent.map((revision_id) => ({ kind: 'withdraw', revision_id })),
      { kind: 'confirm', observed_at: '2026-05-02', found: true },
      ...['publish', 'reject', 'restore', 'archive', 'destroy', 'dismiss', 'to_complete'].flatMap(
        (decision) => [1, 2].map((seen_rev) => ({ kind: 'decide', decision, seen_rev, reason: 'other' })),
      ),
      ...ids.map((duplicate_of) => ({
        kind: 'decide',
        decision: 'duplicate',
        duplicate_of,
        seen_rev: 2,
        reason: 'duplicate',
      })),
      { kind: 'decide', decision: 'publish', seen_after: sent[0], correction: { base, patch } },
      ...sent.map((revision_id) => ({ kind: 'decide', decision: 'publish', revision_id, seen_rev: 2 })),
    ];
    for (const attempt of tries) {
      const results = await send(
        who,
        ids.map((point_id) => ({ mutation_id: newMutationId(), point_id, ...attempt })),
      );
      expect([attempt, results.filter(({ status }) => status === 'retry')]).toEqual([attempt, []]);
    }
    const again = sent.map((mutation_id) => ({
      mutation_id,
      kind: 'comment',
      point_id: points.open,
      text: 'x',
    }));
    for (const mutation of again)
      expect(await send(who, [mutation])).toMatchObject([{ status: 'rejected', code: 'payload_mismatch' }]);
    expectNothingHeard();
    expect(await state()).toEqual(before);
  });
});
