import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openReal } from './pgtap.ts';
import { findPostgres } from './postgres.ts';

/** The committed picture of the schema that the migrations add up to. */
export const snapshotFile = join(import.meta.dirname, '../../supabase/schema.sql');

const header = [
  '-- Written by `node test/support/schema-snapshot.ts`: what the migrations add up to, for reading.',
  '-- Nothing applies it.',
  '',
];

/**
 * The schemas of the project as pg_dump writes them, without what depends on the version of the
 * program, on the machine or on the moment. What hangs on Supabase's own tables comes at the end: triggers
 * on accounts, policies of Storage.
 */
export async function dumpSchema(url: string): Promise<string> {
  const programs = await findPostgres();
  if (programs === undefined) throw new Error('pg_dump is not installed');
  const schemas = ['app', 'private', 'public'].map((schema) => `--schema=${schema}`);
  const dump = run(join(programs, 'pg_dump'), ['--schema-only', '--no-owner', ...schemas, url]);
  const psql = (query: string) => run(join(programs, 'psql'), ['-X', '-A', '-t', '-c', query, url]);
  const lines = dump
    .split('\n')
    .filter(
      (line) =>
        !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict|COMMENT ON SCHEMA public)/.test(line),
    );
  const text = [...header, ...lines, '', psql(authTriggers), psql(storagePolicies)].join('\n');
  return `${text.replaceAll(/\n{3,}/g, '\n\n').trim()}\n`;
}

const authTriggers = `
  select pg_get_triggerdef(oid) || ';' from pg_trigger
  where tgrelid::regclass::text like 'auth.%' and not tgisinternal order by tgname`;

const storagePolicies = `
  select format(E'create policy %I on storage.objects for %s to %s%s%s;\\n', policyname, lower(cmd), array_to_string(roles, ', '),
    ' using (' || qual || ')', ' with check (' || with_check || ')')
  from pg_policies where schemaname = 'storage' order by policyname`;

function run(program: string, args: string[]): string {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  return done.stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const database = await openReal();
  try {
    if (database.url !== undefined) await writeFile(snapshotFile, await dumpSchema(database.url));
  } finally {
    await database.close();
  }
}
