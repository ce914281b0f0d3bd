-- Who decides on what, and where: scope × place × own or not × kind of item × decision, all of them.
begin;
set local search_path = public, extensions;
select plan(8);
insert into app.territories (level, code, name, departement, epci, geom) values
  ('departement', '11', 'Aude', null, null, null), ('departement', '34', 'Hérault', null, null, null), ('epci', '200000001', 'Carcassonne Agglo', null, null, null),
  ('commune', '11069', 'Carcassonne', '11', '200000001', st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', null, st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)))
on conflict (level, code) do update set epci = excluded.epci, departement = excluded.departement, geom = excluded.geom;

create temp table who (name text primary key, scope text[], role text, id uuid);
insert into who values ('whole', '{*}', 'moderator'), ('departement', '{11}', 'moderator'), ('epci', '{200000001}', 'moderator'), ('commune', '{11069}', 'moderator'),
  ('several', '{34,11069}', 'moderator'), ('elsewhere', '{34}', 'moderator'), ('gone', '{11000}', 'moderator'), ('coordinator', '{11}', 'coordinator'),
  ('member', '{*}', 'contributor'), ('nobody', null, null);
update who set id = tests.user(name || '@test');
select tests.member(id, 'heritage', role, scope) from who where role is not null;
create temp table author as select tests.user('author@test') as id;

create temp table item (kind text, decision text);
-- Kind far: merged into a point elsewhere.
insert into item values ('new', 'publish'), ('new', 'to_complete'), ('new', 'reject'), ('new', 'duplicate'), ('edit', 'publish'), ('edit', 'reject'),
  ('photo', 'publish'), ('photo', 'reject'), ('report', 'dismiss'), ('report', 'archive'), ('report', 'destroy'), ('refused', 'restore'), ('merged', 'restore'),
  ('far', 'duplicate'), ('far', 'restore');

create temp table tried as
select w.name, w.id as who, w.scope, w.role, place, is_own, i.kind, i.decision, gen_random_uuid() as point, gen_random_uuid() as part, gen_random_uuid() as survivor
from who as w, unnest(array['in', 'out', 'nowhere']) as place, unnest(array[true, false]) as is_own, item as i;
create function pg_temp.at(place text) returns geometry language sql as $$
  select st_setsrid(case place when 'in' then st_makepoint(2.35, 43.2) when 'out' then st_makepoint(3.85, 43.6) else st_makepoint(0.5, 43.0) end, 4326); $$;
insert into app.points (id, theme, author, status, geom, accuracy_m, position_source, captured_at)
select survivor, 'heritage', null, 'published', pg_temp.at(case kind when 'far' then 'out' else place end), 8, 'gps', '2026-05-02'
from tried where decision = 'duplicate' or kind in ('merged', 'far');
insert into app.points (id, theme, author, status, status_before, duplicate_of, geom, accuracy_m, position_source, captured_at)
select point, 'heritage', case when is_own and kind not in ('edit', 'photo') then who else (select id from author) end,
  case when kind = 'new' then 'submitted' when kind = 'refused' then 'rejected' when kind = 'merged' or kind = 'far' and decision = 'restore' then 'duplicate'
    when kind = 'far' then 'submitted' else 'published' end,
  case when kind in ('merged', 'far') and decision = 'restore' then 'submitted' end, case when kind in ('merged', 'far') and decision = 'restore' then survivor end, pg_temp.at(place), 8, 'gps', '2026-05-02'
from tried;
insert into app.revisions (id, point_id, author, base_rev, base, patch, captured_at)
select part, point, case when is_own then who else (select id from author) end, 1, '{}', '{"attributes.name": "Lavoir"}', now() from tried where kind = 'edit';
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
select part, point, case when is_own then who else (select id from author) end, part || '.jpg', repeat('a', 64), 1, 1, 1, 'x' from tried where kind = 'photo';
insert into app.reports (id, point_id, kind) select part, point, 'problem' from tried where kind = 'report';

-- The rule, said once more and otherwise than the database says it.
create function pg_temp.expected(t tried) returns text language sql as $$
  select case
    when not is_public and not own and not covered then 'rejected unknown_point'
    when not covered then 'rejected not_allowed'
    when t.is_own then 'rejected own_contribution'
    -- A merge, and its undo, change both points.
    when t.kind = 'far' and t.name not in ('whole', 'several', 'elsewhere') then 'rejected not_allowed'
    else 'applied' end
  from (select t.kind in ('edit', 'photo', 'report') as is_public, t.is_own as own,
    coalesce(t.role in ('moderator', 'coordinator'), false) and case t.place
      when 'in' then t.name in ('whole', 'departement', 'epci', 'commune', 'several', 'coordinator')
      when 'out' then t.name in ('whole', 'several', 'elsewhere')
      else t.name = 'whole' end as covered) as k; $$;
create function pg_temp.tried(t tried) returns text language sql as $$
  select tests.said(tests.push(t.who, tests.mutation('decide', t.point, jsonb_build_object('seen_rev', 1, 'decision', t.decision, 'reason', 'other')
    || case when t.kind = 'edit' then jsonb_build_object('revision_id', t.part) when t.kind = 'report' then jsonb_build_object('report_id', t.part)
      when t.decision = 'duplicate' then jsonb_build_object('duplicate_of', t.survivor) else '{}' end))); $$;
create temp table result as select t.*, pg_temp.tried(t) as said, pg_temp.expected(t) as expected from tried as t;

select is((select count(*)::int from result), 10 * 3 * 2 * 15, 'every scope, place, authorship, item and decision was tried');
select is_empty($$select name, place, is_own, kind, decision, said, expected from result where said is distinct from expected$$, 'each answers as the rule says');
select ok((select count(*) > 100 from result where said = 'applied') and (select count(*) > 300 from result where said <> 'applied'), 'many are taken, more are refused');
select is_empty($$select r.point from result as r join app.points as p on p.id = r.point where r.said <> 'applied' and (p.rev <> 1 or exists (select from app.events where point_id = p.id))$$,
  'what is refused leaves nothing');
select is((select count(*) from app.decisions), (select count(*) from result where said = 'applied'), 'what is taken is noted once');
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))', 'the queue holds what waits, and nothing else');

-- Decided on the train, two days ago; what changed meanwhile comes back.
create temp table train as select tests.point('heritage', 2.35, 43.2, 'submitted', null, id) as same, tests.point('heritage', 2.36, 43.2, 'submitted', null, id) as moved from author;
create temp table taken as select tests.mutation('decide', same, '{"captured_at": "2026-04-30T08:00:00Z", "seen_rev": 1, "decision": "publish"}') as on_same,
  tests.mutation('decide', moved, '{"captured_at": "2026-04-30T08:00:00Z", "seen_rev": 1, "decision": "publish"}') as on_moved from train;
select is(tests.said(tests.push(id, tests.mutation('edit', moved, '{"base_rev": 1, "base": {}, "patch": {"attributes.name": "Croix"}}'))), 'applied', 'the author changes one meanwhile') from author, train;
select is((select tests.said(r) || ' ' || (r #>> '{1,point,attributes,name}') from (select tests.push(w.id, on_same, on_moved) as r from who as w, taken where w.name = 'epci') as answer),
  'applied, rejected stale_review Croix', 'the other is decided, that one comes back as it is now');
select * from finish();
rollback;
