-- Scope × place × state × mutation × own or not, all of them: what 205 tries for one scope and 255 for one item of each kind.
begin;
set local search_path = public, extensions;
select plan(7);
insert into app.territories (level, code, name, departement, epci, geom) values
  ('departement', '11', 'Aude', null, null, null), ('departement', '34', 'Hérault', null, null, null), ('epci', '200000001', 'Carcassonne Agglo', null, null, null),
  ('commune', '11069', 'Carcassonne', '11', '200000001', st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', null, st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)))
on conflict (level, code) do update set epci = excluded.epci, departement = excluded.departement, geom = excluded.geom;

create temp table who (name text primary key, scope text[], role text, id uuid);
insert into who values ('whole', '{*}', 'moderator'), ('departement', '{11}', 'moderator'), ('epci', '{200000001}', 'coordinator'), ('commune', '{11069}', 'moderator'),
  ('elsewhere', '{34}', 'moderator'), ('member', '{*}', 'contributor');
update who set id = tests.user(name || '@test');
select tests.member(id, 'heritage', role, scope) from who;
create temp table author as select tests.user('author@test') as id;
create temp table place (name text, geom geometry, covering text[]);
insert into place values ('in', st_setsrid(st_makepoint(2.35, 43.2), 4326), '{whole,departement,epci,commune}'),
  ('out', st_setsrid(st_makepoint(3.85, 43.6), 4326), '{whole,elsewhere}'), ('nowhere', st_setsrid(st_makepoint(0.5, 43.0), 4326), '{whole}');
create temp table mutation (name text primary key, kind text, fields jsonb);
insert into mutation values ('edit', 'edit', '{"base_rev": 1, "base": {}, "patch": {"attributes.name": "Lavoir"}}');
insert into mutation select decision, 'decide', jsonb_build_object('seen_rev', 1, 'decision', decision, 'reason', 'other')
from unnest(array['publish', 'reject', 'to_complete', 'duplicate', 'archive', 'destroy', 'restore', 'dismiss']) as decision;

-- The moderators' rows of contract §3, and those of the author; everything else is refused.
create temp table leads (status text, name text, by_author boolean, to_status text);
insert into leads values
  ('submitted', 'publish', false, 'published'), ('submitted', 'to_complete', false, 'to_complete'), ('submitted', 'reject', false, 'rejected'), ('submitted', 'duplicate', false, 'duplicate'),
  ('published', 'archive', false, 'archived'), ('published', 'destroy', false, 'destroyed'), ('published', 'duplicate', false, 'duplicate'),
  ('archived', 'restore', false, 'published'), ('destroyed', 'restore', false, 'published'), ('rejected', 'restore', false, 'submitted'), ('to_complete', 'restore', false, 'submitted'),
  ('duplicate', 'restore', false, 'published'), ('submitted', 'edit', false, 'submitted'),
  ('draft', 'edit', true, 'draft'), ('submitted', 'edit', true, 'submitted'), ('to_complete', 'edit', true, 'to_complete'), ('rejected', 'edit', true, 'submitted'), ('withdrawn', 'edit', true, 'submitted');

create temp table tried as
select w.name as scope, w.id as who, l.name as place, w.name = any (l.covering) as covered, is_own, status, m.name, m.kind, m.fields, l.geom,
  gen_random_uuid() as point, gen_random_uuid() as survivor
from who as w, place as l, unnest(array[true, false]) as is_own, mutation as m,
  unnest(array['draft', 'submitted', 'to_complete', 'rejected', 'withdrawn', 'published', 'archived', 'destroyed', 'duplicate']) as status;
insert into app.points (id, theme, author, status, geom, accuracy_m, position_source, captured_at)
select survivor, 'heritage', null, 'published', geom, 8, 'gps', '2026-05-02' from tried where name = 'duplicate' or status = 'duplicate';
insert into app.points (id, theme, author, status, status_before, duplicate_of, geom, accuracy_m, position_source, captured_at)
select point, 'heritage', case when is_own then who else (select id from author) end, status,
  case status when 'duplicate' then 'published' end, case status when 'duplicate' then survivor end, geom, 8, 'gps', '2026-05-02'
from tried;

create function pg_temp.expected(t tried) returns text language sql as $$
  select case
    when not t.is_own and t.status not in ('published', 'archived', 'destroyed') and not (t.covered and t.status not in ('draft', 'withdrawn')) then 'rejected unknown_point'
    when t.name = 'edit' and t.status = 'published' then case when t.covered then 'applied' else 'pending' end
    when t.kind <> 'decide' and exists (select from leads as l where l.status = t.status and l.name = t.name and (l.by_author and t.is_own or not l.by_author and t.covered)) then 'applied'
    when t.kind <> 'decide' then 'rejected invalid_transition'
    when not t.covered then 'rejected not_allowed'
    when t.status = 'published' and t.name in ('publish', 'reject') then 'rejected invalid_transition'
    when t.is_own then 'rejected own_contribution'
    when exists (select from leads as l where l.status = t.status and l.name = t.name) then 'applied'
    else 'rejected invalid_transition' end; $$;
-- Fifty to a call, as a device does.
create temp table result as
select t.*, tests.said(jsonb_build_array(a.result)) as said, pg_temp.expected(t) as expected
from tried as t join (
  select (m ->> 'point_id')::uuid as point, r as result
  from (
    select who, array_agg(tests.mutation(kind, point, fields || case name when 'duplicate' then jsonb_build_object('duplicate_of', survivor) else '{}' end) order by point) as mutations
    from (select *, row_number() over (partition by who order by point) / 50 as call from tried) as numbered group by who, call) as calls,
  lateral (select tests.push(who, variadic mutations) as results) as answer,
  unnest(mutations) with ordinality as m (m, n), jsonb_array_elements(results) with ordinality as r (r, k) where n = k) as a using (point);

select is((select count(*)::int from result), 6 * 3 * 2 * 9 * 9, 'every scope, place, authorship, state and mutation was tried');
select is_empty($$select scope, place, is_own, status, name, said, expected from result where said is distinct from expected$$, 'each answers as the rule says');
select is_empty($$select r.scope, r.place, r.is_own, r.status, r.name, p.status
  from result as r join app.points as p on p.id = r.point
  where p.status is distinct from case when r.said <> 'applied' then r.status else coalesce((
    select l.to_status from leads as l where l.status = r.status and l.name = r.name and (r.kind = 'decide' or l.by_author = r.is_own) limit 1), r.status) end$$,
  'each leads where the table says, or nowhere');
select is_empty($$select r.point from result as r join app.points as p on p.id = r.point where r.said like 'rejected%' and (p.rev <> 1 or p.v <> 1 or exists (select from app.events where point_id = p.id))$$,
  'what is refused leaves nothing');
select is((select count(*) from app.decisions), (select count(*) from result where kind = 'decide' and said = 'applied'), 'each decision that was taken is noted once');
select is((select count(*)::int from app.decisions where undoes is not null), 0, 'what no decision brought about is undone without inventing one');
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))', 'the queue holds what waits, and nothing else');
select * from finish();
rollback;
