begin;
set local search_path = public, extensions;
select plan(13);

create temp table actor as select tests.user('a@test') as author;
create temp table thing as select gen_random_uuid() as id, gen_random_uuid() as other;
create temp table sent as select
  tests.mutation('create', id, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(), 'attributes.name', 'Lavoir'))) as first,
  tests.mutation('create', other, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom()))) as second
from thing;
create temp table life as select private.current_epoch() as epoch;
grant select on actor, thing, sent, life to public;

create function tests.push_for(epoch jsonb) returns jsonb language sql as $$
  select public.sync_push(jsonb_build_object('device_id', 'd', 'client', '{"name": "t", "version": "1.0.0"}'::jsonb, 'epoch', epoch,
    'mutations', jsonb_build_array(first, second))) from sent;
$$;
grant execute on function tests.push_for(jsonb) to authenticated;

-- Meant for another life of the server: nothing of it is done.
select tests.as_user(author) from actor;
create temp table answer as select tests.push_for('"another"') as a;
select is(a ->> 'epoch', epoch, 'the answer names the present epoch') from answer, life;
select is(a ->> 'user_id', author::text, 'and whom it is for') from answer, actor;
select is(a -> 'results', jsonb_build_array(
    jsonb_build_object('mutation_id', first -> 'mutation_id', 'status', 'retry', 'code', 'epoch_changed'),
    jsonb_build_object('mutation_id', second -> 'mutation_id', 'status', 'retry', 'code', 'epoch_changed')),
  'every mutation is to be sent again, in order') from answer, sent;
select ok(a ? 'server_time', 'the server tells its time all the same') from answer;
select is(public.sync_push('{"epoch": "another", "mutations": []}') -> 'results', '[]', 'nothing sent, nothing refused');
select is(tests.push_for('""') #>> '{results,0,code}', 'epoch_changed', 'an empty epoch is no life of this server');
select tests.as_owner();
select is((select count(*)::int from app.points, thing where points.id in (thing.id, other)), 0, 'no point was made');
select is((select count(*)::int from app.receipts), 0, 'no receipt was kept');

-- The same ones, for this life or for any.
select tests.as_user(author) from actor;
select is(tests.said(tests.push_for(to_jsonb(epoch)) -> 'results'), 'applied, applied', 'for this life they are applied') from life;
select is(tests.said(tests.push_for('null') -> 'results'), 'applied, applied', 'null is a client that knows no epoch');
select is(tests.said(public.sync_push(jsonb_build_object('mutations', jsonb_build_array(first))) -> 'results'), 'applied',
  'a client that sends none goes on as before') from sent;
select throws_ok('select tests.push_for(''3'')', 'PT400', 'invalid_argument', 'an epoch is a text');
select tests.as_owner();
select is((select count(*)::int from app.receipts), 2, 'the epoch is no part of what a receipt remembers');
select * from finish();
rollback;
