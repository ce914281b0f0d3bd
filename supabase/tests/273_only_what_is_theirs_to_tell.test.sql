-- What somebody is told of a place kept from others, what closes a report on one's own point, what trust leaves to a person,
-- and offers beyond one's scope.
begin;
set local search_path = public, extensions;
select plan(21);
insert into app.territories (level, code, name, departement, geom) values ('departement', '11', 'Aude', null, null),
  ('commune', '11998', 'Vraie', '11', st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '11999', 'Voisine', '11', st_multi(st_makeenvelope(2.5, 43.1, 2.8, 43.3, 4326)));
create temp table actor as select tests.user('author@test.fr') as author, tests.user('m@test.fr') as moderator, tests.user('s@test.fr') as stranger,
  tests.user('c@test.fr') as whole, tests.user('p@test.fr') as part;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(whole, 'heritage', 'coordinator'), tests.member(part, 'heritage', 'coordinator', '{11}') from actor;
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  begin execute format('select public.%I($1)', name) into answer using p;
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm); end;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('decide', point, jsonb_build_object('seen_rev', tests.rev(point), 'decision', decision) || fields))); $$;
create function pg_temp.edit(who uuid, point uuid, base jsonb, patch jsonb) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('edit', point, jsonb_build_object('base_rev', tests.rev(point), 'base', base, 'patch', patch)))); $$;

-- A blurred place, near the border of another commune.
create temp table placed as select tests.point('heritage', 2.5 + k * 0.0005, 43.2, 'published', 'lavoir', author, '{"name": "Lavoir"}', 'blurred') as id
from actor, generate_series(-20, 20) as k;
create temp table blurred as select id from app.points join placed using (id) where commune <> public_commune limit 1;
grant select on blurred to public;
select isnt((select id from blurred), null, 'a place whose commune is not the one that is shown');
select pg_temp.edit(stranger, id, '{}', '{"attributes.condition": "good"}') from actor, blurred;
select pg_temp.decide(moderator, id, 'publish', jsonb_build_object('revision_id', (select r.id from app.revisions as r where r.point_id = blurred.id))) from actor, blurred;
select is(pg_temp.call(stranger, 'my_contributions', '{}') #>> '{items,0,commune_name}', t.name, 'who edited it is told the commune that is shown')
from actor, blurred join app.points as p using (id) join app.territories as t on t.level = 'commune' and t.code = p.public_commune;
update app.points set sensitivity = 'hidden', status = 'archived' where id = (select id from blurred);
select is((select jsonb_build_object('status', item -> 'status', 'concept', item -> 'concept', 'commune', item -> 'commune_name', 'title', item -> 'title', 'views', item -> 'views')
  from actor, lateral (select pg_temp.call(stranger, 'my_contributions', '{}') #> '{items,0}' as item) as told),
  '{"status": null, "concept": null, "commune": null, "title": null, "views": {}}', 'and nothing of one that is hidden by now');
select is(pg_temp.call(stranger, 'my_contributions', '{}') #>> '{items,0,decision}', 'publish', 'but what was decided on theirs') from actor;

-- A report on a moderator's own point.
create temp table own as select tests.point('heritage', 2.3, 43.2, 'published', 'lavoir', moderator, '{"name": "Mien"}') as id, gen_random_uuid() as report from actor;
grant select on own to public;
select public.report_record(jsonb_build_object('id', report, 'point_id', id, 'kind', 'description', 'address', '192.0.2.1')) from own;
select is(pg_temp.decide(moderator, id, 'dismiss', jsonb_build_object('report_id', report)), 'rejected own_contribution', 'is not theirs to dismiss') from actor, own;
select is(pg_temp.decide(moderator, id, 'publish', jsonb_build_object('report_id', report, 'correction', jsonb_build_object('base', '{}'::jsonb, 'patch', '{"attributes.condition": "ruin"}'::jsonb))),
  'rejected own_contribution', 'nor to answer by a correction') from actor, own;
select is((select state from app.reports, own where app.reports.id = report), 'open', 'it waits for somebody else');
select is(pg_temp.decide(moderator, id, 'publish', '{"correction": {"base": {"attributes.condition": null}, "patch": {"attributes.condition": "good"}}}'), 'applied',
  'who may correct their point all the same') from actor, own;
select is((select state from app.reports, own where app.reports.id = report), 'open', 'which answers nobody');
select is(pg_temp.decide(whole, id, 'publish', jsonb_build_object('report_id', report, 'correction', '{"base": {"attributes.name": "Mien"}, "patch": {"attributes.name": "Autre"}}'::jsonb)),
  'applied', 'who answers it') from actor, own;
create temp table merged as select tests.point('heritage', 2.6, 43.2, 'submitted', 'lavoir', author, '{"name": "B"}') as goes,
  tests.point('heritage', 2.6, 43.2001, 'published', 'lavoir', author, '{"name": "B"}') as stays from actor;
grant select on merged to public;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
select gen_random_uuid(), goes, by, gen_random_uuid() || '.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-SA-4.0' from merged, actor, unnest(array[moderator, author]) as by;
select is(pg_temp.decide(moderator, goes, 'duplicate', jsonb_build_object('reason', 'duplicate', 'duplicate_of', stays)), 'applied', 'a merge') from actor, merged;
select is((select string_agg(case when user_id = moderator then 'own' else 'other' end || ' ' || state, ', ' order by state) from app.photos, merged, actor where point_id = stays),
  'own pending, other published', 'publishes no photo of who merges');
select throws_ok(format($$ select public.report_record('{"id": "%s", "point_id": "%s", "kind": "description", "address": "192.0.2.1"}') $$,
  report, tests.point('heritage', 2.31, 43.2, 'published', 'lavoir', author)), 'PT409', 'id_taken', 'one number for two reports') from own, actor;

-- What trust leaves to a person.
update app.themes set settings = settings || '{"trust": {"enabled": true, "accepted": 1, "audit": 0}}' where id = 'heritage';
insert into app.standings (user_id, theme, accepted, in_a_row) select stranger, 'heritage', 5, 5 from actor
on conflict (user_id, theme) do update set accepted = 5, in_a_row = 5;
create temp table made as select gen_random_uuid() as unnamed, gen_random_uuid() as moved, tests.point('heritage', 2.4, 43.2, 'published', 'lavoir', author, '{"name": "A"}') as known from actor;
grant select on made to public;
select tests.push(stranger, tests.mutation('create', unnamed, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(2.33, 43.2), 'concept', (select settings ->> 'holding_concept' from app.themes where id = 'heritage'), 'attributes.name', 'Chose')))) from actor, made;
select is((select status from app.points, made where id = unnamed), 'submitted', 'a thing that nobody could name');
select tests.push(stranger, tests.mutation('create', moved, jsonb_build_object('theme', 'heritage', 'patch', jsonb_build_object('geom', tests.geom(2.35, 43.2), 'concept', 'lavoir')))) from actor, made;
select is((select status from app.points, made where id = moved), 'published', 'not one that has a term, and lies alone');
select is(pg_temp.edit(stranger, moved, jsonb_build_object('geom', tests.geom(2.35, 43.2)), jsonb_build_object('geom', tests.geom(2.36, 43.2))), 'applied', 'nor an edit that moves it to a free place') from actor, made;
select is(pg_temp.edit(stranger, moved, jsonb_build_object('geom', tests.geom(2.36, 43.2)), jsonb_build_object('geom', tests.geom(2.4, 43.2))), 'pending', 'an edit that moves it onto another') from actor, made;
select is((select round(st_x(geom)::numeric, 2) from app.points, made where id = moved), 2.36, 'which stays where it was');
select is(pg_temp.edit(stranger, known, '{"concept": "lavoir"}', '{"concept": null}'), 'pending', 'an edit that takes the term away') from actor, made;

-- An offer beyond one's scope.
select pg_temp.call(whole, 'invite', '{"group": "heritage", "email": "new@test.fr", "role": "coordinator", "territories": ["*"]}') from actor;
select is(pg_temp.call(part, 'invite', '{"group": "heritage", "email": "new@test.fr", "role": "contributor", "territories": ["11"]}') #>> '{}', 'PT403 beyond_scope',
  'is not replaced by who coordinates a part') from actor;
select is(pg_temp.call(part, 'invite', jsonb_build_object('revoke', i.id)) #>> '{}', 'PT403 beyond_scope', 'nor taken back')
from actor, app.invitations as i where i.email = 'new@test.fr';
select * from finish();
rollback;
