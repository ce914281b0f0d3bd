import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeContributor, PASSWORD } from '../support/accounts.ts';
import { deleteFolder, temporaryFolder } from '../support/local-server.ts';
import { findPostgres, type PostgresCluster, startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const STOPS = 2;
/** Calls under way at once: more than the server keeps connections for. */
const CALLERS = 16;

describe.skipIf((await findPostgres()) === undefined)('PostgreSQL stops and starts again', () => {
  let cluster: PostgresCluster;
  let dataDir: string;
  let server: ServerProcess;
  let bearer: string;

  beforeAll(async () => {
    cluster = await startPostgres();
    dataDir = await temporaryFolder();
    server = await startServerProcess(dataDir, await cluster.createDatabase('restart'));
    const { email } = await makeContributor(server, 'voisin@capitelle.test');
    const answer = await post('/auth/v1/token?grant_type=password', { email, password: PASSWORD });
    bearer = ((await answer.json()) as { access_token: string }).access_token;
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster.stop();
    await deleteFolder(dataDir);
  });

  function post(path: string, body: unknown): Promise<Response> {
    const headers = { apikey: server.publishableKey, 'content-type': 'application/json' };
    return fetch(server.url + path, {
      method: 'POST',
      headers: bearer ? { ...headers, authorization: `Bearer ${bearer}` } : headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
  }

  const pull = () => post('/rest/v1/rpc/sync_pull', { p: { buckets: [{ id: 'u:me' }, { id: 't' }] } });
  const health = async () =>
    (await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(20_000) })).status;

  it('answers again by itself, and says meanwhile that it cannot', { timeout: 300_000 }, async () => {
    for (let stop = 0; stop < STOPS; stop++) {
      let isOver = false;
      const seen = new Set<number>();
      const callers = Array.from({ length: CALLERS }, async () => {
        while (!isOver) seen.add((await pull()).status);
      });
      while (!seen.has(200)) await new Promise((resolve) => setTimeout(resolve, 20));
      await cluster.crash();
      expect(await health()).toBe(503);
      expect(await health()).toBe(503);
      await cluster.start();
      while ((await health()) !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
      isOver = true;
      await Promise.all(callers);
      // Calls failed as they had to: nothing was asked in vain.
      expect([...seen].some((status) => status >= 500)).toBe(true);
      const after = await Promise.all(Array.from({ length: CALLERS }, pull));
      expect(after.map((answer) => answer.status)).toEqual(after.map(() => 200));
      expect(server.isAlive()).toBe(true);
    }
  });
});
