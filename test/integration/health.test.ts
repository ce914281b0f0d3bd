import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalServer } from '../../supabase/local/server.ts';
import { deleteFolder, startServer, temporaryFolder } from '../support/local-server.ts';
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts';

describe.skipIf((await findPostgres()) === undefined)('healthz on PostgreSQL', () => {
  let cluster: PostgresCluster;
  let server: LocalServer;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    cluster = await startPostgres();
    server = await startServer(folder, { databaseUrl: await cluster.createDatabase('health') });
  }, 300_000);
  afterAll(async () => {
    await server.close();
    await cluster.stop();
    await deleteFolder(folder);
  });

  async function health(): Promise<Record<string, unknown>> {
    const response = await fetch(`${server.url}/healthz`);
    expect(response.status).toBe(200);
    return (await response.json()) as Record<string, unknown>;
  }

  test('says what the contract says, and no more', async () => {
    expect(await health()).toEqual({
      status: 'ok',
      contract: 1,
      database: 'postgres',
      postgis: expect.stringMatching(/^3\.\d+/),
      migrations: expect.any(Number),
      horizon_age_s: 0,
      pending_jobs: 0,
    });
  });

  test('the horizon ages while somebody else writes, in another database too', async () => {
    const other = postgres(cluster.superuserUrl, { max: 1 });
    const open = await other.reserve();
    await open`begin`;
    await open`select pg_current_xact_id()`;
    // Something that others will not read before it has ended.
    await server.sql('update app.settings set demo = demo');
    await health();
    await wait(1_100);
    expect((await health())['horizon_age_s']).toBeGreaterThanOrEqual(1);
    await open`commit`;
    open.release();
    expect((await health())['horizon_age_s']).toBe(0);
    await other.end();
  });
});
