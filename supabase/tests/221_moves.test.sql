-- A decision that moves a point and hides or shows it: only the cells where the public saw it, or sees it, hear of it.
begin;
set local search_path = public, extensions;
select plan(9);

create temp table who as select tests.user('author@t') as author, tests.user('moderator@t') as moderator, tests.user('stranger@t') as stranger;
select tests.member(moderator, 'heritage', 'moderator') from who;
create temp table cell as select 'c:heritage:' || private.cell_of(st_setsrid(st_makepoint(2.35, 43.21), 4326)) as here,
  'c:heritage:' || private.cell_of(st_setsrid(st_makepoint(2.95, 43.61), 4326)) as there;
grant select on who, cell to public;
create temp table thing as select
  tests.point('heritage', 2.35, 43.21, 'published', 'lavoir', author) as merged,
  tests.point('heritage', 2.35, 43.21, 'published', 'lavoir', author) as hidden,
  tests.point('heritage', 2.35, 43.21, 'published', 'lavoir', author) as archived,
  tests.point('heritage', 2.35, 43.21, 'submitted', 'lavoir', author) as shown,
  tests.point('heritage', 2.351, 43.211, 'published', 'lavoir', author) as survivor
from who;
grant select on thing to public;
-- Inside one transaction nothing is before the horizon: changes are dated back as if committed.
update app.changes set change_xid = '5';

create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}', patch jsonb default jsonb_build_object('geom', tests.geom(2.95, 43.61)))
returns text language plpgsql as $$
declare
  what jsonb := jsonb_build_object('decision', decision, 'seen_rev', tests.rev(point), 'reason', 'other',
    'correction', jsonb_build_object('base', '{}'::jsonb, 'patch', patch)) || fields;
begin
  return tests.said(tests.push((select moderator from who), tests.mutation('decide', point, what)));
end;
$$;
create function pg_temp.cells(point uuid) returns text[]
language sql as $$
  select array_agg(case bucket when here then 'here' when there then 'there' end order by bucket = there)
  from app.changes, cell where point_id = point and bucket like 'c:%' and change_xid = pg_current_xact_id();
$$;

select is(pg_temp.decide(merged, 'duplicate', jsonb_build_object('duplicate_of', survivor)), 'applied', 'a point is moved and merged at once') from thing;
select is(pg_temp.cells(merged), '{here}', 'the cell where it was hears of it, the one where nobody ever saw it does not') from thing;
select is(pg_temp.decide(hidden, 'publish', '{}', jsonb_build_object('geom', tests.geom(2.95, 43.61), 'sensitivity', 'hidden')), 'applied', 'a point is moved and hidden at once') from thing;
select is(pg_temp.cells(hidden), '{here}', 'nor does it then') from thing;
select is(pg_temp.decide(archived, 'archive'), 'applied', 'a point is moved and archived at once') from thing;
select is(pg_temp.cells(archived), '{here,there}', 'which everybody may see: both cells hear of it') from thing;
select is(pg_temp.decide(shown, 'publish'), 'applied', 'a new point is moved and published at once') from thing;
select is(pg_temp.cells(shown), '{there}', 'only the cell where it is published hears of it') from thing;

update app.changes set change_xid = '6' where change_xid = pg_current_xact_id();
select tests.as_user((select stranger from who));
select is(public.sync_pull(jsonb_build_object('buckets', jsonb_build_array(jsonb_build_object('id', there, 'cursor', '5.999999')))) -> 'gone', '[]',
  'a stranger who follows that cell learns no id') from cell;

select tests.as_owner();
select * from finish();
rollback;
