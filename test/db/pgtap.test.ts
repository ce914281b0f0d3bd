import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failuresOf, openEmbedded, openReal, type PgtapDatabase } from '../support/pgtap.ts';
import { findPostgres } from '../support/postgres.ts';
import { documentedObjects, reachableObjects } from '../support/reachable.ts';
import { dumpSchema, snapshotFile } from '../support/schema-snapshot.ts';

const folder = join(import.meta.dirname, '../../supabase/tests');
const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted();
/** A file tries up to a few hundred cases: on a busy machine that outlasts the limit of one test. */
const fileTimeoutMs = 180_000;
const kinds = [
  { kind: 'PGlite', open: openEmbedded },
  ...((await findPostgres()) === undefined ? [] : [{ kind: 'PostgreSQL', open: openReal }]),
];

describe.each(kinds)('on $kind', ({ open }) => {
  let database: PgtapDatabase;

  beforeAll(async () => {
    database = await open();
    await database.run(await readFile(join(folder, '000_setup.sql'), 'utf8'));
  }, 300_000);
  afterAll(() => database.close());

  test.each(files.filter((file) => !file.startsWith('000_')))(
    '%s',
    async (file) => {
      const script = await readFile(join(folder, basename(file)), 'utf8');
      const lines = await database.run(script).catch(async (cause: unknown) => {
        await database.run('rollback');
        throw cause;
      });
      expect(failuresOf(lines)).toEqual([]);
    },
    fileTimeoutMs,
  );

  test('what the API roles reach is what supabase/README.md says', async () => {
    expect(await reachableObjects(database)).toEqual(await documentedObjects());
  });

  test('schema.sql is what the migrations add up to', async () => {
    // pg_dump speaks to a server: the embedded database has none, and is made of the same migrations.
    if (database.url === undefined) return;
    expect(await dumpSchema(database.url)).toBe(await readFile(snapshotFile, 'utf8'));
  });
});
