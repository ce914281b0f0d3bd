begin;
set local search_path = public, extensions;
select plan(45);

create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('c@test') as third,
  tests.user('m@test') as moderator;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select
  tests.point('heritage', 2.1, 43.6, 'submitted', 'lavoir', author, '{"name": "A", "condition": "good", "materials": ["calcaire"]}') as mine,
  tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "A", "condition": "good"}') as public,
  tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "A"}', 'blurred') as blurred,
  tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "A"}', 'hidden') as hidden
from actor;
insert into app.forms (theme, rev, form) values ('heritage', 9, '{"rev": 9, "sections": [{"id": "more", "fields": [
  {"key": "materials", "type": "choices"}, {"key": "name", "type": "text", "locating": true}, {"key": "use", "type": "text"},
  {"key": "threats", "type": "choices"}]}]}');
create function pg_temp.edit(who uuid, point uuid, base jsonb, patch jsonb, base_rev int default 1, fields jsonb default '{}', id uuid default gen_random_uuid())
returns jsonb language sql as $$
  select tests.push(who, tests.mutation('edit', point, jsonb_build_object('base_rev', base_rev, 'base', base, 'patch', patch) || fields, id)) -> 0;
$$;
create function pg_temp.said(result jsonb) returns text language sql as $$ select tests.said(jsonb_build_array(result)); $$;

-- Path by path, on the author's own submitted point.
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.name": "A"}', '{"attributes.name": "B"}')), 'applied', 'server = base: mine is taken') from actor, thing;
select is(tests.rev(mine), 2, 'rev moves once') from thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.condition": "good"}', '{"attributes.condition": "fair"}')), 'merged',
  'another field on an old rev: merged') from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.name": "A"}', '{"attributes.name": "B"}')), 'applied', 'server = mine: nothing to do') from actor, thing;
select is(tests.rev(mine), 3, 'and nothing moves') from thing;
create temp table clash as select pg_temp.edit(author, mine, '{"attributes.name": "A", "attributes.use": null}', '{"attributes.name": "C", "attributes.use": "laver"}') as r from actor, thing;
select is(r ->> 'status', 'conflict', 'both changed: conflict') from clash;
select is((r -> 'conflicts' -> 0) - 'at' - 'mutation_id', '{"field": "attributes.name", "base": "A", "mine": "C", "theirs": "B"}', 'with the three values') from clash;
select is(r -> 'point' -> 'conflicts' -> 0 ->> 'mine', 'C', 'kept with the point') from clash;
select is(r -> 'point' -> 'conflicts' -> 0 -> 'theirs_by' ->> 'kind', 'self', 'with who wrote theirs: their own other device') from clash;
select is(tests.attributes(mine) ->> 'use', 'laver', 'the other field went through') from thing;
select is(tests.attributes(mine) ->> 'name', 'B', 'the server''s value stays') from thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.name": "B"}', '{"attributes.name": "C"}', 4,
  jsonb_build_object('resolves', jsonb_build_array(r ->> 'mutation_id')))), 'applied', 'keep mine: an edit on their value that resolves') from actor, thing, clash;
select is((select count(*)::int from app.conflicts where resolved_by is null), 0, 'closes the conflict');
create temp table again as select pg_temp.edit(author, mine, '{"attributes.name": "A"}', '{"attributes.name": "D"}') as r from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{}', '{}', 5, jsonb_build_object('resolves', jsonb_build_array(r ->> 'mutation_id')))),
  'applied', 'keep theirs: an empty patch that resolves') from actor, thing, again;
select is((select count(*)::int from app.conflicts where resolved_by is null), 0, 'closes it too');
select is(jsonb_array_length((select r -> 'conflicts' from again)), 1, 'the receipt keeps the conflict that was answered');

-- Positions and lists.
select is(pg_temp.said(pg_temp.edit(author, mine, jsonb_build_object('geom', tests.geom()), jsonb_build_object('geom', tests.geom(2.10002)))),
  'merged', 'a move of 2 m under the accuracy is still a move') from actor, thing;
select is((select round(st_x(geom)::numeric, 5) from app.points, thing where id = mine), 2.10002, 'it is written');
select is(pg_temp.said(pg_temp.edit(author, mine, jsonb_build_object('geom', tests.geom(2.2)), jsonb_build_object('geom', tests.geom(2.10005)))),
  'applied', 'theirs within the accuracy of mine: the same place') from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, mine, jsonb_build_object('geom', tests.geom(2.2)), jsonb_build_object('geom', tests.geom(2.101)))),
  'conflict', 'elsewhere: a conflict on the position as a whole') from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.materials": ["calcaire"]}', '{"attributes.materials": ["calcaire", "schiste"]}', 6)), 'applied',
  'a list grows') from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.materials": ["calcaire"]}', '{"attributes.materials": ["brique"]}')), 'merged',
  'lists merge as sets') from actor, thing;
select is(tests.attributes(mine) -> 'materials', '["schiste", "brique"]', 'what I took away is out, what others added stays') from thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '{"attributes.materials": ["schiste", "brique"]}', '{"attributes.materials": null}')), 'merged', 'a list is cleared') from actor, thing;
select ok(not tests.attributes(mine) ? 'materials', 'and gone') from thing;
select is(pg_temp.said(pg_temp.edit(author, mine, '[]', '{}')), 'rejected invalid_patch', 'base is an object') from actor, thing;

-- Beside a published point.
create temp table first as select pg_temp.edit(other, public, '{"attributes.name": "A"}', '{"attributes.name": "B"}') as r from actor, thing;
select is(r ->> 'status', 'pending', 'an edit of a published point waits') from first;
select is(r ->> 'revision_id', r ->> 'mutation_id', 'under the id of the mutation') from first;
select is(tests.attributes(public) ->> 'name', 'A', 'the public version stays') from thing;
select is(tests.rev(public), 1, 'as does rev') from thing;
create temp table second as select pg_temp.edit(other, public, '{"attributes.name": "B", "attributes.condition": "good"}',
  '{"attributes.name": "C", "attributes.condition": "ruin"}') as r from actor, thing;
select is(r ->> 'status', 'pending', 'one''s own pending value is the server''s for oneself') from second;
select is(jsonb_array_length(r -> 'point' -> 'pending'), 1, 'one live revision per author and point') from second;
select is(r -> 'point' -> 'pending' -> 0 -> 'patch', '{"attributes.name": "C", "attributes.condition": "ruin"}', 'the union of both') from second;
select is(r -> 'point' -> 'pending' -> 0 -> 'base', '{"attributes.name": "A", "attributes.condition": "good"}', 'on what was first seen') from second;
select is((select state || coalesce(' by ' || (superseded_by = (second.r ->> 'revision_id')::uuid)::text, '') from app.revisions, first, second
  where id = (first.r ->> 'revision_id')::uuid), 'superseded by true', 'the old one is superseded');
select is(pg_temp.said(pg_temp.edit(third, public, '{"attributes.name": "A"}', '{"attributes.name": "Z"}')), 'pending', 'somebody else proposes apart') from actor, thing;
select is((select count(*)::int from app.revisions, thing where point_id = public and state = 'pending'), 2, 'each has one');
select is(pg_temp.said(pg_temp.edit(other, public, '{"attributes.name": "C", "attributes.condition": "ruin"}',
  '{"attributes.name": "A", "attributes.condition": "good"}')), 'applied', 'going back to what is published leaves nothing to propose') from actor, thing;
select is((select count(*)::int from app.revisions, thing where point_id = public and state = 'pending'), 1, 'the revision is withdrawn');
select is(pg_temp.said(pg_temp.edit(moderator, public, '{"attributes.name": "A"}', '{"attributes.name": "M"}')), 'applied', 'a moderator in scope writes at once') from actor, thing;
select is((select state from app.revisions, actor, thing where point_id = public and revisions.author = moderator), 'accepted', 'as their own revision');

-- Nothing of the true position leaks into a stranger's merge.
create temp table probe as select pg_temp.edit(third, blurred, jsonb_build_object('geom', tests.geom(1.5, 43.0, 1), 'attributes.name', 'X'),
  jsonb_build_object('geom', tests.geom(1.6, 43.0, 1), 'attributes.name', 'Y')) as r from actor, thing;
select is((select c -> 'theirs' from probe, jsonb_array_elements(r -> 'conflicts') as c where c ->> 'field' = 'attributes.name'), 'null'::jsonb, 'what a stranger may not see is no value for them');
select is((select c -> 'theirs' ->> 'source' from probe, jsonb_array_elements(r -> 'conflicts') as c where c ->> 'field' = 'geom'), 'blurred',
  'the conflict shows the public position');
select is(pg_temp.said(pg_temp.edit(third, hidden, '{}', '{"attributes.name": "X"}')), 'rejected unknown_point', 'a hidden point does not exist') from actor, thing;
select is(pg_temp.said(pg_temp.edit(author, hidden, '{"attributes.name": "A"}', '{"attributes.name": "X"}')), 'pending', 'but for its author') from actor, thing;
select * from finish();
rollback;
