begin;
set local search_path = public, extensions;
select plan(9);

select is_empty($$
  select c.oid::regclass from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('app', 'private', 'public') and c.relkind in ('r', 'p') and not c.relrowsecurity
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
$$, 'every table has row level security');

select is_empty($$
  select k.conrelid::regclass, k.conname from pg_constraint as k join pg_namespace as n on n.oid = k.connamespace
  where n.nspname in ('app', 'private', 'public') and k.contype = 'f'
    and not exists (
      select from pg_index as i
      where i.indrelid = k.conrelid and i.indpred is null
        and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
        and k.conkey @> (i.indkey::int2[])[0:cardinality(k.conkey) - 1])
$$, 'every foreign key has an index');

select is_empty($$
  select f.oid::regprocedure from pg_proc as f join pg_namespace as n on n.oid = f.pronamespace
  where n.nspname in ('app', 'private', 'public')
    and not exists (select from unnest(f.proconfig) as setting where setting like 'search_path=%')
    and not exists (select from pg_depend as d where d.objid = f.oid and d.deptype = 'e')
$$, 'every function says its search_path');

select is_empty($$
  select f.oid::regprocedure from pg_proc as f join pg_namespace as n on n.oid = f.pronamespace
  where n.nspname in ('app', 'private', 'public') and obj_description(f.oid, 'pg_proc') is null
    and not exists (select from pg_depend as d where d.objid = f.oid and d.deptype = 'e')
$$, 'every function is commented');

select is_empty($$
  select c.oid::regclass from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('app', 'private', 'public') and c.relkind in ('r', 'v', 'm') and obj_description(c.oid, 'pg_class') is null
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
$$, 'every table and view is commented');

select is_empty($$
  select p.polname, p.polrelid::regclass from pg_policy as p join pg_class as c on c.oid = p.polrelid join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('app', 'private', 'public') and obj_description(p.oid, 'pg_policy') is null
$$, 'every policy is commented');

select is_empty($$
  select f.oid::regprocedure from pg_proc as f join pg_namespace as n on n.oid = f.pronamespace
  where n.nspname in ('app', 'public') and f.prosecdef
    and not exists (select from pg_depend as d where d.objid = f.oid and d.deptype = 'e')
$$, 'security definer lives in schema private only');

select is_empty($$
  select c.oid::regclass, role from pg_class as c join pg_namespace as n on n.oid = c.relnamespace,
    unnest(array['anon', 'authenticated']) as role, unnest(array['insert', 'update', 'delete', 'truncate']) as verb
  where n.nspname in ('app', 'private', 'public') and c.relkind in ('r', 'v')
    and has_table_privilege(role, c.oid, verb)
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
$$, 'nobody writes to a table but through an RPC');

select is_empty($$
  select n.nspname from pg_namespace as n, unnest(array['anon', 'authenticated']) as role
  where n.nspname in ('app', 'private', 'public', 'extensions') and has_schema_privilege(role, n.oid, 'create')
$$, 'nobody creates anything in the schemas of the project');

select * from finish();
rollback;
