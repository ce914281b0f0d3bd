begin;
set local search_path = public, extensions;
select plan(32);
create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('m@test') as moderator,
  tests.user('c@test', has_charter => false) as uncharted;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select tests.point('heritage', 2.1, 43.6, 'submitted', null, author) as mine,
  tests.point('heritage', 2.1, 43.6, 'published', null, author) as public, tests.point('heritage', 2.1, 43.6, 'archived', null, author) as old
from actor;
grant select on actor, thing to public;
create function pg_temp.record(who uuid, point uuid, photo uuid default gen_random_uuid(), fields jsonb default '{}') returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_service();
  answer := public.photo_record(jsonb_build_object('user_id', who, 'photo_id', photo, 'point_id', point,
    'path', who || '/' || point || '/' || photo || '-aaaaaaaaaaaaaaaa.jpg', 'thumb_path', who || '/' || point || '/' || photo || '-aaaaaaaaaaaaaaaa-t.jpg',
    'sha256', repeat('a', 64), 'size', 1000, 'width', 800, 'height', 600, 'licence', 'CC-BY-SA-4.0', 'taken_at', '2026-05-02T10:00:00Z') || fields);
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.work(name text, p jsonb default '{}') returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_service();
  execute format('select public.%I($1)', name) into answer using p;
  perform tests.as_owner();
  return answer;
end; $$;

-- Only the service records photos and runs jobs.
select tests.as_user(author) from actor;
select throws_ok(format('select public.%I(%L)', name, '{}'), '42501', null, name || ' is not for people')
from unnest(array['photo_record', 'worker_take', 'worker_done']) as name;
select tests.as_anon();
select throws_ok(format('select public.%I(%L)', name, '{}'), '42501', null, name || ' is not for the public')
from unnest(array['photo_record', 'worker_take', 'worker_done']) as name;
select tests.as_service();
select throws_ok($$select public.photo_record('{"user_id": "x"}')$$, 'PT400', 'invalid_argument', 'a photo says what it is');
select tests.as_owner();

select is(pg_temp.record(author, mine, '0190aaaa-0000-7000-8000-000000000001'), '{"status": "stored"}', 'a photo of one''s own point') from actor, thing;
create temp table once as select p.v, (select count(*) from app.events) as events from app.points as p, thing where p.id = mine;
select is(pg_temp.record(author, mine, '0190aaaa-0000-7000-8000-000000000001'), '{"status": "stored"}', 'twice') from actor, thing;
select is((select p.v || ' ' || (select count(*) from app.events) from app.points as p, thing where p.id = mine), (select v || ' ' || events from once), 'is once');
select is(pg_temp.record(author, mine, '0190aaaa-0000-7000-8000-000000000001', jsonb_build_object('sha256', repeat('b', 64))), '{"status": "rejected", "code": "not_allowed"}',
  'another content under the same id') from actor, thing;
select is(pg_temp.record(other, mine), '{"status": "rejected", "code": "unknown_point"}', 'a point that one may not see') from actor, thing;
select is(pg_temp.record(other, public, '0190aaaa-0000-7000-8000-000000000002'), '{"status": "stored"}', 'a photo of somebody''s published point') from actor, thing;
select is(pg_temp.record(other, old), '{"status": "rejected", "code": "not_allowed"}', 'not of an archived one') from actor, thing;
select is(pg_temp.record(uncharted, public), '{"status": "rejected", "code": "charter_required"}', 'the charter comes first') from actor, thing;
select is(pg_temp.record(other, public, fields => '{"path": "elsewhere/x.jpg"}'), '{"status": "rejected", "code": "not_allowed"}', 'a path of one''s own') from actor, thing;
select is((select array_agg(pg_temp.record(author, mine) ->> 'code') from actor, thing, generate_series(1, 10)),
  array[null, null, null, null, null, null, null, null, null, 'too_many'], 'no more than the theme takes');
-- They arrive as the network lets them: the later one first, here.
create temp table ordered as select tests.point('heritage', 2.1, 43.6, 'submitted', null, author) as id from actor;
select pg_temp.record(author, id, photo, jsonb_strip_nulls(jsonb_build_object('rank', rank))) from actor, ordered,
  (values (1, '0190aaaa-0000-7000-8000-00000000000c'::uuid, null), (2, '0190aaaa-0000-7000-8000-00000000000b', 1), (3, '0190aaaa-0000-7000-8000-00000000000d', 0)) as arrival (turn, photo, rank)
order by turn;
select is((select jsonb_path_query_array(private.point_json(p, actor.author), '$.photos[*].id') from app.points as p, ordered, actor where p.id = ordered.id),
  '["0190aaaa-0000-7000-8000-00000000000d", "0190aaaa-0000-7000-8000-00000000000b", "0190aaaa-0000-7000-8000-00000000000c"]',
  'photos stand in their author''s order, those added later at the end');
select is((select state from app.photos where id = '0190aaaa-0000-7000-8000-000000000002'), 'pending', 'it waits for a moderator');
select is((select count(*)::int from app.jobs), 0, 'nothing is copied before');

-- Publishing, copying, hiding, deleting.
select is(tests.said(tests.push(moderator, tests.mutation('decide', mine, '{"seen_rev": 1, "decision": "publish", "photos": ["0190aaaa-0000-7000-8000-000000000001"]}'))), 'applied',
  'the point is published with one of its photos') from actor, thing;
create temp table taken as select pg_temp.work('worker_take') -> 'jobs' as jobs;
select is((select jsonb_path_query_array(jobs, '$[*].photos[*].id') from taken), '["0190aaaa-0000-7000-8000-000000000001"]', 'the worker is given that one');
select is(pg_temp.work('worker_take'), '{"jobs": []}', 'once');
select is(pg_temp.work('worker_done', jsonb_build_object('id', jobs -> 0 -> 'id', 'error', 'network')), '{"done": false}', 'a failure') from taken;
select ok((select run_after > now() and locked_until is null and last_error = 'network' from app.jobs), 'comes back later');
update app.jobs set run_after = now();
select is(pg_temp.work('worker_take') -> 'jobs' -> 0 ->> 'attempts', '2', 'is tried again');
select is(pg_temp.work('worker_done', jsonb_build_object('id', jobs -> 0 -> 'id',
  'photos', '[{"id": "0190aaaa-0000-7000-8000-000000000001", "public_path": "p.jpg", "public_thumb_path": "t.jpg"}]'::jsonb)), '{"done": true}', 'and done') from taken;
select ok((select private.point_json(p, null) -> 'photos' -> 0 ->> 'url' like '%/published/p.jpg' from app.points as p, thing where p.id = mine), 'the public sees its copy');
select is(tests.said(tests.push(moderator, tests.mutation('edit', mine, '{"base_rev": 2, "base": {"sensitivity": "open"}, "patch": {"sensitivity": "hidden"}}'))), 'applied', 'the point is hidden') from actor, thing;
select is((select jsonb_path_query_array(pg_temp.work('worker_take'), '$.jobs[*].photos[*].public_path')), '["p.jpg"]', 'its copies are to be deleted');
select is(pg_temp.work('worker_done', jsonb_build_object('id', (select max(id) from app.jobs),
    'photos', '[{"id": "0190aaaa-0000-7000-8000-000000000001", "public_path": null, "public_thumb_path": null}]'::jsonb)), '{"done": true}', 'it says so');
select is((select count(*)::int from app.jobs where done_at is null), 0, 'and nothing is left to do');
select * from finish();
rollback;
