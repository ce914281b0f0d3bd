-- Deny by default: no table is reachable but through an RPC, and each RPC says who it is for.
begin;
set local search_path = public, extensions;
select plan(17);

select is_empty($$
  select relname from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') and not relrowsecurity$$,
  'every table of app has row level security');
select is_empty($$
  select policyname from pg_policies where schemaname in ('app', 'private')$$,
  'no policy opens a table of app: RPCs are the only door');
select is_empty($$
  select table_name, grantee, privilege_type from information_schema.role_table_grants
  where table_schema in ('app', 'private') and grantee in ('anon', 'authenticated', 'PUBLIC')$$,
  'no API role holds a privilege on a table of app');
select is_empty($$
  select relname from pg_class, unnest(array['anon', 'authenticated']) as role
  where relnamespace = 'app'::regnamespace and relkind = 'S' and has_sequence_privilege(role, pg_class.oid, 'usage')$$,
  'no API role may draw from a sequence of app');
select ok(not has_schema_privilege('anon', 'app', 'usage') and not has_schema_privilege('authenticated', 'app', 'usage'),
  'schema app is closed to the API roles');

select is_empty($$
  select p.oid::regprocedure from pg_proc as p
  where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace)
    and not exists (select from unnest(p.proconfig) as c where c like 'search_path=%')$$,
  'every function fixes its search_path');
select is_empty($$
  select p.oid::regprocedure from pg_proc as p where p.pronamespace = 'public'::regnamespace and p.prosecdef$$,
  'nothing in public is security definer');
select is_empty($$
  select p.oid::regprocedure from pg_proc as p
  where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace) and obj_description(p.oid, 'pg_proc') is null$$,
  'every function says what it does');
select is_empty($$
  select c.relname from pg_class as c
  where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and obj_description(c.oid, 'pg_class') is null$$,
  'every table says what it holds');
select is_empty($$
  select c.conrelid::regclass, c.conname from pg_constraint as c
  where c.contype = 'f' and c.connamespace = 'app'::regnamespace
    and not exists (
      select from pg_index as i
      where i.indrelid = c.conrelid and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)$$,
  'every foreign key has an index');

select set_eq($$
  select p.proname::text from pg_proc as p
  where p.pronamespace = 'public'::regnamespace and p.proname in (
    'sync_pull', 'sync_snapshot', 'sync_digest', 'sync_ids', 'sync_receipts',
    'moderation_queue', 'moderation_candidates', 'point_history')
    and p.provolatile = 's' and has_function_privilege('anon', p.oid, 'execute')
    and has_function_privilege('authenticated', p.oid, 'execute')$$,
  array['sync_pull', 'sync_snapshot', 'sync_digest', 'sync_ids', 'sync_receipts',
    'moderation_queue', 'moderation_candidates', 'point_history'],
  'the reading RPCs are stable, and callable without account so that they answer PT401 and not 42501');
select volatility_is('public', 'moderation_lease', array['jsonb'], 'volatile', 'a lease writes');

select tests.as_anon();
select is_empty($$
  select name from unnest(array['sync_pull', 'sync_snapshot', 'sync_digest', 'sync_ids', 'sync_receipts',
    'moderation_queue', 'moderation_candidates', 'moderation_lease', 'point_history']) as name
  where not exists (select from pg_proc where proname = name and pronamespace = 'public'::regnamespace)$$,
  'each of them exists');
select throws_ok($$select public.sync_pull('{"buckets": []}')$$, 'PT401', 'auth_required', 'a pull without account is refused, never empty');
select throws_ok($$select public.sync_receipts('{"mutation_ids": []}')$$, 'PT401', 'auth_required', 'so are receipts');
select throws_ok($$select public.moderation_queue()$$, 'PT401', 'auth_required', 'so is the queue');
select throws_ok($$select * from app.points$$, '42501', null, 'a table cannot be read directly');

select * from finish();
rollback;
