import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Database } from '../database.ts';

/** Files told to the database at once. */
const filesPerStatement = 1000;

/**
 * Makes Storage know the photo files that stand in its folder and that a database put back from a
 * backup has forgotten: a phone frees its bytes once a photo is stored, so when it declares that
 * photo again these files are all there is of it. Returns how many were unknown.
 */
export async function registerFiles(database: Database, storageDir: string): Promise<number> {
  let registered = 0;
  let names: string[] = [];
  const tell = async () => {
    const rows = await database.query(registration, [JSON.stringify(names)]);
    registered += rows.length;
    names = [];
  };
  // A file that was being written when the server stopped ends otherwise.
  for await (const file of glob('**/*.jpg', { cwd: join(storageDir, 'photos') })) {
    names.push(file.split(sep).join('/'));
    if (names.length === filesPerStatement) await tell();
  }
  if (names.length > 0) await tell();
  return registered;
}

// The first folder is who took the photo. Public copies are made anew when they are wanted.
const registration = `
  insert into storage.objects (bucket_id, name, owner, owner_id, version)
  select 'photos', name, owner.id, owner.id::text, gen_random_uuid()::text
  from jsonb_array_elements_text($1::text::jsonb) as name
  left join auth.users as owner on owner.id::text = split_part(name, '/', 1)
  on conflict (bucket_id, name) do nothing
  returning name`;
