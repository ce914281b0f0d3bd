import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PgtapDatabase } from './pgtap.ts';

const readme = join(import.meta.dirname, '../../supabase/README.md');

/** Lines "object: roles" of everything outside Supabase's own schemas that an API role can reach. */
export async function reachableObjects(database: PgtapDatabase): Promise<string[]> {
  return database.run(`
    with roles as (select unnest(array['anon', 'authenticated', 'service_role']) as role),
    objects as (
      select f.proname::text as name, role from pg_proc as f join pg_namespace as n on n.oid = f.pronamespace, roles
      where n.nspname in ('app', 'public') and has_schema_privilege(role, n.oid, 'usage') and has_function_privilege(role, f.oid, 'execute')
      union all
      select n.nspname || '.' || c.relname, role from pg_class as c join pg_namespace as n on n.oid = c.relnamespace, roles
      where n.nspname in ('app', 'private', 'public') and c.relkind in ('r', 'p', 'v', 'm', 'S')
        and case when c.relkind = 'S' then has_sequence_privilege(role, c.oid, 'usage')
          else has_table_privilege(role, c.oid, 'select, insert, update, delete, truncate') end)
    select name || ': ' || string_agg(role, ', ' order by role) from objects group by name order by name collate "C"`);
}

/** The same lines as supabase/README.md tells them, in its table of calls. */
export async function documentedObjects(): Promise<string[]> {
  const rows = [...(await readFile(readme, 'utf8')).matchAll(/^\| `(\w+)` \| \d+ \| ([\w, ]+) \|/gm)];
  return rows.map(([, name, roles]) => `${name}: ${roles}`).toSorted();
}
