-- Queue, lease, duplicates, history.
begin;
set local search_path = public, extensions;
select plan(57);

create temp table who as select tests.user('author@t') as author, tests.user('other@t') as other, tests.user('moderator@t') as moderator,
  tests.user('second@t') as second, tests.user('aude@t') as sector;
grant select on who to public;
update app.profiles set display_name = 'Jeanne' where user_id = (select author from who);
update app.profiles set display_name = 'Paul', named = true where user_id = (select other from who);
update app.profiles set display_name = 'Marie' where user_id = (select moderator from who);
select tests.member(moderator, 'heritage', 'moderator'), tests.member(second, 'heritage', 'coordinator'),
  tests.member(sector, 'heritage', 'moderator', '{11}') from who;
insert into app.territories (level, code, name, departement, geom) values
  ('commune', '11069', 'Carcassonne', '11', st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)));

create temp table points as
select name, tests.point('heritage', lon, lat, status, 'lavoir', (select author from who), jsonb_build_object('name', label), sensitivity) as id
from (values
  ('new', 2.35, 43.21, 'submitted', 'Lavoir du Pré', 'open'),
  ('twin', 2.3501, 43.21, 'published', 'Le lavoir du pre', 'open'),
  ('far', 2.36, 43.21, 'published', 'Lavoir', 'open'),
  ('next_door', 3.87, 43.61, 'submitted', 'Fontaine', 'open'),
  ('blurred', 3.8701, 43.61, 'published', 'Fontaine', 'blurred')) as v (name, lon, lat, status, label, sensitivity);
grant select on points to public;
create temp table item as select (select id from points where points.name = v.name) as id, v.name from points as v;
update app.points set received_at = '2026-05-01', expected_photos = 2 where id = (select id from points where name = 'new');
update app.points set received_at = '2026-05-02' where id = (select id from points where name = 'next_door');
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
select gen_random_uuid(), (select id from points where name = 'new'), author, 'a', repeat('0', 64), 1, 1, 1, 'x' from who;
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at, created_at)
select '00000000-0000-7000-8000-0000000000b1', (select id from points where name = 'twin'), other, 1, '{}', '{"concept": null}', now(), '2026-05-03' from who;
insert into app.reports (id, point_id, kind, user_id, created_at)
select '00000000-0000-7000-8000-0000000000c1', (select id from points where name = 'far'), 'gone', other, '2026-05-04' from who;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, created_at)
select gen_random_uuid(), (select id from points where name = 'far'), other, 'b', repeat('0', 64), 1, 1, 1, 'x', '2026-05-05' from who;
-- As if they had come one after the other.
update app.queue set since = p.received_at from app.points as p where p.id = point_id and queue.kind = 'new';

select tests.as_user((select moderator from who));
create temp table queue as select public.moderation_queue() as a;
select is((select a ->> 'total' from queue), '5', 'everything that waits is counted');
select is((select jsonb_path_query_array(a, '$.items[*].kind') from queue), '["new", "new", "edit", "gone", "photo"]', 'the oldest first, by kind of work');
select is((select a #>> '{items,0,author}' from queue), 'Jeanne', 'a moderator reads who sent it, named or not');
select is((select a #> '{items,0,stored_photos}' from queue), '1', 'how many photos arrived');
select is((select a #> '{items,0,expected_photos}' from queue), '2', 'of how many');
select is((select a #> '{items,0,candidates}' from queue), '1', 'and how many points may be the same thing');
select is((select a #>> '{items,0,commune}' from queue), '11069', 'with its commune');
select is((select a #>> '{items,2,revision_id}' from queue), '00000000-0000-7000-8000-0000000000b1', 'an edit names its revision');
select is((select a #>> '{items,3,report_id}' from queue), '00000000-0000-7000-8000-0000000000c1', 'a report its id');
select is((select a #>> '{items,2,author}' from queue), 'Paul', 'and the author of the edit, not of the point');
select is(jsonb_path_query_array(public.moderation_queue('{"order": "newest"}'), '$.items[*].kind'), '["photo", "gone", "edit", "new", "new"]', 'or the newest first');
select is(public.moderation_queue('{"kind": "edit"}') ->> 'total', '1', 'by kind');
select is(public.moderation_queue('{"territory": "34"}') ->> 'total', '1', 'by territory');
select is(public.moderation_queue('{"theme": "lighting"}') ->> 'total', '0', 'by theme');
select is((with recursive pages as (
    select public.moderation_queue('{"limit": 2}') as a
    union all
    select public.moderation_queue(jsonb_build_object('limit', 2, 'after', a -> 'next')) from pages where a ->> 'next' is not null)
  select jsonb_agg(i -> 'kind') from pages, jsonb_array_elements(a -> 'items') as i),
  '["new", "new", "edit", "gone", "photo"]', 'page by page, none twice and none missed');
select throws_ok($$select public.moderation_queue('{"limit": 201}')$$, 'PT400', 'invalid_argument', 'by 200 at most');
select throws_ok($$select public.moderation_queue('{"kind": "other"}')$$, 'PT400', 'invalid_argument', 'of a known kind');
select is(public.moderation_queue('{"limit": 1, "kind": "new"}') -> 'counts', '{"heritage": {"new": 2, "edit": 1, "gone": 1, "photo": 1}}', 'counted by theme and kind, whatever is asked for');
select is((select public.moderation_queue(jsonb_build_object('author', a #> '{items,2,author_id}')) ->> 'total' from queue), '3', 'by author');
select is(public.moderation_queue('{"waiting_days": 1}') ->> 'total', '5', 'by age');
select is((with recursive pages as (
    select public.moderation_queue('{"limit": 2, "order": "newest"}') as a
    union all
    select public.moderation_queue(jsonb_build_object('limit', 2, 'order', 'newest', 'after', a -> 'next')) from pages where a ->> 'next' is not null)
  select jsonb_agg(i -> 'kind') from pages, jsonb_array_elements(a -> 'items') as i),
  '["photo", "gone", "edit", "new", "new"]', 'page by page from the newest too');
select throws_ok($$select public.moderation_queue('{"territory": "99999"}')$$, 'PT400', 'unknown_territory', 'a territory that does not exist (any more) is no empty queue');
select throws_ok(format('select public.moderation_queue(%L)', jsonb_build_object('after', cursor)), 'PT400', 'invalid_argument', 'a cursor is one of ours')
from unnest(array['x', '20269999999999999999.new.00000000-0000-7000-8000-0000000000b1']) as cursor;

create temp table lease as select public.moderation_lease(jsonb_build_object('point_id', id)) as a from points where name = 'new';
select is((select a -> 'granted' from lease), 'true', 'a moderator holds what they read');
select is((select a ->> 'holder' from lease), 'Marie', 'under their name');
select tests.as_user((select second from who));
select is((select public.moderation_lease(jsonb_build_object('point_id', id)) -> 'granted' from points where name = 'new'), 'false', 'another is told that it is held');
select is(public.moderation_queue() #>> '{items,0,lease,holder}', 'Marie', 'in the queue too');
select tests.as_user((select moderator from who));
select is((select public.moderation_lease(jsonb_build_object('point_id', id, 'release', true)) -> 'holder' from points where name = 'new'), 'null', 'who is done gives it back');
select tests.as_user((select author from who));
select throws_ok(format('select public.moderation_lease(%L)', jsonb_build_object('point_id', id)), 'PT403', 'not_allowed', 'an author holds no lease')
from points where name = 'new';

select tests.as_user((select sector from who));
select is(jsonb_path_query_array(public.moderation_queue(), '$.items[*].commune'), '["11069", "11069", "11069", "11069"]', 'a sector moderator reads the sector only');
create temp table candidates as select public.moderation_candidates(jsonb_build_object('point_id', id)) -> 'candidates' as a from points where name = 'new';
select is((select jsonb_array_length(a) from candidates), 1, 'a duplicate is near, not far');
select is((select a #>> '{0,point,id}' from candidates), (select id::text from points where name = 'twin'), 'it is the twin');
select ok((select (a #>> '{0,distance_m}')::numeric between 5 and 12 from candidates), 'at its distance on the ground');
select is((select a #> '{0,why}' from candidates), '["close", "same_concept", "similar_name", "same_author"]', 'for these reasons');

select tests.as_owner();
update app.points set accuracy_m = 5 where id in (select id from points where name in ('new', 'twin'));
update app.points set geom = (select st_translate(n.geom, 0.0006, 0) from app.points as n join points as k on k.id = n.id and k.name = 'new')
where id = (select id from points where name = 'twin');
create temp table ways as
  select p.id, private.may_be_same('heritage', a.geom, 5, 'lavoir', null, b.geom, 5, 'lavoir', null) as close_by,
    private.may_be_same('heritage', a.geom, 5, 'lavoir', null, b.geom, 0, 'lavoir', null) as too_far,
    private.may_be_same('heritage', b.geom, 0, 'lavoir', null, a.geom, 5, 'lavoir', null) as back
  from points as p, app.points as a, app.points as b
  where p.name = 'new' and a.id = p.id and b.id = (select id from points where name = 'twin');
select is((select close_by from ways), true, 'both accuracies widen the radius');
select is((select too_far from ways), false, 'one alone not as much');
select is((select too_far from ways), (select back from ways), 'whichever of the two is asked about');
update app.points set geom = st_translate(geom, 0.01, 0) where id = (select id from points where name = 'twin');
select tests.as_user((select sector from who));
select is((select public.moderation_candidates(jsonb_build_object('point_id', id)) -> 'candidates' from points where name = 'new'), '[]',
  'what is far is no duplicate');
select tests.as_owner();
insert into app.doubts (point_id, other_id) select n.id, t.id from points as n, points as t where n.name = 'new' and t.name = 'twin';
select tests.as_user((select sector from who));
select is((select public.moderation_candidates(jsonb_build_object('point_id', id)) #> '{candidates,0,why}' from points where name = 'new'),
  '["author_unsure", "same_concept", "similar_name", "same_author"]', 'unless its author could not tell');
select is((select public.moderation_candidates(jsonb_build_object('point_id', id)) #>> '{candidates,0,why,0}' from points where name = 'twin'),
  'author_unsure', 'seen from the other too');
select tests.as_owner();
delete from app.doubts;
select tests.as_user((select sector from who));
select throws_ok(format('select public.moderation_candidates(%L)', jsonb_build_object('point_id', id)), 'PT404', 'point_not_found', 'nobody compares points next door')
from points where name = 'next_door';
select tests.as_owner();
update app.points set geom = st_setsrid(st_makepoint(2.50001, 43.21), 4326), status = 'published', sensitivity = 'blurred' where id = (select id from points where name = 'next_door');
update app.points set geom = st_setsrid(st_makepoint(2.4999, 43.21), 4326) where id = (select id from points where name = 'new');
select tests.as_user((select sector from who));
select is((select public.moderation_candidates(jsonb_build_object('point_id', id)) -> 'candidates' from points where name = 'new'), '[]',
  'a blurred point out of the sector betrays no distance');
select tests.as_owner();

-- A scope by EPCI, by commune, and a point without commune.
select tests.as_owner();
update app.territories set epci = '200000009' where code = '11069';
insert into app.territories (level, code, name) values ('epci', '200000009', 'Carcassonne Agglo') on conflict do nothing;
create function pg_temp.seen(scope text[]) returns text language plpgsql as $$
declare said text;
begin
  update app.memberships set territories = scope where user_id = (select sector from who);
  perform tests.as_user((select sector from who));
  said := concat(public.moderation_queue() ->> 'total', ' ', (select jsonb_array_length(public.sync_snapshot('{"bucket": "m:me"}') -> 'points')));
  perform tests.as_owner();
  return said;
end; $$;
create temp table nowhere as select tests.point('heritage', 0.1, 42.9, 'submitted') as id;
select is(pg_temp.seen('{200000009}'), '4 3', 'an EPCI covers its communes, in the queue as in the feed');
select is(pg_temp.seen('{11069}'), '4 3', 'a commune itself');
select is(pg_temp.seen('{34}'), '0 0', 'a département without anything that waits');
select is(pg_temp.seen('{*}'), '5 4', 'what lies in no commune is of the region');
select is((select bool_and(private.moderates(sector, 'heritage', c)) from who, unnest(array['11069', null]) as c), true, 'whose moderators decide on it');
delete from app.queue where point_id = (select id from nowhere);
delete from app.changes where point_id = (select id from nowhere);
delete from app.points where id = (select id from nowhere);
update app.memberships set territories = '{11}' where user_id = (select sector from who);

-- History.
insert into app.events (point_id, at, actor, actor_kind, action, from_status, to_status, reason, comment, diff)
select (select id from points where name = 'twin'), at, actor, kind, action, was, now, reason, comment, diff from who, lateral (values
  ('2026-05-01'::timestamptz, author, 'author', 'create', null, 'submitted', null, null, '{"concept": [null, "four"]}'::jsonb),
  ('2026-05-02', moderator, 'moderator', 'to_complete', 'submitted', 'to_complete', 'photo_missing', 'Merci d''ajouter une photo', null),
  ('2026-05-03', author, 'author', 'edit', 'to_complete', 'submitted', null, null, null),
  ('2026-05-04', moderator, 'moderator', 'publish', 'submitted', 'published', null, 'Merci', null),
  ('2026-05-05', other, 'contributor', 'propose', null, 'published', null, null, '{"concept": ["lavoir", null]}')) as v (at, actor, kind, action, was, now, reason, comment, diff);
update app.points set first_published_at = '2026-05-04' where id = (select id from points where name = 'twin');
create temp table asked as select jsonb_build_object('point_id', id) as p from points where name = 'twin';
grant select on asked to public;
select tests.as_user((select author from who));
select is((select jsonb_path_query_array(public.point_history(p), '$.events[*].action') from asked), '["create", "to_complete", "edit", "publish", "propose"]', 'the author reads the whole history');
select is((select public.point_history(p) #>> '{events,1,comment}' from asked), 'Merci d''ajouter une photo', 'with what moderators wrote');
select tests.as_user((select other from who));
select is((select jsonb_path_query_array(public.point_history(p), '$.events[*].action') from asked), '["publish"]', 'others read it from the first publication on');
select is((select public.point_history(p) #>> '{events,0,actor}' from asked), 'modération', 'without the name of who decided');
select is((select public.point_history(p) #> '{events,0,comment}' from asked), 'null', 'nor the comment');
select is((select public.point_history(p) #> '{events,0,from}' from asked), 'null', 'nor what came before');


select tests.as_owner();
insert into app.events (point_id, at, actor, actor_kind, action, from_status, to_status, rev, diff)
select (select id from points where name = 'twin'), '2026-05-06', moderator, 'moderator', 'edit', 'published', 'published', 2,
  '{"geom": [{"lon": 2.35, "lat": 43.21}, {"lon": 2.3501, "lat": 43.21}], "attributes.name": ["Lavoir", "Le lavoir"], "attributes.condition": ["good", "poor"]}' from who;
select tests.as_user((select other from who));
select is((select array(select jsonb_object_keys(public.point_history(p) #> '{events,1,diff}')) from asked),
  array['geom', 'attributes.name', 'attributes.condition'], 'others read what changed of the published content');
select tests.as_owner();
update app.points set sensitivity = 'blurred' where id = (select id from points where name = 'twin');
select tests.as_user((select other from who));
select is((select array(select jsonb_object_keys(public.point_history(p) #> '{events,1,diff}')) from asked),
  array['attributes.condition'], 'and nothing that tells the place once it is blurred');
select tests.as_owner();
update app.points set sensitivity = 'hidden' where id = (select id from points where name = 'twin');
select tests.as_user((select other from who));
select throws_ok((select format('select public.point_history(%L)', p) from asked), 'PT404', 'point_not_found', 'and nothing at all once it is hidden');

select * from finish();
rollback;
