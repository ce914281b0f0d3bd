begin;
set local search_path = public, extensions;
select plan(21);
create temp table actor as select tests.user('m@test') as moderator;
select tests.member(moderator, 'lighting', 'moderator') from actor;
create temp table chunk as select jsonb_build_object('theme', 'lighting', 'producer', 'Ville', 'licence', 'LO 2.0', 'delivered_on', '2026-01-05', 'points',
  '[{"ref": "1", "lon": 3.87, "lat": 43.61, "concept": "applique", "attributes": {"ref": "A1", "description": ""}},
    {"ref": "2", "lon": 3.88, "lat": 43.61, "attributes": {"ref": "A2"}}, {"ref": "2", "lon": 3.88, "lat": 43.61, "attributes": {"ref": "A2"}},
    {"ref": "3", "lon": 3.88}, {"ref": "4", "lon": 12.5, "lat": 41.9}, {"ref": "5", "lon": 3.88, "lat": 43.6, "concept": "licorne"},
    {"lon": 3.88, "lat": 43.6}, {"ref": "6", "lon": 3.88, "lat": 43.6, "attributes": {"nope": 1}}]'::jsonb) as p;
create temp table first as select private.load_points(p) as r from chunk;
select is(r - 'refused' - 'source_id', '{"inserted": 2, "updated": 0, "unchanged": 1}', 'new points are published, a repeated reference once') from first;
select is((select string_agg(item ->> 'code', ' ' order by n) from first, jsonb_array_elements(r -> 'refused') with ordinality as t (item, n)),
  'invalid_geometry outside_territory invalid_concept invalid_patch invalid_attributes', 'each bad row is refused with its code, the others pass');
create temp table loaded as select p.* from app.points as p, first where source_id = (r ->> 'source_id')::bigint;
select is((select count(*)::int from loaded where status = 'published' and author is null and first_published_at is not null and public_cell is not null), 2, 'as published points without author');
select is((select count(*)::int from loaded where id::text like '019b8b74-1800-7%'), 2, 'whose ids tell the day of delivery, no more');
select is((select attributes from loaded where source_ref = '1'), '{"ref": "A1"}', 'empty values are left out');
select is((select count(*)::int from app.changes as c join loaded on loaded.id = c.point_id where bucket like 'c:lighting:%'), 2, 'they are announced in their cell');
select is((select count(*)::int from app.events as e join loaded on loaded.id = e.point_id where action = 'load'), 2, 'and in the history');
select is((select private.point_json(p, null) -> 'source' ->> 'producer' from app.points as p join loaded using (id) where loaded.source_ref = '1'), 'Ville', 'with their source');
select is((private.load_points(p)) - 'refused' - 'source_id', '{"inserted": 0, "updated": 0, "unchanged": 3}', 'loading twice') from chunk;
select is_empty($$select id from loaded as l where not exists (select from app.points as p where p.id = l.id and p.v = l.v and p.rev = l.rev)$$, 'changes nothing');
select is((select count(*)::int from app.events as e join loaded on loaded.id = e.point_id), 2, 'not even the history');

-- The source changes its mind; so do people.
select is(tests.said(tests.push(moderator, tests.mutation('edit', id, '{"base_rev": 1, "base": {"attributes.ref": "A1"}, "patch": {"attributes.ref": "mine"}}'))), 'applied', 'a moderator corrects a point')
from actor, loaded where source_ref = '1';
select is((private.load_points(p)) ->> 'updated', '0', 'the same file again') from chunk;
select is(tests.attributes(id) ->> 'ref', 'mine', 'does not undo it') from loaded where source_ref = '1';
create temp table later as select private.load_points(jsonb_set(jsonb_set(p, '{points,0,attributes}', '{"ref": "A1 bis", "description": "LED"}'),
  '{points,1}', '{"ref": "2", "lon": 3.99, "lat": 43.61}') #- '{points,2}') as r from chunk;
select is(r ->> 'updated', '2', 'a later file is taken') from later;
select is(tests.attributes(id), '{"ref": "mine", "description": "LED"}', 'where nobody changed anything since') from loaded where source_ref = '1';
select is(tests.attributes(id), '{}', 'what the source no longer says is cleared') from loaded where source_ref = '2';
select is((select rev || ' ' || v from app.points where id = loaded.id), '2 2', 'one step of rev') from loaded where source_ref = '2';
select is((select count(*)::int from app.changes where point_id = loaded.id and bucket like 'c:%'), 2, 'a moved point is announced in both cells') from loaded where source_ref = '2';
select is((select diff -> 'attributes.ref' from app.events where point_id = loaded.id and diff is not null), '["A2", null]', 'the history keeps what it said') from loaded where source_ref = '2';
select throws_ok($$select private.load_points('{"theme": "nope"}')$$, 'PT400', 'unknown_theme', 'a theme that does not exist');
select * from finish();
rollback;
