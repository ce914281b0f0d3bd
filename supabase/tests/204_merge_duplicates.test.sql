begin;
set local search_path = public, extensions;
select plan(34);
create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator, tests.user('s@test') as sector;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(sector, 'heritage', 'moderator', '{11}') from actor;
create temp table thing as select
  tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "A", "condition": "good"}') as a,
  tests.point('heritage', 2.1001, 43.6, 'published', 'lavoir', author, '{"name": "B", "description": "Sous le pont"}') as b,
  tests.point('heritage', 2.1002, 43.6, 'submitted', null, author, '{"name": "C"}') as c,
  tests.point('heritage', 2.1002, 43.6, 'submitted', null, author, '{"name": "D"}') as d,
  tests.point('lighting', 2.1, 43.6, 'published') as lamp, tests.point('heritage', 2.1, 43.6, 'archived') as old
from actor;
create temp table shot as select gen_random_uuid() as of_b, gen_random_uuid() as of_c;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, state, public_path)
select of_b, b, author, 'b.jpg', repeat('b', 64), 1, 1, 1, 'CC', 'published', 'pb.jpg' from actor, thing, shot
union all select of_c, c, author, 'c.jpg', repeat('c', 64), 1, 1, 1, 'CC', 'pending', null from actor, thing, shot;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'duplicate') || fields)));
$$;
create function pg_temp.of(point uuid, keep jsonb default '{}') returns jsonb language sql as $$ select jsonb_build_object('duplicate_of', point, 'keep', keep); $$;

select is(pg_temp.decide(moderator, a, 'duplicate'), 'rejected unknown_point', 'duplicate of what?') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(gen_random_uuid())), 'rejected unknown_point', 'of nothing known') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(a)), 'rejected duplicate_cycle', 'of itself') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(lamp)), 'rejected not_allowed', 'of a point out of scope') from actor, thing;
select tests.member(moderator, 'lighting', 'moderator') from actor;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(lamp)), 'rejected invalid_patch', 'of another theme') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(old)), 'rejected invalid_transition', 'of an archived point') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(c)), 'rejected invalid_transition', 'a published point is no duplicate of a waiting one') from actor, thing;
select is(pg_temp.decide(moderator, b, 'duplicate', pg_temp.of(a, '{"attributes.name": "both"}')), 'rejected invalid_patch', 'keep is this or other') from actor, thing;
select is(tests.said(tests.push(author, tests.mutation('confirm', a, '{"observed_at": "2026-05-01", "found": true}'),
  tests.mutation('confirm', b, '{"observed_at": "2026-05-09", "found": true}'))), 'applied, applied', 'both were confirmed') from actor, thing;

select is(pg_temp.decide(moderator, b, 'duplicate', pg_temp.of(a, '{"attributes.name": "this", "attributes.description": "this", "attributes.condition": "other"}')),
  'applied', 'a published point is merged') from actor, thing;
select is(tests.attributes(a), '{"name": "B", "condition": "good", "description": "Sous le pont"}', 'value by value') from thing;
select is((select point_id = a from app.photos, thing, shot where id = of_b), true, 'its photo follows');
select is((select confirmation_count || ' ' || last_confirmed_on from app.points, thing where id = a), '2 2026-05-09', 'confirmations are summed');
select is(tests.rev(a), 2, 'the survivor''s rev moves once') from thing;
select is((select status || ' ' || (duplicate_of = a)::text || ' ' || rev from app.points, thing where id = b), 'duplicate true 2', 'the duplicate points to it');
select is((select count(*)::int from app.events, thing where point_id = a and action = 'merge' and diff ? 'duplicate'), 1, 'and the survivor''s history says so');

select is(pg_temp.decide(moderator, c, 'duplicate', pg_temp.of(b)), 'applied', 'a duplicate of a duplicate') from actor, thing;
select is((select duplicate_of = a from app.points, thing where id = c), true, 'is one of the survivor');
select is((select (point_id = a) || ' ' || state from app.photos, thing, shot where id = of_c), 'true published', 'its waiting photo is published with it');
select is((select count(*)::int from app.jobs, thing where kind = 'publish_photos' and payload ->> 'point_id' = a::text), 1, 'the worker copies it');
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(b)), 'rejected duplicate_cycle', 'no cycle') from actor, thing;
select is(pg_temp.decide(moderator, a, 'duplicate', pg_temp.of(c)), 'rejected duplicate_cycle', 'however long') from actor, thing;
select is(private.photo_record(jsonb_build_object('user_id', author, 'photo_id', '0190aaaa-0000-7000-8000-00000000000b', 'point_id', c,
  'path', author || '/' || c || '/late.jpg', 'sha256', repeat('d', 64), 'size', 1, 'width', 1, 'height', 1, 'licence', 'CC')),
  '{"status": "stored"}', 'a photo that was still on its way') from actor, thing;
select is((select (point_id = a) || ' ' || state from app.photos, thing where photos.id = '0190aaaa-0000-7000-8000-00000000000b'), 'true pending', 'goes to the survivor');

-- c is made a duplicate of b itself, as it was before b was merged.
update app.points set duplicate_of = (select b from thing) where id = (select c from thing);
select is(pg_temp.decide(moderator, b, 'restore'), 'applied', 'undoing a merge') from actor, thing;
select is((select point_id = b from app.photos, thing, shot where id = of_c), true, 'takes back the photos of one''s own duplicates');
select is(pg_temp.decide(moderator, b, 'duplicate', pg_temp.of(a)), 'applied', 'merged again') from actor, thing;
select is((select point_id = a from app.photos, thing, shot where id = of_c), true, 'they follow again');
update app.points set duplicate_of = (select a from thing) where id = (select c from thing);

select is(pg_temp.decide(moderator, c, 'restore'), 'applied', 'a merge is undone') from actor, thing;
select is((select status || ' ' || coalesce(duplicate_of::text, 'free') from app.points, thing where id = c), 'submitted free', 'the point is what it was');
select is((select count(*)::int || ' ' || min(state) || ' ' || max(state) from app.photos, thing where point_id = c), '2 pending pending', 'its photos are back, waiting');
select is(pg_temp.decide(moderator, b, 'restore'), 'applied', 'the published one too') from actor, thing;
select is((select status || ' ' || confirmation_count from app.points, thing where id = a), 'published 1', 'confirmations are counted apart again');
select is((select point_id = b and state = 'published' from app.photos, thing, shot where id = of_b), true, 'its photo is back and public');
select * from finish();
rollback;
