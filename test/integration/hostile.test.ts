import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { makeContributor, makeModerator, PASSWORD } from '../support/accounts.ts';
import { bodies, calls, mutations, serviceCalls, values } from '../support/hostile.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { createMutation, newMutationId, newPointId, outsideClient } from '../support/outside-client.ts';
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts';

interface Answer {
  readonly status: number;
  readonly body: { code?: string; message?: string; results?: { status: string; code?: string }[] };
}

/** One of each type, for the many fields of mutations. */
const oddities = values.filter((_value, index) => index % 3 === 0);

/** Calls that make no sense: each is refused with a code of the contract, none breaks anything. */
describe('hostile input', { timeout: 300_000 }, () => {
  let server: LocalServer;
  let cluster: PostgresCluster | undefined;
  let folder: string;
  let volunteer: string;
  let moderator: string;
  let pointId: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    if ((await findPostgres()) !== undefined) cluster = await startPostgres();
    const databaseUrl = await cluster?.createDatabase('hostile');
    server = await startServer(folder, databaseUrl === undefined ? {} : { databaseUrl });
    const author = await makeContributor(server, 'hostile@exemple.fr');
    const client = await outsideClient(server.url, server.publishableKey, author.email, PASSWORD);
    const create = createMutation();
    pointId = create.point_id;
    await client.push(create);
    volunteer = await tokenOf(author.email);
    moderator = await tokenOf((await makeModerator(server, 'moderation@exemple.fr')).email);
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster?.stop();
    await deleteFolder(folder);
  });

  async function tokenOf(email: string): Promise<string> {
    const response = await send(
      '/auth/v1/token?grant_type=password',
      JSON.stringify({ email, password: PASSWORD }),
    );
    return ((await response.json()) as { access_token: string }).access_token;
  }

  function send(path: string, body: string | null, token?: string): Promise<Response> {
    return fetch(`${server.url}${path}`, {
      method: body === null ? 'GET' : 'POST',
      headers: {
        apikey: server.publishableKey,
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
    });
  }

  async function call(name: string, body: string, token?: string): Promise<Answer> {
    const response = await send(`/rest/v1/rpc/${name}`, body, token);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  /** What the contract allows: an answer, or `PT4xx` with a stable code. */
  function isSound({ status, body }: Answer): boolean {
    if (status === 200) return true;
    return (
      body.code === `PT${status}` && /^4\d\d$/.test(String(status)) && /^[a-z_]+$/.test(body.message ?? '')
    );
  }

  test.each(['me', 'sync_push', 'points_search'])('%s refuses what is no call', async (name) => {
    for (const [what, body] of bodies) {
      const answer = await call(name, body, volunteer);
      expect([what, answer.body.code]).toEqual([what, what === 'two megabytes' ? 'PT413' : 'PT400']);
    }
  });

  test.each(Object.keys(calls))('%s refuses what it cannot read', async (name) => {
    const { base = {}, keys } = calls[name] ?? { keys: [] };
    for (const key of keys) {
      for (const value of values) {
        const answer = await call(name, JSON.stringify({ p: { ...base, [key]: value } }), volunteer);
        if (!isSound(answer)) expect.soft([key, value, answer]).toEqual('PT4xx');
      }
    }
  });

  test.each(Object.keys(mutations))(
    'a mutation %s that makes no sense is refused by itself',
    async (kind) => {
      const fields = mutations[kind] ?? {};
      const token = kind === 'decide' ? moderator : volunteer;
      for (const key of ['v', 'kind', 'captured_at', 'point_id', ...Object.keys(fields)]) {
        const batch = oddities.map((value) => ({
          mutation_id: newMutationId(),
          v: 1,
          kind,
          point_id: kind === 'create' ? newPointId() : pointId,
          captured_at: '2026-05-02T10:00:00Z',
          ...fields,
          [key]: value,
        }));
        for (const mutation of batch) {
          const answer = await call(
            'sync_push',
            JSON.stringify({
              p: { device_id: 'd', client: { name: 'x', version: '1' }, mutations: [mutation] },
            }),
            token,
          );
          const [result] = answer.body.results ?? [];
          // `retry` would be an error of ours: a phone would send it for ever.
          if (!isSound(answer) || result?.status === 'retry')
            expect.soft([key, mutation, answer]).toEqual('a result');
        }
      }
    },
  );

  test('tiles that are none', async () => {
    for (const value of [
      '',
      'x',
      '-1',
      '1.5',
      '1e3',
      '99',
      '99999999999',
      '[]',
      '%00',
      '\0',
      'é'.repeat(500),
    ]) {
      for (const key of ['z', 'x', 'y']) {
        const tile = new URLSearchParams({ z: '3', x: '1', y: '1', [key]: value });
        const response = await send(`/rest/v1/rpc/map_tile?${tile}`, null);
        const body = (await response.json()) as Answer['body'];
        if (response.status !== 200) expect([value, body]).toMatchObject([value, { code: 'PT400' }]);
        if (value !== '99') expect([value, response.status]).toEqual([value, 400]);
      }
    }
    for (const key of ['themes', 'concept']) {
      const tile = new URLSearchParams({ z: '3', x: '1', y: '1', [key]: "x' or true --" });
      expect((await send(`/rest/v1/rpc/map_tile?${tile}`, null)).status).toBeLessThan(500);
    }
  });

  test('calls of the service and rooms behind the API are for nobody', async () => {
    for (const token of [undefined, volunteer, moderator]) {
      for (const name of serviceCalls)
        expect((await call(name, '{}', token)).status).toBeGreaterThanOrEqual(401);
      for (const path of [
        'points',
        'spatial_ref_sys',
        'users',
        'objects',
        'rpc/read_me',
        'rpc/private.read_me',
        'rpc/sweep',
      ]) {
        expect([path, (await send(`/rest/v1/${path}`, null, token)).status]).toEqual([path, 404]);
      }
      for (const schema of ['app', 'private', 'auth', 'storage', 'extensions']) {
        for (const method of ['GET', 'POST']) {
          const response = await fetch(
            `${server.url}/rest/v1/${method === 'GET' ? 'points' : 'rpc/sync_pull'}`,
            {
              method,
              headers: {
                apikey: server.publishableKey,
                'content-type': 'application/json',
                'accept-profile': schema,
                'content-profile': schema,
                ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
              },
              body: method === 'GET' ? null : '{}',
            },
          );
          expect([schema, response.status]).toEqual([schema, 406]);
        }
      }
    }
  });

  test('tokens that are forged, empty or of another maker open nothing', async () => {
    const [head, claims] = volunteer.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    const service = Buffer.from(JSON.stringify({ role: 'service_role', exp: 4_000_000_000 })).toString(
      'base64url',
    );
    const forged = [
      `${head}.${claims}.`,
      `${none}.${claims}.`,
      `${none}.${service}.`,
      `${head}.${service}.${volunteer.split('.')[2]}`,
      'x',
      'x.y.z',
      server.publishableKey,
    ];
    for (const token of forged) {
      for (const name of ['me', 'worker_take']) {
        const answer = await call(name, '{}', token);
        expect([token.slice(-20), answer.status]).not.toEqual([token.slice(-20), 200]);
        expect(answer.status).toBeLessThan(500);
      }
      expect((await send('/functions/v1/worker', '{}', token)).status).toBe(403);
      expect((await send('/functions/v1/photo_commit', '{}', token)).status).toBe(401);
    }
  });

  test('photo_commit refuses what it cannot read', async () => {
    const userId = ((await (await send('/rest/v1/rpc/me', '{}', volunteer)).json()) as { user_id: string })
      .user_id;
    const photoId = newPointId();
    const sound = {
      photo_id: photoId,
      point_id: pointId,
      path: `${userId}/${pointId}/${photoId}-0123456789abcdef.jpg`,
      sha256: '0'.repeat(64),
      size: 100,
      width: 1,
      height: 1,
      licence: 'CC-BY-SA-4.0',
    };
    const commit = async (over: unknown): Promise<[number, unknown]> => {
      const response = await send(
        '/functions/v1/photo_commit',
        typeof over === 'string' ? over : JSON.stringify({ ...sound, ...(over as object) }),
        volunteer,
      );
      return [response.status, await response.json()];
    };
    expect(await commit({})).toEqual([200, { status: 'missing' }]);
    for (const key of [...Object.keys(sound), 'taken_at', 'caption', 'position']) {
      for (const value of [...values, 'a\0b', '\ud800']) {
        const [status, body] = await commit({ [key]: value });
        const isRefused = status === 400 && (body as Answer['body']).code === 'PT400';
        if (!isRefused && status !== 200) expect.soft([key, value, status, body]).toEqual('an answer');
      }
    }
    for (const path of [
      `${userId}/../${photoId}`,
      `../published/x.jpg`,
      sound.path.replace(userId, newPointId()),
      `${sound.path}/../../x.jpg`,
      `${sound.path}?x`,
    ]) {
      expect(await commit({ path })).toEqual([200, { status: 'rejected', code: 'not_allowed' }]);
    }
    for (const [, body] of bodies) expect((await commit(body))[0]).toBeGreaterThanOrEqual(400);
    for (const [, body] of bodies) expect((await commit(body))[0]).toBeLessThan(500);
  });
});
