import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Database, SqlRunner } from './database.ts';

const supabaseFolder = join(import.meta.dirname, '..');

/** SQL files of a folder of `supabase/`, in the order of their names. */
export async function sqlFiles(folder: 'migrations' | 'seed'): Promise<string[]> {
  const entries = await readdir(join(supabaseFolder, folder)).catch(() => []);
  return entries
    .filter((entry) => entry.endsWith('.sql'))
    .toSorted()
    .map((entry) => join(supabaseFolder, folder, entry));
}

/**
 * Applies the migrations that the database has not had yet, each with its record in one
 * transaction, then the reference data of `supabase/seed/*.sql`, which may be applied again.
 * The history is kept where Supabase's own tool keeps it.
 * @returns how many migrations were applied now
 */
export async function migrate(database: Database): Promise<number> {
  const done = new Set(
    (
      await database.query<{ version: string }>('select version from supabase_migrations.schema_migrations')
    ).map((row) => row.version),
  );
  const pending = (await sqlFiles('migrations')).filter((file) => !done.has(versionOf(file)));
  for (const file of pending) await database.transaction((transaction) => applyMigration(transaction, file));
  if (pending.length > 0 || !(await seedsAreCurrent(database))) await seed(database);
  return pending.length;
}

async function applyMigration(transaction: SqlRunner, file: string): Promise<void> {
  await runFile(transaction, file);
  await transaction.query(
    'insert into supabase_migrations.schema_migrations (version, name) values ($1, $2)',
    [versionOf(file), basename(file, '.sql').slice(versionOf(file).length + 1)],
  );
}

async function runFile(transaction: SqlRunner, file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await transaction.script(text).catch((cause: unknown) => {
    throw new Error(`${basename(file)} : ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
}

async function seed(database: Database): Promise<void> {
  const files = await sqlFiles('seed');
  await database.transaction(async (transaction) => {
    for (const file of files) await runFile(transaction, file);
    await transaction.query(`delete from supabase_migrations.schema_migrations where version like 'seed:%'`);
    await transaction.query(
      'insert into supabase_migrations.schema_migrations (version, name) values ($1, $2)',
      [await seedVersion(files), 'reference data'],
    );
  });
}

async function seedsAreCurrent(database: Database): Promise<boolean> {
  const version = await seedVersion(await sqlFiles('seed'));
  const rows = await database.query(
    'select 1 from supabase_migrations.schema_migrations where version = $1',
    [version],
  );
  return rows.length > 0;
}

async function seedVersion(files: string[]): Promise<string> {
  return `seed:${await hashFiles(files)}`;
}

/** SHA-256 of the names and contents of files, in hexadecimal. */
export async function hashFiles(files: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) hash.update(basename(file)).update(await readFile(file));
  return hash.digest('hex');
}

function versionOf(file: string): string {
  return basename(file).slice(0, 14);
}
