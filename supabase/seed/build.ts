import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = import.meta.dirname;

/** File that `build.ts` writes: the reference data as SQL, applied after the migrations. */
export const referenceFile = join(folder, 'reference.sql');

/**
 * The SQL of the reference data: one call of a `private.put_…` function per JSON file of this
 * folder. Concept schemes go before the themes that name them, groups before both.
 */
export async function buildReference(): Promise<string> {
  const calls = [
    await callFor('put_groups', 'groups.json'),
    await callFor('put_charter', 'charter.json'),
    ...(await callsFor('put_concept_scheme', 'thesaurus')),
    ...(await callsFor('put_theme', 'themes')),
  ];
  return [
    '-- Written by `node supabase/seed/build.ts` from the JSON files beside it: change those.',
    ...calls,
    '',
  ].join('\n');
}

async function callsFor(procedure: string, subfolder: string): Promise<string[]> {
  const files = (await readdir(join(folder, subfolder))).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(files.map((file) => callFor(procedure, join(subfolder, file))));
}

async function callFor(procedure: string, file: string): Promise<string> {
  const content: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
  return `select private.${procedure}($json$${JSON.stringify(content)}$json$::jsonb);`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(referenceFile, await buildReference());
}
