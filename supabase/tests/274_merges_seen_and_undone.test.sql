-- A merge is decided on what was seen of both points, and undone where both are one's own to moderate.
begin;
set local search_path = public, extensions;
select plan(35);
insert into app.territories (level, code, name, departement, epci, geom) values
  ('departement', '11', 'Aude', null, null, null), ('departement', '34', 'Hérault', null, null, null),
  ('commune', '11069', 'Carcassonne', '11', null, st_multi(st_makeenvelope(2.2, 43.1, 2.5, 43.3, 4326))),
  ('commune', '34172', 'Montpellier', '34', null, st_multi(st_makeenvelope(3.7, 43.5, 4.0, 43.7, 4326)))
on conflict (level, code) do update set epci = excluded.epci, departement = excluded.departement, geom = excluded.geom;
create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('m@test') as moderator,
  tests.user('n@test') as second, tests.user('s@test') as sector;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(second, 'heritage', 'moderator'), tests.member(sector, 'heritage', 'moderator', '{11}') from actor;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('decide', point, jsonb_build_object('seen_rev', tests.rev(point), 'decision', decision, 'reason', 'duplicate') || fields))); $$;
create function pg_temp.rename(who uuid, point uuid, name text) returns text language sql as $$
  select tests.said(tests.push(who, tests.mutation('edit', point, jsonb_build_object('base_rev', tests.rev(point),
    'base', jsonb_build_object('attributes.name', tests.attributes(point) -> 'name'), 'patch', jsonb_build_object('attributes.name', name))))); $$;
create function pg_temp.known(lon float8, name text, status text default 'published', who uuid default null) returns uuid language sql as $$
  select tests.point('heritage', lon, 43.2, status, 'lavoir', coalesce(who, author), jsonb_build_object('name', name)) from actor; $$;
create function pg_temp.into(point uuid, seen int, keep jsonb default '{"attributes.name": "this"}') returns jsonb language sql as $$
  select jsonb_build_object('duplicate_of', point, 'seen_other_rev', seen, 'keep', keep); $$;

-- What was put right on the survivor meanwhile is not written over.
create temp table train as select pg_temp.known(2.3, 'Twin') as twin, pg_temp.known(2.3001, 'Old') as stays;
select is(pg_temp.rename(second, stays, 'Right'), 'applied', 'somebody puts the survivor right') from train, actor;
select is(pg_temp.decide(moderator, twin, 'duplicate', pg_temp.into(stays, 1)), 'rejected stale_review', 'a merge that never saw it comes back') from train, actor;
select is((select string_agg(concat_ws(' ', status, attributes ->> 'name', rev), ', ' order by name) from (select p.*, p.attributes ->> 'name' as name from app.points as p, train where id in (twin, stays)) as s),
  'published Right 2, published Twin 1', 'both are as they were') from train;
select is(pg_temp.decide(moderator, twin, 'duplicate', pg_temp.into(stays, 1, '{"attributes.name": "other"}')), 'applied', 'what takes nothing over is taken') from train, actor;
create temp table again as select pg_temp.known(2.3002, 'Third') as third, pg_temp.known(2.3003, 'Fourth') as fourth;
select is(pg_temp.decide(moderator, third, 'duplicate', pg_temp.into(twin, tests.rev(twin))), 'rejected stale_review', 'a survivor that was merged into another is not the one that was seen') from train, again, actor;
select is(pg_temp.decide(moderator, third, 'duplicate', pg_temp.into(stays, tests.rev(stays))), 'applied', 'seen as it is') from train, again, actor;
select is(pg_temp.decide(moderator, fourth, 'duplicate', pg_temp.into(stays, null)), 'applied', 'an older app does not say') from train, again, actor;

-- A receipt holds the rev at arrival, which is not what was read.
create temp table chained as select pg_temp.known(2.31, 'Read', 'submitted') as id;
create temp table sent as select tests.mutation('comment', id, '{"text": "Bonjour"}') as comment from chained;
select is(pg_temp.rename(author, id, 'Unread'), 'applied', 'its author changes a point') from chained, actor;
select is(tests.said(tests.push(moderator, comment, tests.mutation('decide', id, jsonb_build_object('seen_after', comment -> 'mutation_id', 'decision', 'publish')))),
  'applied, rejected stale_review', 'a comment tells nothing of what was read') from chained, sent, actor;
create temp table edited as select tests.mutation('edit', id, '{"base_rev": 1, "base": {}, "patch": {"attributes.use": "laver"}}') as edit from chained;
select is(tests.said(tests.push(moderator, edit, tests.mutation('decide', id, jsonb_build_object('seen_after', edit -> 'mutation_id', 'decision', 'publish')))),
  'merged, rejected stale_review', 'nor does an edit of what was not current') from chained, edited, actor;
create temp table decided as select tests.mutation('decide', id, jsonb_build_object('seen_rev', tests.rev(id), 'decision', 'to_complete', 'reason', 'other')) as first from chained;
select is(tests.said(tests.push(moderator, first, tests.mutation('decide', id, jsonb_build_object('seen_after', first -> 'mutation_id', 'decision', 'restore')))),
  'applied, applied', 'a decision follows a decision') from chained, decided, actor;

-- Undone by those who moderate both.
create temp table far as select pg_temp.known(2.32, 'Here') as twin, tests.point('heritage', 3.8, 43.6, 'published', 'lavoir', author, '{"name": "There"}') as stays from actor;
select is(pg_temp.decide(moderator, twin, 'duplicate', pg_temp.into(stays, 1)), 'applied', 'a survivor elsewhere') from far, actor;
select is(pg_temp.decide(sector, twin, 'restore'), 'rejected not_allowed', 'whoever does not moderate the survivor leaves it as it is') from far, actor;
select is((select concat_ws(' ', attributes ->> 'name', rev) from app.points where id = stays), 'Here 2', 'nothing is given back') from far;
select is(pg_temp.decide(moderator, twin, 'restore'), 'applied', 'whoever moderates both may') from far, actor;
select is(tests.attributes(stays) ->> 'name', 'There', 'and it says again what it said') from far;

-- A chain is undone the last one first.
create temp table chain as select pg_temp.known(2.33, 'One') as one, pg_temp.known(2.3301, 'Two') as two, pg_temp.known(2.3302, 'Last') as last;
create function pg_temp.looks(point uuid) returns text language sql as $$
  select concat_ws(' ', status, attributes ->> 'name', confirmation_count, (select count(*) from app.photos where point_id = p.id)) from app.points as p where id = point; $$;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence, state, public_path)
select gen_random_uuid(), one, author, 'one.jpg', repeat('b', 64), 1, 1, 1, 'CC', 'published', 'one-public.jpg' from actor, chain;
select is(tests.said(tests.push(other, tests.mutation('confirm', one, '{"observed_at": "2026-05-01", "found": true}'))), 'applied', 'seen again') from actor, chain;
select is(pg_temp.decide(moderator, one, 'duplicate', pg_temp.into(two, 1)) || ' ' || pg_temp.decide(moderator, two, 'duplicate', jsonb_build_object('duplicate_of', last)), 'applied applied', 'a chain') from chain, actor;
create temp table held as select pg_temp.looks(last) as last, pg_temp.looks(two) as two from chain;
select is(pg_temp.decide(moderator, one, 'restore'), 'rejected invalid_transition', 'the first link is not undone while the second holds') from chain, actor;
select is(pg_temp.looks(chain.last) || pg_temp.looks(chain.two), held.last || held.two, 'nothing moved') from chain, held;
select is(pg_temp.decide(moderator, two, 'restore') || ' ' || pg_temp.decide(moderator, one, 'restore'), 'applied applied', 'the last one first') from chain, actor;
select is(array[pg_temp.looks(one), pg_temp.looks(two), pg_temp.looks(last)], array['published One 1 1', 'published Two 0 0', 'published Last 0 0'], 'all are what they were') from chain;

-- What others gave does not go with what its author takes back.
create temp table taken as select pg_temp.known(2.34, 'B', 'submitted') as twin, pg_temp.known(2.3401, 'C', 'submitted', other) as own, pg_temp.known(2.3402, 'A', 'submitted', other) as stays from actor;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence) select gen_random_uuid(), twin, author, 'b.jpg', repeat('b', 64), 1, 1, 1, 'CC' from actor, taken;
select is(pg_temp.decide(moderator, twin, 'duplicate', pg_temp.into(stays, 1)) || ' ' || pg_temp.decide(moderator, own, 'duplicate', jsonb_build_object('duplicate_of', stays)), 'applied applied', 'two merges') from taken, actor;
select is(tests.said(tests.push(other, tests.mutation('withdraw', stays))), 'applied', 'the survivor is withdrawn') from taken, actor;
select is(array[pg_temp.looks(twin), pg_temp.looks(own), pg_temp.looks(stays)], array['submitted B 0 1', 'duplicate C 0 0', 'withdrawn A 0 0'], 'what somebody else gave is back, with its photo') from taken;
select is((select string_agg(kind, ' ') from app.queue where point_id in (twin, own, stays)), 'new', 'and waits') from taken;
select is((select concat_ws(' ', from_status, action, to_status, actor) from app.events where point_id = twin order by id desc limit 1), 'duplicate restore submitted', 'as its history tells, by nobody') from taken;
select is(exists (select from app.decisions as u where u.undoes = d.id), true, 'the decision is undone') from app.decisions as d, taken where d.point_id = twin and d.decision = 'duplicate';
select is(pg_temp.rename(author, twin, 'Mine'), 'applied', 'its author goes on') from taken, actor;

-- An edit that waits on what was merged since.
create temp table beside as select pg_temp.known(2.35, 'B') as twin, pg_temp.known(2.3501, 'A') as stays, gen_random_uuid() as one, gen_random_uuid() as two from actor;
select is(tests.said(tests.push(other, tests.mutation('edit', twin, '{"base_rev": 1, "base": {}, "patch": {"attributes.condition": "good"}}', one))) || ' '
  || tests.said(tests.push(second, tests.mutation('comment', twin, '{"text": "Vu"}'))) || ' ' || pg_temp.decide(moderator, twin, 'duplicate', jsonb_build_object('duplicate_of', stays)), 'pending applied applied', 'a point is merged with an edit beside it') from beside, actor;
select is(tests.said(tests.push(sector, tests.mutation('withdraw', twin, jsonb_build_object('revision_id', two)))), 'rejected unknown_revision', 'one that was never made') from beside, actor;
select is(tests.said(tests.push(other, tests.mutation('withdraw', twin, jsonb_build_object('revision_id', one)))), 'applied', 'its author takes it back') from beside, actor;
select is((select state || ' ' || (select count(*) from app.queue where point_id = twin) from app.revisions where id = one), 'withdrawn 0', 'and nothing waits') from beside;
create temp table cleared as select pg_temp.known(2.36, 'B') as twin, pg_temp.known(2.3601, 'A') as stays, gen_random_uuid() as one from actor;
select tests.push(other, tests.mutation('edit', twin, '{"base_rev": 1, "base": {}, "patch": {"attributes.condition": "good"}}', one)) from cleared, actor;
select pg_temp.decide(moderator, twin, 'duplicate', jsonb_build_object('duplicate_of', stays)) from cleared, actor;
select is(pg_temp.decide(moderator, twin, 'reject', jsonb_build_object('revision_id', one)), 'applied', 'a moderator clears another') from cleared, actor;
select is((select coalesce(max(s.refused), 0) from app.standings as s, actor where s.user_id = other), 0, 'which is nobody''s refusal') from actor;
select * from finish();
rollback;
