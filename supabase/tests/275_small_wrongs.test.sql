-- A correction changes something and is no refusal; a thing is gone once; what vanished freezes nobody.
begin;
set local search_path = public, extensions;
select plan(20);
insert into app.territories (level, code, name, departement, epci, geom) values
  ('departement', '11', 'Aude', null, null, null), ('departement', '34', 'Hérault', null, null, null),
  ('commune', '11069', 'Carcassonne', '11', null, st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326)))
on conflict (level, code) do nothing;
create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point, jsonb_build_object('seen_rev', tests.rev(point), 'decision', decision, 'reason', 'other') || fields))) from actor; $$;
create temp table thing as select status, tests.point('heritage', 2.3 + n * 0.01, 43.2, status, 'lavoir', author, '{"name": "B"}') as id
from actor, unnest(array['submitted', 'published', 'archived', 'rejected']) with ordinality as s (status, n);
create temp table correction as select '{"correction": {"base": {}, "patch": {"attributes.name": "X"}}}'::jsonb as m;
insert into app.reports (id, point_id, kind) select gen_random_uuid(), id, 'problem' from thing where status in ('published', 'archived');

select is(pg_temp.decide(id, decision, m), 'rejected invalid_patch', 'nothing is rewritten by ' || decision)
from thing, correction, unnest(array['reject', 'to_complete']) as decision where status = 'submitted';
select is(pg_temp.decide(id, 'dismiss', m), 'rejected invalid_transition', 'what is archived stays as it is') from thing, correction where status = 'archived';
select is(pg_temp.decide(id, 'publish', '{"correction": {"base": {}, "patch": {}}}'), 'rejected invalid_patch', 'an empty correction corrects nothing') from thing where status = 'submitted';
select is(pg_temp.decide(id, 'publish', '{"fields": []}'), 'rejected invalid_patch', 'nothing of a new point is not a point') from thing where status = 'submitted';
select is((select count(*)::int from thing join app.points as p using (id) where p.attributes ->> 'name' = 'B' and p.status = thing.status), 4, 'all of that changed nothing');
select is(pg_temp.decide(id, 'dismiss', m), 'applied', 'a report is answered by a correction') from thing, correction where status = 'published';
select is(pg_temp.decide(id, 'publish', m || '{"fields": []}'), 'applied', 'a new point is written anew') from thing, correction where status = 'submitted';
select is(pg_temp.decide(id, 'restore', m), 'applied', 'what is put back may be put right') from thing, correction where status in ('archived', 'rejected');

create function pg_temp.gone() returns text language sql as $$
  select tests.said(tests.push(author, tests.mutation('confirm', id, '{"found": false, "observed_at": "2026-05-02T10:00:00Z"}'))) from thing, actor where status = 'published'; $$;
create function pg_temp.told() returns text language sql as $$
  select concat_ws(' ', (select count(*) from app.reports as r where r.point_id = thing.id and kind = 'gone' and state = 'open'), (select count(*) from app.confirmations as c where c.point_id = thing.id))
  from thing where status = 'published'; $$;
select is(pg_temp.gone() || ', ' || pg_temp.gone() || ', ' || pg_temp.gone(), 'applied, applied, applied', 'somebody says thrice that it is gone');
select is(pg_temp.told(), '1 3', 'which is one item, of three visits');
select is(pg_temp.decide(id, 'dismiss'), 'applied', 'answered') from thing where status = 'published';
select is(pg_temp.gone() || ' ' || pg_temp.told(), 'applied 1 4', 'it may be told again');

select is(private.covers_scope('{34}', asked), covers, 'Hérault and ' || asked::text) from (values
  ('{11}'::text[], false), ('{11069}', false), ('{*}', false), ('{11999}', true), ('{11999,11069}', false)) as v (asked, covers);
select is(private.covers_scope('{34}', '{200035715}'), exists (select from app.territories where level = 'epci'), 'before a list is loaded, what exists is not known');
select * from finish();
rollback;
