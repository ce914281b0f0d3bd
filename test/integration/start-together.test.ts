import { afterAll, beforeAll, expect, test } from 'vitest';

import { openPostgres } from '../../supabase/local/postgres.ts';
import { prepareDatabase } from '../../supabase/local/prepare.ts';
import { type PostgresCluster, startPostgres } from '../support/postgres.ts';

let cluster: PostgresCluster;

beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

test('servers that start together on one database all start', async () => {
  const url = await cluster.createDatabase('together');
  const first = await openPostgres(url);
  await prepareDatabase(first);
  const databases = await Promise.all(Array.from({ length: 6 }, () => openPostgres(url)));
  for (let time = 0; time < 20; time += 1) await Promise.all(databases.map(prepareDatabase));
  await Promise.all([first, ...databases].map((database) => database.close()));
  expect(databases).toHaveLength(6);
});
