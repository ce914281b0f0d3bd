import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { pgtap } from '@electric-sql/pglite-pgtap';
import { postgis } from '@electric-sql/pglite-postgis';
import postgres from 'postgres';
import { migrate } from '../../supabase/local/migrate.ts';
import { copyTemplate } from '../../supabase/local/pglite-template.ts';
import { openPostgres } from '../../supabase/local/postgres.ts';
import { prepareDatabase } from '../../supabase/local/prepare.ts';
import { startPostgres } from './postgres.ts';

/** A migrated and seeded database with pgTAP, spoken to as its owner on one connection. */
export interface PgtapDatabase {
  /** Runs a script and returns the lines that its statements answered, in order. */
  run(script: string): Promise<string[]>;
  /** Address for other programs; none for the embedded database. */
  url?: string;
  close(): Promise<void>;
}

type Rows = Record<string, unknown>[];

/** Opens the embedded database. */
export async function openEmbedded(): Promise<PgtapDatabase> {
  const parent = await mkdtemp(join(tmpdir(), 'capitelle-pgtap-'));
  const folder = join(parent, 'database');
  await copyTemplate(folder);
  const database = await PGlite.create(folder, { extensions: { postgis, pg_trgm, unaccent, pgtap } });
  await database.exec('create extension if not exists pgtap with schema extensions');
  return {
    run: async (script) => (await database.exec(script)).flatMap((result) => linesOf(result.rows as Rows)),
    async close() {
      await database.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** Opens a database of a throw-away PostgreSQL, migrated by `deployer`, who is no superuser. */
export async function openReal(): Promise<PgtapDatabase> {
  const cluster = await startPostgres();
  const url = await cluster.createDatabase('pgtap');
  const superuser = postgres(cluster.superuserUrl.replace(/postgres$/, 'pgtap'), { max: 1 });
  await superuser`create extension pgtap with schema extensions`;
  await superuser.end();
  const database = await openPostgres(url);
  await prepareDatabase(database);
  await migrate(database);
  await database.close();
  // One connection: a script holds its own begin and rollback.
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  return {
    url,
    async run(script) {
      const answers = await client.unsafe(script).simple();
      const results = (Array.isArray(answers[0]) ? answers : [answers]) as unknown as Rows[];
      return results.flatMap((rows) => linesOf(rows));
    },
    async close() {
      await client.end();
      await cluster.stop();
    },
  };
}

/** What a pgTAP script failed to show: its `not ok` lines with what explains them, or a wrong count. */
export function failuresOf(lines: string[]): string[] {
  const plan = lines.map((line) => /^1\.\.(\d+)/.exec(line)?.[1]).find((count) => count !== undefined);
  const ran = lines.filter((line) => /^(not )?ok \d/.test(line)).length;
  const failed = lines.filter((line) => line.startsWith('not ok') || line.startsWith('#'));
  if (plan === undefined) return ['no plan'];
  if (Number(plan) !== ran) return [...failed, `planned ${plan}, ran ${ran}`];
  return lines.some((line) => line.startsWith('not ok')) ? failed : [];
}

function linesOf(rows: Rows): string[] {
  return rows
    .flatMap((row) => Object.values(row))
    .filter((value) => typeof value === 'string')
    .flatMap((value) => value.split('\n'));
}
