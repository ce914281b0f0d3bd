-- In what state somebody saw a thing again is told to whoever reads it; the sheet itself does not change.
begin;
set local search_path = public, extensions;
select plan(21);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('judge@test.fr') as judge, tests.user('walker@test.fr') as walker;
select tests.member(judge, 'heritage', 'moderator') from actor;
create temp table thing as select
  tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"condition": "good"}') as id,
  tests.point('heritage', 2.1001, 43.6, 'published', 'lavoir', author, '{"condition": "fair"}') as twin,
  tests.point('lighting', 2.1, 43.6) as lamp from actor;
grant select on actor, thing to public;
create function pg_temp.see(point uuid, day text, state text, found boolean default true) returns text language sql as $$
  select tests.said(tests.push(walker, tests.mutation('confirm', point,
    jsonb_build_object('observed_at', day, 'found', found) || case when state is null then '{}' else jsonb_build_object('condition', state) end))) from actor;
$$;
create function pg_temp.told(point uuid, who uuid) returns jsonb language sql as $$ select private.point_json(p, who) -> 'confirmations' from app.points as p where p.id = point; $$;

select is(pg_temp.told(id, null), '{"count": 0, "last_at": null}', 'nobody has seen it again') from thing;
select is(pg_temp.see(id, '2026-05-09', 'poor'), 'applied', 'seen in a poor state') from thing;
select is(pg_temp.told(id, null), '{"count": 1, "last_at": "2026-05-09", "condition": "poor", "condition_at": "2026-05-09"}', 'everybody reads it') from thing;
select ok((select bool_and(pg_temp.told(id, who) = pg_temp.told(id, null)) from thing, actor, lateral (values (author), (judge), (walker)) as people (who)),
  'its author, a moderator and who said it too');
select is((select attributes ->> 'condition' from app.points, thing where points.id = thing.id), 'good', 'the sheet says what it said');
select is((select rev from app.points, thing where points.id = thing.id), 1, 'and is no other content');

-- What was seen earlier and arrives later; what tells no state.
select is(pg_temp.see(id, '2026-05-02', 'ruin'), 'applied', 'seen before') from thing;
select is(pg_temp.see(id, '2026-05-10', null), 'applied', 'seen since, without a word on its state') from thing;
select is(pg_temp.see(id, '2026-05-11', 'unknown'), 'applied', 'by somebody who cannot tell') from thing;
select is(pg_temp.see(id, '2026-05-12', 'Visitez mon site'), 'applied', 'by somebody who writes what no form offers') from thing;
select is(pg_temp.told(id, null), '{"count": 5, "last_at": "2026-05-12", "condition": "poor", "condition_at": "2026-05-09"}', 'the last state is the last that was told') from thing;
select is(pg_temp.see(lamp, '2026-05-12', 'poor'), 'applied', 'a thing of which nobody asks') from thing;
select is(pg_temp.told(lamp, null), '{"count": 1, "last_at": "2026-05-12"}', 'tells none') from thing;

-- The history.
select tests.as_user((select walker from actor));
create temp table events as select e.value as e from thing, jsonb_array_elements(public.point_history(jsonb_build_object('point_id', id)) -> 'events') as e where e.value ->> 'action' = 'confirm';
select set_eq($$select e #>> '{diff,observed,1}' from events$$, array['poor', 'ruin', null], 'its history tells each, and no text of anybody');
select tests.as_owner();

-- A merge brings what was seen of the other; its undo takes it away.
select is(pg_temp.see(twin, '2026-05-15', 'fair'), 'applied', 'the same thing, captured twice') from thing;
create temp table merge as select tests.push(judge, tests.mutation('decide', twin, jsonb_build_object('decision', 'duplicate', 'reason', 'duplicate', 'seen_rev', 1, 'duplicate_of', id))) as answer from actor, thing;
select is((select tests.said(answer) from merge), 'applied', 'merged');
select is(pg_temp.told(id, null), '{"count": 6, "last_at": "2026-05-15", "condition": "fair", "condition_at": "2026-05-15"}', 'what was seen of both') from thing;
select is(tests.said(tests.push(judge, tests.mutation('decide', twin, jsonb_build_object('decision', 'restore', 'seen_rev', (select rev from app.points where points.id = twin))))), 'applied', 'undone') from actor, thing;
select is(pg_temp.told(id, null) - 'count', '{"last_at": "2026-05-12", "condition": "poor", "condition_at": "2026-05-09"}', 'it says again what was seen of it') from thing;

-- What an older server kept and told to nobody.
update app.points set observed_condition = null, observed_condition_on = null where id in (select id from thing union select twin from thing);
select is(private.fill_observed_conditions(), 2, 'is told of both');
select is(pg_temp.told(id, null) ->> 'condition', 'poor', 'the last of each') from thing;
select * from finish();
rollback;
