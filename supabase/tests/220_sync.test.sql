-- Cursors, limits, forgetting, digests.
begin;
set local search_path = public, extensions;
select plan(47);

-- Inside one transaction nothing is before the horizon: changes are dated back as if committed, in order.
create function tests.settle(at text)
returns void language sql as $$ update app.changes set change_xid = at::xid8 where change_xid = pg_current_xact_id(); $$;
create function tests.pull(buckets jsonb, asked_limit int default null)
returns jsonb language sql as $$
  select public.sync_pull(jsonb_build_object('buckets', buckets) || jsonb_strip_nulls(jsonb_build_object('limit', asked_limit))); $$;
create function tests.ids(answer jsonb, key text)
returns text[] language sql as $$ select array(select coalesce(r ->> 'id', r #>> '{}') from jsonb_array_elements(answer -> key) as r order by 1); $$;
grant execute on function tests.pull(jsonb, int), tests.ids(jsonb, text) to public;

create temp table who as select tests.user('author@t') as author, tests.user('stranger@t') as stranger, tests.user('moderator@t') as moderator;
grant select on who to public;
select tests.member(moderator, 'heritage', 'moderator') from who;
insert into app.points (id, theme, author, status, geom, position_source, captured_at)
select ('00000000-0000-7000-8000-00000000000' || i)::uuid, 'heritage', author, 'published',
  st_setsrid(st_makepoint(2.35, 43.21), 4326), 'gps', now()
from who, generate_series(1, 5) as i;
select private.touch_point(id) from (select id from app.points order by id) as p;
create temp table cell as select 'c:heritage:' || private.cell_of(st_setsrid(st_makepoint(2.35, 43.21), 4326)) as here,
  'c:heritage:' || private.cell_of(st_setsrid(st_makepoint(3.87, 43.61), 4326)) as there;
grant select on cell to public;
select tests.settle('5');

select tests.as_user((select stranger from who));
create temp table first as select tests.pull(jsonb_build_array(jsonb_build_object('id', here)), 2) as a from cell;
grant select on first to public;
select is((select a ->> 'user_id' from first), (select stranger::text from who), 'an answer says whose it is');
select ok((select a ->> 'epoch' ~ '^[0-9a-f]{16}$' from first), 'and of which life of the server');
select is((select tests.ids(a, 'changed') from first), array['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'],
  'the first page holds what the limit allows, oldest change first');
select is((select a -> 'next' -> 0 -> 'more' from first), 'true', 'and says that there is more');
create temp table second as select tests.pull(jsonb_build_array((a -> 'next' -> 0)), 10) as a from first;
grant select on second to public;
select is((select cardinality(tests.ids(a, 'changed')) from second), 3, 'the next page holds the rest');
select is((select a -> 'next' -> 0 -> 'more' from second), 'false', 'and says that this is all');
create temp table third as select tests.pull(a -> 'next') as a from second;
grant select on third to public;
select is((select a -> 'changed' from third), '[]', 'then nothing, until something changes');
select is((select a -> 'next' from third), (select a -> 'next' from second), 'and the cursor stays');
select is((select a -> 'stalled_s' from third), null, 'a server that is not stalled does not say so');

-- A bucket that the limit leaves out, and an id in two buckets.
select tests.as_user((select author from who));
create temp table overlapping as select tests.pull(jsonb_build_array(
  jsonb_build_object('id', 'u:me'), jsonb_build_object('id', here)), 5) as a from cell;
select is((select cardinality(tests.ids(a, 'changed')) from overlapping), 5, 'an id that two buckets bring is given once');
select is((select a -> 'next' -> 1 ->> 'more' from overlapping), 'true', 'a bucket that was not reached says more');
select is((select a -> 'next' -> 1 -> 'cursor' from overlapping), 'null'::jsonb, 'and keeps the cursor that it came with');
select is((select tests.pull(jsonb_build_array(jsonb_build_object('id', 'u:me'), jsonb_build_object('id', here)), 6)
  -> 'next' -> 1 ->> 'more' from cell), 'false', 'rows already given do not count against the limit');
select ok((select bool_and((r ->> 'mine')::boolean) from overlapping, jsonb_array_elements(a -> 'changed') as r), 'the author knows their own');

-- A point leaves: moved, hidden, sent back.
select tests.as_owner();
update app.points set geom = st_setsrid(st_makepoint(3.87, 43.61), 4326), v = v + 1 where id::text like '%1';
update app.points set sensitivity = 'hidden', v = v + 1 where id::text like '%2';
update app.points set status = 'duplicate', v = v + 1 where id::text like '%3';
select private.touch_point(id) from app.points where id::text ~ '[123]$';
select tests.settle('6');
select tests.as_user((select stranger from who));
create temp table left_here as select tests.pull(a -> 'next') as a from second;
select is((select tests.ids(a, 'changed') from left_here), array['00000000-0000-7000-8000-000000000001'], 'a moved point is changed in the cell it left');
select is((select tests.ids(a, 'gone') from left_here),
  array['00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000003'], 'one that was hidden or merged is gone');
select is((select tests.ids(tests.pull(jsonb_build_array(jsonb_build_object('id', there, 'cursor', '5.0'))), 'changed') from cell),
  array['00000000-0000-7000-8000-000000000001'], 'and the moved one is changed in the cell it entered');
select is((select tests.pull(jsonb_build_array(jsonb_build_object('id', here))) -> 'gone' from cell), '[]', 'who follows nothing yet has nothing to forget');

select tests.as_owner();
update app.points set geom = st_setsrid(st_makepoint(3.87, 43.61), 4326), v = v + 1 where id::text like '%2';
update app.points set attributes = '{"name": "Four"}', v = v + 1 where id::text like '%2';
select private.touch_point(id) from app.points where id::text like '%2';
select is((select count(*) from app.changes where change_xid = pg_current_xact_id() and bucket like 'c:%'), 0::bigint,
  'what happens to a hidden point touches no public feed, nor the cell where it went');
select tests.settle('7');

-- A pending edit: who proposed it follows it, moderators are called.
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at)
select gen_random_uuid(), '00000000-0000-7000-8000-000000000004', stranger, 1, '{"attributes.name": null}', '{"attributes.name": "Lavoir"}', now() from who;
update app.points set v = v + 1 where id::text like '%4';
select private.touch_point('00000000-0000-7000-8000-000000000004');
select tests.settle('8');
select tests.as_user((select moderator from who));
select is(tests.ids(tests.pull('[{"id": "m:me", "cursor": "5.0"}]'), 'changed'), array['00000000-0000-7000-8000-000000000004'], 'a pending edit calls the moderators');
select is(tests.pull('[{"id": "m:me", "cursor": "5.0"}]') #> '{changed,0,waiting}', '["edit"]', 'who see what waits');
select is(tests.pull('[{"id": "m:me", "cursor": "5.0"}]') #>> '{changed,0,pending,0,patch,attributes.name}', 'Lavoir', 'and the proposal');
select tests.as_user((select author from who));
select is(jsonb_array_length((select r -> 'pending' from jsonb_array_elements(public.sync_snapshot('{"bucket": "u:me"}') -> 'points') as r
  where r ->> 'id' like '%4')), 0, 'the author of the point does not read the proposal of another');
select tests.as_user((select stranger from who));
select is(tests.ids(tests.pull('[{"id": "u:me", "cursor": "5.0"}]'), 'changed'), array['00000000-0000-7000-8000-000000000004'], 'who proposed it has it in u:me');
select is(tests.pull('[{"id": "u:me", "cursor": "5.0"}]') #>> '{changed,0,pending,0,mine}', 'true', 'marked as theirs');
select tests.as_owner();
update app.revisions set state = 'refused', reason = 'photo_missing', decided_at = now();
update app.points set v = v + 1 where id::text like '%4';
select private.touch_point('00000000-0000-7000-8000-000000000004');
select tests.settle('9');
select tests.as_user((select moderator from who));
select is(tests.pull('[{"id": "m:me", "cursor": "8.99999"}]') #> '{changed,0,waiting}', '[]', 'moderators learn that it waits no more');
select tests.as_user((select stranger from who));
select is(tests.pull('[{"id": "u:me", "cursor": "8.99999"}]') #>> '{changed,0,proposals,0,reason}', 'photo_missing', 'and who proposed it learns why');

-- Snapshot, ids, digest.
create temp table page as select public.sync_snapshot(jsonb_build_object('bucket', here, 'limit', 1)) as a from cell;
grant select on page to public;
select is((select jsonb_array_length(a -> 'points') from page), 1, 'a snapshot comes by pages');
select is((select a ->> 'next' from page), '00000000-0000-7000-8000-000000000004', 'by id');
select is((select a ->> 'user_id' from page), auth.uid()::text, 'to whom it is said');
select is((select public.sync_snapshot(jsonb_build_object('bucket', here, 'after', a ->> 'next', 'horizon', a ->> 'horizon')) ->> 'horizon' from page, cell),
  (select a ->> 'horizon' from page), 'the first horizon comes back with each page');
select is((select public.sync_snapshot(jsonb_build_object('bucket', here, 'after', a ->> 'next')) -> 'next' from page, cell), 'null', 'the last page says so');
select is((select tests.pull(jsonb_build_array(jsonb_build_object('id', here, 'cursor', a ->> 'horizon'))) -> 'resync' from page, cell), '[]', 'and is a cursor to pull from');
select is((select public.sync_ids(jsonb_build_object('bucket', here)) - array['epoch', 'user_id'] from cell),
  '{"ids": [["00000000-0000-7000-8000-000000000004", 3], ["00000000-0000-7000-8000-000000000005", 1]], "next": null}', 'ids go with their row counter');
select is((select public.sync_digest(jsonb_build_object('buckets', jsonb_build_array(here))) -> 'digests' -> 0 from cell),
  -- The last 12 hex digits of these ids are 4 and 5.
  (select jsonb_build_object('id', here, 'count', 2, 'digest', ((4 + 3 * 1000003) + (5 + 1 * 1000003))::text) from cell), 'the digest is the contract''s');

-- Epochs and impossible cursors.
select is((select public.sync_pull(jsonb_build_object('epoch', 'another', 'buckets', '[{"id": "u:me"}, {"id": "m:me"}]'::jsonb)) -> 'resync'),
  '["u:me", "m:me"]', 'another life of the server: every cursor is void');
select is(public.sync_pull('{"visibility_epoch": 99, "buckets": [{"id": "u:me"}]}') -> 'resync', '["u:me"]', 'so it is when the role changed');
select is(tests.pull('[{"id": "u:me", "cursor": "999999999999.0"}]') -> 'resync', '["u:me"]', 'a cursor beyond the server''s own transactions is void');
select is(tests.pull('[{"id": "u:me", "cursor": "anything"}]') -> 'resync', '["u:me"]', 'and one that is none of ours');
select ok((tests.pull('[{"id": "t"}]') -> 'themes') is not null and jsonb_array_length(tests.pull('[{"id": "t", "cursor": "1.0"}]') -> 'concepts') >= 0, 'bucket t brings words');

select throws_ok($$select public.sync_pull('{"buckets": [], "limit": 5001}')$$, 'PT400', 'invalid_argument', 'a limit over 5000 is refused');
select throws_ok($$select public.sync_pull('{"buckets": [{"id": "c:heritage:12"}]}')$$, 'PT400', 'invalid_argument', 'an unknown bucket is refused');
select throws_ok($$select public.sync_pull('{}')$$, 'PT400', 'invalid_argument', 'buckets are required');
select throws_ok($$select public.sync_snapshot('{"bucket": "u:me", "after": "x"}')$$, 'PT400', 'invalid_argument', 'an id must be one');
select throws_ok(format('select public.sync_receipts(%L)', jsonb_build_object('mutation_ids', array_agg(gen_random_uuid()))), 'PT400', 'invalid_argument', '501 receipts at once are too many')
from generate_series(1, 501);

select tests.as_owner();
insert into app.receipts (mutation_id, user_id, payload_hash, status)
select '00000000-0000-7000-8000-0000000000aa', author, '', 'applied' from who;
select tests.as_user((select stranger from who));
select is(public.sync_receipts('{"mutation_ids": []}') ->> 'user_id', auth.uid()::text, 'and receipts say whose they are');
select is(public.sync_receipts('{"mutation_ids": ["00000000-0000-7000-8000-0000000000aa"]}') -> 'unknown', '["00000000-0000-7000-8000-0000000000aa"]', 'somebody else''s receipt is unknown');

select * from finish();
rollback;
