-- Of two points that are one thing, which one should stay.
begin;
set local search_path = public, extensions;
select plan(10);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('mod@test.fr') as moderator;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select
  tests.point('heritage', 2.1, 43.6, 'submitted', 'lavoir', author, '{"name": "Lavoir", "condition": "good", "use": "none"}') as said,
  tests.point('heritage', 2.1, 43.60001, 'published', 'lavoir', author, '{"name": "Lavoir"}') as published,
  tests.point('heritage', 2.1, 43.60002, 'submitted', 'lavoir', author, '{"name": "Lavoir", "use": null, "materials": []}') as bare,
  tests.point('heritage', 2.1, 43.60003, 'submitted', 'lavoir', author, '{"name": "Lavoir"}') as older from actor;
grant select on thing to public;
update app.points set received_at = now() - interval '1 day' where id = (select older from thing);
create function pg_temp.survivor(of_point uuid, beside uuid) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user((select moderator from actor));
  select c -> 'survivor' into answer from jsonb_array_elements(public.moderation_candidates(jsonb_build_object('point_id', of_point)) -> 'candidates') as c where c #>> '{point,id}' = beside::text;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.told(of_point uuid, beside uuid) returns text language sql as $$ select concat_ws(' ', s ->> 'keep', s ->> 'why') from pg_temp.survivor(of_point, beside) as s; $$;
select is(pg_temp.told(said, published), 'other published', 'the published one stays, however little it says') from thing;
select is(pg_temp.told(published, said), 'this published', 'from either side') from thing;
select is(pg_temp.told(said, bare), 'this richer', 'else the one that says more') from thing;
select is(pg_temp.told(bare, said), 'other richer', 'from either side') from thing;
select is(pg_temp.told(bare, older), 'other older', 'else the older: an answer that is empty says nothing') from thing;
select is(pg_temp.survivor(bare, older) ->> 'id', older::text, 'named by its id') from thing;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, state)
select gen_random_uuid(), bare, author, 'u/' || state, repeat('a', 64), 1, 16, 16, 'CC-BY-SA-4.0', state from thing, actor, unnest(array['pending', 'refused']) as state;
select is(pg_temp.told(bare, older), 'this richer', 'a picture says something') from thing;
update app.photos set state = 'refused' where point_id = (select bare from thing);
select is(pg_temp.told(bare, older), 'other older', 'one that was refused does not') from thing;
-- What is suggested is taken.
select is(tests.said(tests.push(moderator, tests.mutation('decide', said, jsonb_build_object('seen_rev', 1, 'decision', 'duplicate', 'reason', 'duplicate',
  'duplicate_of', pg_temp.survivor(said, published) ->> 'id')))), 'applied', 'and who follows it merges') from thing, actor;
select is((select duplicate_of from app.points, thing where id = said), (select published from thing), 'into the survivor');
select * from finish();
rollback;
