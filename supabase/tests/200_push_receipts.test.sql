begin;
set local search_path = public, extensions;
select plan(27);

create temp table actor as select
  tests.user('a@test') as author, tests.user('b@test') as other, tests.user('u@test', is_verified => false) as unverified,
  tests.user('c@test', has_charter => false) as uncharted;
create temp table thing as select
  gen_random_uuid() as id, gen_random_uuid() as mutation, gen_random_uuid() as second, gen_random_uuid() as third;
create temp table sent as select
  tests.mutation('create', thing.id, jsonb_build_object('theme', 'heritage',
    'patch', jsonb_build_object('geom', tests.geom(), 'concept', 'lavoir', 'attributes.name', 'Lavoir')), mutation) as first
from thing;
grant select on actor, thing, sent to public;

-- The call as a whole.
select tests.as_anon();
select throws_ok($$select public.sync_push('{"mutations": []}')$$, 'PT401', 'auth_required', 'no push without account');
select tests.as_user(author) from actor;
select throws_ok($$select public.sync_push('{}')$$, 'PT400', 'invalid_argument', 'mutations are expected');
select throws_ok($$select public.sync_push('{"mutations": [1]}')$$, 'PT400', 'invalid_argument', 'a mutation is an object');
select throws_ok($$select public.sync_push('[]')$$, 'PT400', 'invalid_argument', 'a list is no push');
select throws_ok($$select public.sync_push(jsonb_build_object('mutations', (select jsonb_agg('{}'::jsonb) from generate_series(1, 51))))$$,
  'PT413', 'too_large', 'at most 50 mutations');
select throws_ok($$select public.sync_push(jsonb_build_object('mutations', jsonb_build_array(jsonb_build_object('text', repeat('a', 263000)))))$$,
  'PT413', 'too_large', 'at most 256 KB');
select is(public.sync_push('{"mutations": []}') ->> 'user_id', author::text, 'the answer names whom it is for') from actor;
select isnt(public.sync_push('{"mutations": []}') ->> 'epoch', null, 'the answer names the epoch');
select tests.as_owner();

-- Who may not contribute yet: nothing is stored, so the same mutation is taken later.
select is(tests.said(tests.push(uncharted, first)), 'rejected charter_required', 'the charter comes first') from actor, sent;
select is(tests.said(tests.push(unverified, first)), 'rejected not_allowed', 'an e-mail is verified first') from actor, sent;
select is((select count(*)::int from app.receipts), 0, 'neither is stored');
insert into app.charter_acceptances (user_id, rev) select uncharted, private.current_charter() from actor;
select is(tests.said(tests.push(uncharted, jsonb_set(first, '{point_id}', to_jsonb(gen_random_uuid())) || jsonb_build_object('mutation_id', gen_random_uuid()))),
  'applied', 'once accepted the same goes through') from actor, sent;

-- Exactly once.
select is(tests.said(tests.push(author, first)), 'applied', 'a point is created') from actor, sent;
create temp table snapshot as select p from app.points as p, thing where p.id = thing.id;
select is(tests.push(author, first) #- '{0,point}', tests.push(author, first) #- '{0,point}', 'a replay answers the same') from actor, sent;
select is(tests.said(tests.push(author, first, first)), 'applied, applied', 'twice in one call too') from actor, sent;
select is((select p::text from app.points as p, thing where p.id = thing.id), (select p::text from snapshot), 'a replay changes no row');
select is((select count(*)::int from app.events, thing where point_id = thing.id), 1, 'nor the history');
select is(tests.push(other, first) -> 0 #- '{message}', jsonb_build_object('mutation_id', mutation, 'status', 'rejected', 'code', 'payload_mismatch'),
  'somebody else''s mutation is told nothing') from actor, sent, thing;
select is(tests.said(tests.push(author, jsonb_set(first, '{patch,attributes.name}', '"Autre"'))), 'rejected payload_mismatch',
  'another payload is refused') from actor, sent;
select is(tests.attributes(id) ->> 'name', 'Lavoir', 'and not applied') from thing;

-- A poison delays no other point; what follows on its own point waits.
select is(tests.said(tests.push(author,
    tests.mutation('create', second, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', '{"lon": 2}'::jsonb))),
    tests.mutation('edit', second, '{"base_rev": 1, "base": {}, "patch": {"attributes.name": "x"}}'),
    tests.mutation('create', third, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom()))))),
  'rejected invalid_geometry, retry blocked, applied', 'one bad mutation delays no other point') from actor, thing;
select is((select count(*)::int from app.receipts, thing where point_id = second), 1, 'the refusal is stored, what waits is not');
select is(tests.said(tests.push(author, '{"mutation_id": "x", "kind": "create"}', tests.mutation('dance', id), tests.mutation('edit', id, '{"v": 2}'),
  tests.mutation('photo_update', id))),
  'rejected invalid_patch, rejected client_too_old, rejected client_too_old, rejected client_too_old', 'what is not understood is refused one by one') from actor, thing;
select is(tests.said(tests.push(author, tests.mutation('create', gen_random_uuid(), '{"theme": "nope", "patch": {}}'),
  tests.mutation('edit', gen_random_uuid(), '{"base_rev": 1, "base": {}, "patch": {}}'))),
  'rejected unknown_theme, rejected unknown_point', 'unknown theme, unknown point') from actor;
select is((select count(*)::int from app.receipts where code in ('unknown_theme', 'unknown_point', 'client_too_old')), 0, 'not stored');

-- An error of the server is `retry`, and leaves nothing.
create function pg_temp.fails() returns trigger language plpgsql as $$ begin raise exception 'broken'; end; $$;
create trigger broken before insert on app.events for each row execute function pg_temp.fails();
select is(tests.said(tests.push(author, tests.mutation('comment', id, '{"text": "bonjour"}'), tests.mutation('comment', second, '{"text": "x"}'))),
  'retry busy, rejected unknown_point', 'an error of the server is to be sent again') from actor, thing;
drop trigger broken on app.events;

update app.settings set min_client_version = '1.2.0';
select is(tests.said(tests.push(author, tests.mutation('comment', id, '{"text": "bonjour"}'))), 'rejected client_too_old',
  'the instance may ask for a later client') from actor, thing;
select * from finish();
rollback;
