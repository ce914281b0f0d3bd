-- How many photos are on their way: told with the point, so that everybody concerned sees "1 of 2 arrived".
begin;
set local search_path = public, extensions;
select plan(12);

create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator, tests.user('s@test') as stranger;
select tests.member(moderator, 'heritage', 'moderator') from actor;
grant select on actor to public;
create temp table thing as select '0190bbbb-0000-7000-8000-000000000001'::uuid as point;
grant select on thing to public;

create function pg_temp.seen(who uuid) returns text language plpgsql as $$
declare
  p jsonb;
begin
  select private.point_json(t, who) into p from app.points as t, thing where t.id = point;
  return concat(jsonb_array_length(p -> 'photos'), ' of ', p ->> 'expected_photos', ', v ', p ->> 'v');
end; $$;
create function pg_temp.photo() returns text language plpgsql as $$
declare
  photo uuid := gen_random_uuid();
  declared jsonb;
  answer jsonb;
begin
  select jsonb_build_object('user_id', author, 'photo_id', photo, 'point_id', point, 'path', author || '/' || point || '/' || photo || '-aaaaaaaaaaaaaaaa.jpg',
    'sha256', repeat('a', 64), 'size', 1, 'width', 1, 'height', 1, 'licence', 'CC-BY-SA-4.0') into declared from actor, thing;
  perform tests.as_service();
  answer := public.photo_record(declared);
  perform tests.as_owner();
  return answer ->> 'status';
end; $$;
create function pg_temp.queued(who uuid) returns text language plpgsql as $$
declare
  item jsonb;
begin
  perform tests.as_user(who);
  item := public.moderation_queue() #> '{items,0}';
  perform tests.as_owner();
  return concat(item ->> 'stored_photos', ' of ', item ->> 'expected_photos');
end; $$;

select is(tests.push(author, tests.mutation('create', point, jsonb_build_object('theme', 'heritage', 'expected_photos', 2, 'patch', jsonb_build_object('geom', tests.geom()))))
  #>> '{0,point,expected_photos}', '2', 'the answer to a capture says how many photos are expected') from actor, thing;
select is(pg_temp.seen(author), '0 of 2, v 1', 'its author reads it') from actor;
select is(pg_temp.seen(moderator), '0 of 2, v 1', 'and so does the moderator') from actor;
select is(pg_temp.queued(moderator), '0 of 2', 'in the queue too') from actor;
select is(pg_temp.photo(), 'stored', 'one arrives');
select is(pg_temp.seen(author), '1 of 2, v 2', 'the row changes for its author') from actor;
select is(pg_temp.seen(moderator), '1 of 2, v 2', 'and for the moderator') from actor;
select is(pg_temp.queued(moderator), '1 of 2', 'and the queue counts it') from actor;

update app.changes set change_xid = '5';
select tests.as_user((select moderator from actor));
select is(jsonb_path_query_first(public.sync_pull('{"buckets": [{"id": "m:me", "cursor": "4.0"}]}'), '$.changed[*].expected_photos'), '2', 'a pull brings it');
select tests.as_owner();
update app.points set status = 'published' where id = (select point from thing);
select is(pg_temp.seen(stranger), '0 of 0, v 2', 'a stranger learns only of the photos that are public') from actor;
update app.photos set state = 'published', public_path = 'x.jpg';
select is(pg_temp.seen(stranger), '1 of 1, v 2', 'once they are') from actor;
select is(pg_temp.seen(author), '1 of 2, v 2', 'its author still knows of the second') from actor;

select * from finish();
rollback;
