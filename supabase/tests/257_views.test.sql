-- How often a sheet is read: counted by point and year, by networks and days, without anybody's trace.
begin;
set local search_path = public, extensions;
select plan(26);
insert into app.territories (level, code, name) values ('commune', '11069', 'Carcassonne') on conflict do nothing;
create temp table actor as select tests.user('author@test.fr') as author, tests.user('reader@test.fr') as reader, tests.user('mod@test.fr') as moderator;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "A"}') as a,
  tests.point('heritage', 2.2, 43.6, 'published', 'lavoir', author, '{"name": "B"}') as b,
  tests.point('heritage', 2.3, 43.6, 'submitted', 'lavoir', author, '{"name": "C"}') as c from actor;
grant select on thing to public;
-- Opens a sheet from an address, as PostgREST hands it over.
create function pg_temp.see(point uuid, address text, who uuid default null, more jsonb default '{}') returns text language plpgsql as $$
declare answer jsonb;
begin
  perform case when who is null then tests.as_anon() else tests.as_user(who) end;
  perform set_config('request.headers', case when address is null then '' else jsonb_build_object('cf-connecting-ip', address, 'x-forwarded-for', '203.0.113.9')::text end, true);
  begin
    answer := public.point_seen(jsonb_build_object('id', point) || more);
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm);
  end;
  perform set_config('request.headers', '', true);
  perform tests.as_owner();
  return answer #>> '{}';
end; $$;
create function pg_temp.marks(point uuid) returns int language sql as $$ select count(*)::int from app.view_marks where point_id = point; $$;

select is(pg_temp.see(a, '192.0.2.1'), '{}', 'anybody may say that they read a sheet') from thing;
select is(pg_temp.marks(a), 1, 'which counts') from thing;
select is(string_agg(distinct pg_temp.see(a, '192.0.2.1'), ''), '{}', 'who asks again and again is answered the same') from thing, generate_series(1, 50);
select is(pg_temp.marks(a), 1, 'and counts once') from thing;
select is(pg_temp.see(a, '192.0.2.1', reader), '{}', 'with an account or without') from thing, actor;
select is(pg_temp.marks(a), 1, 'it is one network') from thing;
select is(pg_temp.see(a, '192.0.2.1', null, '{"caller": "198.51.100.1"}'), '{}', 'whatever the caller says of where it comes from') from thing;
select is(pg_temp.marks(a), 1, 'the platform is believed') from thing;
select is(pg_temp.see(b, '192.0.2.1'), '{}', 'another sheet') from thing;
select is(pg_temp.marks(b), 1, 'counts too') from thing;
select is(string_agg(distinct pg_temp.see(b, '2001:db8:1:2:' || n || '::1'), ''), '{}', 'a home has many addresses') from thing, generate_series(1, 20) as n;
select ok(pg_temp.marks(b) <= 2, 'and is one network') from thing;
select is(pg_temp.see(a, '192.0.2.77', author), '{}', 'the author reads it as well') from thing, actor;
select is(pg_temp.marks(a), 1, 'and does not count') from thing;
select is(pg_temp.see(c, '192.0.2.1') || pg_temp.see(gen_random_uuid(), '192.0.2.1'), '{}{}', 'what is not public, or not there, is answered the same') from thing;
select is(pg_temp.marks(c), 0, 'and not counted') from thing;
select is(pg_temp.see(null, '192.0.2.1'), '{}', 'without point, nothing');
select tests.as_anon();
select throws_ok($$select public.point_seen('{"id": "x"}')$$, 'PT400', 'invalid_argument', 'an id is one');
select tests.as_owner();
select is(count(pg_temp.see(a, '10.' || n / 250 || '.' || n % 250 || '.1'))::int, 12000, 'twelve thousand networks in a day') from thing, generate_series(1, 12000) as n;
select is(pg_temp.marks(a), 512, 'are 512 at most') from thing;
select is(pg_temp.see(b, null), '{}', 'a platform that says nothing makes one network of all') from thing;

-- The days go into the years, and their marks with them.
update app.view_marks set day = date '2025-12-31' where mark < 100 and point_id = (select a from thing);
update app.view_marks set day = current_date - 1 where mark >= 500 and point_id = (select a from thing);
select private.fold_views();
select is((select jsonb_object_agg(year, views) from app.point_views, thing where point_id = a),
  jsonb_build_object('2025', 100, extract(year from current_date - 1)::text, 12), 'days that are over are counted by year');
select is((select count(*)::int from app.view_marks where day < current_date), 0, 'and leave no mark');

-- Told to the author.
create function pg_temp.mine(who uuid) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  answer := public.my_contributions();
  perform tests.as_owner();
  return answer;
end; $$;
insert into app.decisions (actor, author, point_id, theme, kind, decision, outcome) select moderator, author, b, 'heritage', 'new', 'publish', 'accepted' from actor, thing;
update app.points set commune = '11069' where id = (select b from thing);
select is(pg_temp.mine(author) #> '{items,0}' -> 'views', jsonb_build_object(extract(year from now())::text, pg_temp.marks(b)), 'each contribution with its readings') from actor, thing;
select is(array[pg_temp.mine(author) #>> '{items,0,concept}', pg_temp.mine(author) #>> '{items,0,commune_name}'], '{lavoir,Carcassonne}', 'and what it is, where') from actor;
select is(pg_temp.mine(author) #> '{views,2025}', '100', 'and all that one captured, together') from actor;
select * from finish();
rollback;
