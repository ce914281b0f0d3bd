-- What people read of themselves: reports that they sign, what they follow by name, since when they hold a role, names of territories.
begin;
set local search_path = public, extensions;
select plan(22);
insert into app.territories (level, code, name, departement) values ('departement', '11', 'Aude', null), ('commune', '11069', 'Carcassonne', '11') on conflict do nothing;
create temp table actor as select tests.user('author@test.fr') as author, tests.user('walker@test.fr') as walker, tests.user('mod@test.fr') as moderator;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create temp table thing as select tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author, '{"name": "Lavoir du pré"}') as p,
  tests.point('heritage', 2.2, 43.6, 'submitted', 'lavoir', author) as waiting from actor;
grant select on thing to public;
create function pg_temp.say(who uuid, point uuid, fields jsonb) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('comment', point, '{"text": "La croix est cassée"}' || fields))); $$;

select is(pg_temp.say(walker, p, '{}'), 'applied', 'somebody writes about a published point') from actor, thing;
select is((select count(*)::int from app.reports), 0, 'which asks for no decision');
select is(pg_temp.say(walker, p, '{"about": "rubbish"}'), 'rejected invalid_patch', 'what one reports is of the list') from actor, thing;
select is(pg_temp.say(walker, p, '{"about": "gone"}'), 'rejected invalid_patch', 'that it is gone is said by a confirmation') from actor, thing;
select is((select count(*)::int from app.reports), 0, 'and nothing is half done');
select is(pg_temp.say(walker, p, '{"about": "description"}'), 'applied', 'a report is taken') from actor, thing;
select is((select concat_ws(' ', kind, about, text, user_id = walker, state) from app.reports, actor), 'problem description La croix est cassée t open', 'as its author wrote it');
select is((select kind from app.queue, thing where point_id = p), 'report', 'it waits in the queue');
select is((select count(*)::int from app.events as e, thing where e.point_id = p and e.comment = 'La croix est cassée'), 2, 'and is in the history, as a comment is');
select is(pg_temp.say(author, waiting, '{"about": "photo"}'), 'applied', 'on a point that waits it is a comment') from actor, thing;
select is((select count(*)::int from app.reports), 1, 'that point is in the queue already');

select tests.as_user(walker) from actor;
select public.follow(jsonb_build_object('kind', 'point', 'target', p)) from thing;
select public.follow('{"kind": "commune", "target": "11069"}');
select public.follow('{"kind": "theme", "target": "heritage"}');
select is(public.preferences_set() -> 'follows', jsonb_build_array(
  jsonb_build_object('kind', 'commune', 'target', '11069', 'title', 'Carcassonne'),
  jsonb_build_object('kind', 'point', 'target', p, 'title', 'Lavoir du pré', 'theme', 'heritage', 'concept', 'lavoir'),
  '{"kind": "theme", "target": "heritage"}'::jsonb), 'what one follows has its name') from thing;
select tests.as_owner();
update app.points set sensitivity = 'hidden' where id = (select p from thing);
select tests.as_user(walker) from actor;
select is(public.preferences_set() #> '{follows,1}', jsonb_build_object('kind', 'point', 'target', p), 'a point that was hidden tells nothing more') from thing;
select is(public.follow(jsonb_build_object('kind', 'point', 'target', p, 'on', false)) -> 'follows' @> jsonb_build_array(jsonb_build_object('kind', 'point')), false, 'and one may still stop') from thing;

select is(public.me() -> 'memberships', '[]', 'who holds no role reads none');
select tests.as_user(moderator) from actor;
select is((public.me() #>> '{memberships,0,since}')::timestamptz <= now(), true, 'a role is told with its day');
select is((public.me() #> '{memberships,0}') - '{since,invited_at}'::text[], '{"group": "heritage", "role": "moderator", "territories": ["*"]}', 'and its scope');

select is(public.me() #> '{memberships,0,invited_at}', 'null', 'one that nobody was invited to says so');
select tests.as_owner();
insert into app.invitations (group_id, email, role, territories, invited_by, consumed_at, consumed_by)
select 'heritage', null, 'moderator', '{*}', author, now(), moderator from actor;
select tests.as_user(moderator) from actor;
select is((public.me() #>> '{memberships,0,invited_at}')::timestamptz <= now(), true, 'and one that was taken, when');
select is((select string_agg(t ->> 'name', ' ') from jsonb_array_elements(public.territories('{"codes": ["11", "11069", "99999"]}')::jsonb -> 'territories') as t), 'Aude Carcassonne', 'territories are named by code');
select throws_ok($$select public.territories('{"codes": "11"}')$$, 'PT400', 'invalid_argument', 'a list is expected');
select throws_ok($$select public.territories(jsonb_build_object('codes', (select jsonb_agg(n::text) from generate_series(1, 501) as n)))$$, 'PT400', 'invalid_argument', 'of 500 at most');
select * from finish();
rollback;
