-- Who sees what: every state by every viewer, through every reading RPC.
begin;
set local search_path = public, extensions;
select plan(43);

create function tests.sees(who uuid, point uuid)
returns boolean language sql as $$ select private.point_json(p, who) is not null from app.points as p where p.id = point; $$;

create function tests.settle()
returns void language sql as $$ update app.changes set change_xid = '4' where change_xid = pg_current_xact_id(); $$;

create temp table who as select
  tests.user('author@t') as author, tests.user('stranger@t') as stranger, tests.user('all@t') as mod_all,
  tests.user('aude@t') as mod_11, tests.user('erp@t') as mod_erp;
grant select on who to public;
select tests.member(mod_all, 'heritage', 'moderator') from who;
select tests.member(mod_11, 'heritage', 'moderator', '{11}') from who;
select tests.member(mod_erp, 'accessibility', 'coordinator') from who;

-- Two squares stand for two communes: 11069 around Carcassonne, 34172 around Montpellier.
insert into app.territories (level, code, name, departement, geom) values
  ('commune', '11069', 'Carcassonne', '11', st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)));

create temp table points as
select status, tests.point('heritage', 2.35, 43.21, status, 'lavoir', (select author from who)) as id
from unnest(array['draft', 'submitted', 'to_complete', 'rejected', 'withdrawn', 'published', 'archived', 'destroyed', 'duplicate']) as status
union all select 'elsewhere', tests.point('heritage', 3.87, 43.61, 'submitted', 'lavoir', (select author from who))
union all select 'blurred', tests.point('heritage', 2.3512, 43.2134, 'published', 'lavoir', (select author from who),
  '{"name": "Lavoir du Pré", "condition": "good"}', 'blurred')
union all select 'hidden', tests.point('heritage', 2.35, 43.21, 'published', 'lavoir', (select author from who), '{}', 'hidden');
grant select on points to public;
select private.touch_point(id) from points;
select tests.settle();

select ok(bool_and(tests.sees((select author from who), id)), 'the author sees a point of theirs in every state') from points;
select set_eq($$select status from points where tests.sees(null, id)$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'somebody without account sees what is public and nothing else');
select set_eq($$select status from points where tests.sees((select stranger from who), id)$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'a stranger sees no more with an account');
select set_eq($$select status from points where tests.sees((select mod_erp from who), id)$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'a coordinator of another theme is a stranger here');
select set_eq($$select status from points where not tests.sees((select mod_all from who), id)$$,
  array['draft', 'withdrawn'], 'a moderator sees all that was sent, and nothing that was not or was taken back');
select set_eq($$select status from points where not tests.sees((select mod_11 from who), id)$$,
  array['draft', 'withdrawn', 'elsewhere'], 'a sector moderator sees the sector and not the next one');

-- The feeds.
select is_empty($$
  select 1 from app.changes as c join points as p on p.id = c.point_id
  where c.bucket like 'c:%' and p.status not in ('published', 'archived', 'destroyed', 'blurred')$$,
  'what is not public touches no public feed');
select set_eq($$select p.status from app.changes as c join points as p on p.id = c.point_id where c.bucket like 'm:%'$$,
  array['submitted', 'elsewhere'], 'the moderation feed names what waits');
select set_eq($$select p.status from app.changes as c join points as p on p.id = c.point_id where c.bucket = 'u:' || (select author from who)$$,
  $$select status from points$$, 'the author''s own feed names all of theirs');

-- What a stranger gets from the API.
create temp table cell as select distinct 'c:heritage:' || private.cell_of(st_setsrid(st_makepoint(lon, lat), 4326)) as id
from (values (2.35, 43.21), (3.87, 43.61)) as v (lon, lat);
insert into cell select 'c:heritage:' || public_cell from app.points where id = (select id from points where status = 'blurred')
  and not exists (select from cell where id = 'c:heritage:' || public_cell);
grant select on cell to public;

select tests.as_user((select stranger from who));
create temp table pulled as select public.sync_pull(jsonb_build_object('buckets', (
  select jsonb_agg(jsonb_build_object('id', id, 'cursor', '1.0')) from (select id from cell union values ('u:me'), ('m:me')) as b))) as answer;
select set_eq($$select p.status from pulled, jsonb_array_elements(answer -> 'changed') as row join points as p on p.id = (row ->> 'id')::uuid$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'a stranger pulls the public points');
select is((select answer -> 'gone' from pulled), '[]'::jsonb, 'and learns of no other, not even that it is gone');
select set_eq($$
  select p.status from cell, jsonb_array_elements(public.sync_snapshot(jsonb_build_object('bucket', cell.id)) -> 'points') as row
  join points as p on p.id = (row ->> 'id')::uuid$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'so does the snapshot of the cells');
select is(public.sync_snapshot('{"bucket": "m:me"}') -> 'points', '[]'::jsonb, 'nothing waits for somebody who moderates nothing');
select is(public.sync_snapshot('{"bucket": "u:me"}') -> 'points', '[]'::jsonb, 'and nothing is theirs');
select set_eq($$
  select p.status from cell, jsonb_array_elements(public.sync_ids(jsonb_build_object('bucket', cell.id)) -> 'ids') as row
  join points as p on p.id = (row ->> 0)::uuid$$,
  array['published', 'archived', 'destroyed', 'blurred'], 'so do the ids');
select is((select sum((d ->> 'count')::int)
  from jsonb_array_elements(public.sync_digest(jsonb_build_object('buckets', (select jsonb_agg(id) from cell))) -> 'digests') as d),
  4::bigint, 'counts count no more than that');
select throws_ok(format('select public.point_history(%L)', jsonb_build_object('point_id', id)), 'PT404', 'point_not_found',
  'a stranger reads no history of a point ' || status)
from points where status in ('draft', 'submitted', 'to_complete', 'rejected', 'withdrawn', 'duplicate', 'hidden');
select throws_ok(format('select public.moderation_candidates(%L)', jsonb_build_object('point_id', id)), 'PT404', 'point_not_found',
  'nor its duplicates: ' || status)
from points where status in ('submitted', 'hidden');
select throws_ok(format('select public.moderation_lease(%L)', jsonb_build_object('point_id', id)), 'PT403', 'not_allowed',
  'and holds no lease on a public one') from points where status = 'published';
select is(public.moderation_queue(), '{"items": [], "total": 0, "next": null, "counts": {}}', 'the queue of who moderates nothing is empty');

-- A blurred point.
create temp table row as select (
  select row from pulled, jsonb_array_elements(answer -> 'changed') as row
  where row ->> 'id' = (select id::text from points where status = 'blurred')) as seen;
select is((select seen -> 'geom' ->> 'source' from row), 'blurred', 'a blurred point says so');
select is((select seen -> 'geom' ->> 'accuracy_m' from row), '707', 'with the accuracy of its cell');
select isnt((select seen -> 'geom' ->> 'lon' from row), '2.3512000', 'and not its true longitude');
select is((select seen -> 'attributes' from row), '{"condition": "good"}'::jsonb, 'attributes that tell the place are left out');
select is((select seen ->> 'captured_at' from row), '2026-05-02', 'the day and not the instant');
select is((select seen ->> 'author' from row), null, 'no name that was not given');
select is((select seen -> 'waiting' from row), null, 'nor what waits');

select tests.as_user((select author from who));
select is(
  (select row #>> '{geom,lon}' from jsonb_array_elements(public.sync_snapshot('{"bucket": "u:me"}') -> 'points') as row
    where row ->> 'id' = (select id::text from points where status = 'blurred')),
  '2.3512000', 'its author sees the true position');
select is(jsonb_array_length(public.sync_snapshot('{"bucket": "u:me"}') -> 'points'), 12, 'and all of theirs, drafts included');

-- Moderators: the same calls, in scope only.
select tests.as_user((select mod_11 from who));
select set_eq($$
  select p.status from jsonb_array_elements(public.sync_snapshot('{"bucket": "m:me"}') -> 'points') as row
  join points as p on p.id = (row ->> 'id')::uuid$$,
  array['submitted'], 'a sector moderator is brought what waits in the sector');
select set_eq($$
  select p.status from jsonb_array_elements(public.sync_pull('{"buckets": [{"id": "m:me", "cursor": "1.0"}]}') -> 'changed') as row
  join points as p on p.id = (row ->> 'id')::uuid$$,
  array['submitted'], 'by the feed too');
select is(public.sync_pull('{"buckets": [{"id": "m:me", "cursor": "1.0"}]}') -> 'gone', '[]'::jsonb,
  'which does not name what waits next door');
select is(public.moderation_queue() ->> 'total', '1', 'and counts only that');
select throws_ok(format('select public.moderation_lease(%L)', jsonb_build_object('point_id', id)), 'PT404', 'point_not_found',
  'a lease next door is refused as if nothing were there') from points where status = 'elsewhere';

select tests.as_user((select mod_all from who));
select is(public.moderation_queue() ->> 'total', '2', 'a moderator of the region has both');
select set_eq($$
  select p.status from jsonb_array_elements(public.sync_pull('{"buckets": [{"id": "m:me"}]}') -> 'changed') as row
  join points as p on p.id = (row ->> 'id')::uuid$$,
  array['submitted', 'elsewhere'], 'in the feed as well');

select * from finish();
rollback;
