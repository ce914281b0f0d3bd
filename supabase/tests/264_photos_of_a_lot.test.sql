-- A lot is decided on with the photos that were there when it was gathered.
begin;
set local search_path = public, extensions;
select plan(3);
create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator;
grant select on actor to public;
select tests.member(moderator, 'lighting', 'moderator') from actor;
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  begin
    execute format('select public.%I($1)', name) into answer using p;
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm);
  end;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.decision(point uuid, decision text, fields jsonb default '{}') returns jsonb language sql as $$
  select tests.mutation('decide', point, jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields); $$;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, pg_temp.decision(point, decision, fields))); $$;
-- A photo that arrives once the lot is gathered waits for another look.
create temp table photographed as select tests.point('lighting', 2.5, 43.6, 'submitted', null, author) as id from actor;
create function pg_temp.photo_of_author(point uuid) returns uuid language sql as $$
  insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
  select gen_random_uuid(), point, author, gen_random_uuid() || '.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-SA-4.0' from actor returning id; $$;
select pg_temp.photo_of_author(id) from photographed;
create temp table gathered as select pg_temp.call(moderator, 'moderation_bulk', jsonb_build_object('point_ids', jsonb_build_array(photographed.id))) -> 'safe' -> 0 as r from actor, photographed;
select is(jsonb_array_length(r -> 'photos'), 1, 'a lot names the photos that wait') from gathered;
select pg_temp.photo_of_author(id) from photographed;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('bulk', gen_random_uuid(), 'photos_seen', r -> 'photos')), 'applied', 'it is decided with them') from actor, photographed, gathered;
select is((select string_agg(state, ' ' order by id = (r -> 'photos' ->> 0)::uuid) from app.photos, gathered where point_id = photographed.id), 'pending published', 'and the other waits') from photographed;

select * from finish();
rollback;
