-- Many at once where it is safe; trust that is earned, lost, and looked at afterwards.
begin;
set local search_path = public, extensions;
select plan(73);
create temp table actor as select tests.user('a@test') as author, tests.user('b@test') as other, tests.user('m@test') as moderator,
  tests.user('n@test') as second, tests.user('c@test') as coordinator, tests.user('aude@test') as aude;
grant select on actor to public;
select tests.member(moderator, 'lighting', 'moderator'), tests.member(second, 'lighting', 'moderator'), tests.member(coordinator, 'lighting', 'coordinator'),
  tests.member(aude, 'lighting', 'coordinator', '{11}') from actor;
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  begin
    execute format('select public.%I($1)', name) into answer using p;
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm);
  end;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.decision(point uuid, decision text, fields jsonb default '{}') returns jsonb language sql as $$
  select tests.mutation('decide', point, jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields); $$;
create function pg_temp.decide(who uuid, point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(who, pg_temp.decision(point, decision, fields))); $$;
create function pg_temp.status(point uuid) returns text language sql as $$ select status from app.points where id = point; $$;

-- A street of lights, far apart; a twin; one of somebody else; one in conflict.
create temp table lamp as select n, tests.point('lighting', 2.0 + n * 0.01, 43.6, 'submitted', 'lampadaire', author) as id from actor, generate_series(1, 6) as n;
create temp table odd as select tests.point('lighting', 2.07, 43.6, 'submitted', 'lampadaire', author) as twin, tests.point('lighting', 2.07, 43.6, 'published', 'lampadaire', other) as known,
  tests.point('lighting', 2.2, 43.6, 'submitted', 'lampadaire', other) as theirs, tests.point('lighting', 2.3, 43.6, 'submitted', 'lampadaire', author) as torn,
  tests.point('lighting', 2.4, 43.6, 'submitted', 'lampadaire', moderator) as own from actor;
insert into app.conflicts (mutation_id, field, point_id, user_id) select gen_random_uuid(), 'concept', torn, author from odd, actor;

create temp table asked as select pg_temp.call(moderator, 'moderation_bulk', jsonb_build_object('point_ids',
  (select jsonb_agg(id) from (select id from lamp union all select unnest(array[twin, theirs, torn, own, known]) from odd) as t))) as r from actor;
select is((select jsonb_array_length(r -> 'safe') from asked), 6, 'what may be decided together');
select set_eq($$select (u ->> 'why') from asked, jsonb_array_elements(r -> 'unsafe') as u$$,
  array['candidate', 'other_author_or_theme', 'conflict', 'own_contribution', 'not_waiting'], 'and why the others may not');
select is(pg_temp.call(author, 'moderation_bulk', jsonb_build_object('point_ids', (select jsonb_agg(id) from lamp))), '{"safe": [], "unsafe": []}', 'nothing for who moderates nothing') from actor;
select is(pg_temp.call(moderator, 'moderation_bulk', jsonb_build_object('point_ids', (select jsonb_agg(gen_random_uuid()) from generate_series(1, 101)))), '"PT400 invalid_argument"', '100 at most') from actor;

-- One of them changes meanwhile: the others pass.
create temp table bulk as select gen_random_uuid() as id, gen_random_uuid() as full;
create temp table sent as select array_agg(pg_temp.decision(lamp.id, 'publish', jsonb_build_object('bulk', bulk.id)) order by n) as decisions from lamp, bulk where n <= 3;
select is(tests.said(tests.push(author, tests.mutation('edit', (select id from lamp where n = 2), '{"base_rev": 1, "base": {}, "patch": {"attributes.description": "Penche"}}'))), 'applied', 'one changes') from actor;
select is(tests.said(tests.push(moderator, variadic decisions)), 'applied, rejected stale_review, applied', 'it is shown again, the others pass') from actor, sent;
select is(tests.said(tests.push(moderator, variadic decisions)), 'applied, rejected stale_review, applied', 'sent again it is the same') from actor, sent;
select is(items, 2, 'each counts once') from app.bulks;
select is(pg_temp.decide(moderator, twin, 'publish', jsonb_build_object('bulk', id)), 'rejected not_bulk_safe', 'one that may be known is looked at alone') from actor, odd, bulk;
select is(pg_temp.decide(moderator, torn, 'publish', jsonb_build_object('bulk', id)), 'rejected not_bulk_safe', 'so is one in conflict') from actor, odd, bulk;
select is(pg_temp.decide(moderator, theirs, 'publish', jsonb_build_object('bulk', id)), 'rejected not_bulk_safe', 'one of another author') from actor, odd, bulk;
select is(pg_temp.decide(moderator, (select id from lamp where n = 4), 'reject', jsonb_build_object('bulk', id)), 'rejected not_bulk_safe', 'one decision a lot') from actor, bulk;
select is(pg_temp.decide(second, (select id from lamp where n = 4), 'publish', jsonb_build_object('bulk', id)), 'rejected not_bulk_safe', 'one moderator a lot') from actor, bulk;
select is(pg_temp.decide(moderator, (select id from lamp where n = 4), 'publish', jsonb_build_object('bulk', id) || '{"correction": {"patch": {"attributes.description": "x"}}}'), 'rejected not_bulk_safe', 'a lot changes no field') from actor, bulk;
select is(pg_temp.decide(moderator, (select id from lamp where n = 4), 'publish', '{"bulk": "x"}'), 'rejected not_bulk_safe', 'a lot has an id') from actor;
insert into app.bulks (id, moderator, author, theme, decision, items) select bulk.full, moderator, author, 'lighting', 'publish', 100 from bulk, actor;
select is(pg_temp.decide(moderator, (select id from lamp where n = 4), 'publish', jsonb_build_object('bulk', bulk.full)), 'rejected not_bulk_safe', '100 a lot') from actor, bulk;
select is(pg_temp.decide(moderator, twin, 'publish'), 'applied', 'alone it is decided') from actor, odd;

-- Trust: off by default.
create function pg_temp.create(lon float8, at_rank int default 0) returns jsonb language sql as $$
  select tests.mutation('create', gen_random_uuid(), jsonb_build_object('theme', 'lighting', 'patch', jsonb_build_object('geom', tests.geom(lon), 'concept', 'lampadaire'))); $$;
create function pg_temp.pushed(lon float8) returns text language sql as $$
  select r #>> '{0,status}' || ' ' || (r #>> '{0,point,status}') || ' ' || (r #>> '{0,rev}') from (select tests.push(author, pg_temp.create(lon)) as r from actor) as t; $$;
update app.standings set in_a_row = 50 where user_id = (select author from actor);
select is(pg_temp.pushed(2.5), 'applied submitted 1', 'trust is off by default');
select is(pg_temp.call(moderator, 'trust_set', '{"theme": "lighting", "enabled": true}'), '"PT403 not_allowed"', 'a moderator does not turn it on') from actor;
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "heritage", "enabled": true}'), '"PT403 not_allowed"', 'nor a coordinator of another group') from actor;
select is(pg_temp.call(aude, 'trust_set', '{"theme": "lighting", "enabled": true}'), '"PT403 beyond_scope"', 'nor one of a part: the rule holds everywhere') from actor;
select is(pg_temp.call(aude, 'reasons_set', '{"theme": "lighting", "reasons": []}'), '"PT403 beyond_scope"', 'nor do they write the reasons of the theme') from actor;
select is(pg_temp.call(coordinator, 'reasons_set', '{"theme": "lighting", "reasons": []}') ->> 'reasons', '[]', 'a coordinator of the whole group does') from actor;
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": 1}'), '"PT400 invalid_argument"', 'yes or no') from actor;
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": true, "accepted": 3, "audit": 0}') -> 'trust', '{"audit": 0, "enabled": true, "accepted": 3}', 'a coordinator does') from actor;
select is(pg_temp.call(author, 'me', '{}') #>> '{trust,lighting,trusted}', 'true', 'the person sees it') from actor;
select is(pg_temp.pushed(2.51), 'applied published 2', 'what they send is published at once');
select is((select string_agg(action || ' ' || actor_kind || ' ' || coalesce(to_status, ''), ', ' order by e.id) from app.events as e join app.points as p on p.id = e.point_id where st_x(p.geom) = 2.51), 'create author submitted, publish system published', 'and the history tells both');
select is(tests.said(tests.push(author, pg_temp.create(2.52), pg_temp.create(2.53))), 'applied, applied', 'many too') from actor;
select is((select count(*)::int from app.points where status = 'published' and st_x(geom) in (2.52, 2.53)), 2, 'both are public');
select is(pg_temp.pushed(2.51), 'applied submitted 1', 'what may be known already waits for a person');
select is((select tests.push(other, pg_temp.create(2.6)) #>> '{0,point,status}' from actor), 'submitted', 'somebody else''s waits');
create temp table trusted as select id from app.points where st_x(geom) = 2.51 and status = 'published';
select is((select tests.push(author, tests.mutation('edit', id, '{"base_rev": 2, "base": {}, "patch": {"attributes.description": "Neuf"}}')) #>> '{0,status}' from actor, trusted), 'applied', 'an edit is taken at once');
select is((select tests.attributes(id) ->> 'description' || ' ' || (select state from app.revisions where point_id = trusted.id) from trusted), 'Neuf accepted', 'as an accepted revision');
select is((select tests.push(other, tests.mutation('edit', id, '{"base_rev": 3, "base": {"attributes.description": "Neuf"}, "patch": {"attributes.description": "Vieux"}}')) #>> '{0,status}' from actor, trusted), 'pending', 'the edit of somebody else waits');
-- How a place is shown is no matter of trust.
create temp table place as select tests.point('lighting', 2.9, 43.6, 'published', 'lampadaire', author) as open, tests.point('lighting', 2.91, 43.6, 'published', 'lampadaire', author) as hidden,
  tests.point('lighting', 2.92, 43.6, 'submitted', 'lampadaire', author) as own from actor;
update app.points set sensitivity = 'hidden' where id = (select hidden from place);
create function pg_temp.edited(point uuid, patch jsonb, base jsonb default '{}') returns text language sql as $$
  select r #>> '{0,status}' || ' ' || (select status || ' ' || sensitivity from app.points where id = point)
  from (select tests.push(author, tests.mutation('edit', point, jsonb_build_object('base_rev', (select rev from app.points where id = point), 'base', base, 'patch', patch))) as r from actor) as t; $$;
select is(pg_temp.edited(hidden, '{"sensitivity": "open"}', '{"sensitivity": "hidden"}'), 'pending published hidden', 'a hidden place is not opened by trust') from place;
select is(pg_temp.edited(hidden, '{"attributes.description": "Neuf"}'), 'pending published hidden', 'nor is anything else of it changed') from place;
select is(pg_temp.edited(open, '{"sensitivity": "hidden"}'), 'pending published open', 'nor is an open one hidden') from place;
select is(pg_temp.edited(open, '{"attributes.description": "Neuf"}'), 'pending published open', 'what is added to such an edit waits with it') from place;
select is((select tests.push(author, tests.mutation('edit', own, '{"base_rev": 1, "base": {}, "patch": {"sensitivity": "hidden"}}')) #>> '{0,point,status}' from actor, place), 'submitted', 'a new point is not published by it');
select is((select count(*)::int from app.queue where kind = 'edit' and point_id in (open, hidden)), 2, 'a person finds them in the queue') from place;
create function pg_temp.photo(who uuid, point uuid, photo uuid) returns text language sql as $$
  select private.photo_record(jsonb_build_object('user_id', who, 'photo_id', photo, 'point_id', point, 'path', who || '/' || point || '/' || photo || '.jpg',
    'sha256', repeat('a', 64), 'size', 1, 'width', 1, 'height', 1, 'licence', 'x')) ->> 'status'; $$;
select is(pg_temp.photo(author, id, '0190aaaa-0000-7000-8000-00000000000a') || pg_temp.photo(other, id, '0190aaaa-0000-7000-8000-00000000000b'), 'storedstored', 'photos arrive') from actor, trusted;
select is((select string_agg(state, ' ' order by id) from app.photos), 'published pending', 'theirs is published, the other waits');
select is((select count(*)::int from app.jobs where kind = 'publish_photos'), 1, 'and copied');
select is((select string_agg(actor_kind || ' ' || action || ' ' || coalesce(reason, '-'), ', ' order by id) from app.events where point_id = (select id from trusted) and action in ('photo', 'publish') and id > (select min(id) from app.events where action = 'photo')),
  'system publish trust, contributor photo -', 'and the history tells that trust did it');
create function pg_temp.kept(who uuid, point uuid, photo uuid) returns text language plpgsql as $$
declare said text := pg_temp.photo(who, point, photo);
begin
  return said || (select state from app.photos where id = photo);
end; $$;
select is(pg_temp.kept(author, hidden, '0190aaaa-0000-7000-8000-00000000000c'), 'storedpending', 'a picture of a hidden place waits') from actor, place;
update app.photos set state = 'pending' where id = '0190aaaa-0000-7000-8000-00000000000a';
select is(pg_temp.kept(author, id, '0190aaaa-0000-7000-8000-00000000000a'), 'storedpending', 'sent again, one that waits goes on waiting') from actor, trusted;
delete from app.photos where id = '0190aaaa-0000-7000-8000-00000000000c';
-- A new point whose place is not shown as it is.
create function pg_temp.created(lon float8, fields jsonb, as_status text default 'submitted') returns text language sql as $$
  select r #>> '{0,status}' || ' ' || (r #>> '{0,point,status}') from (select tests.push(author, tests.mutation('create', gen_random_uuid(), jsonb_build_object('theme', 'lighting', 'status', as_status,
    'patch', jsonb_build_object('geom', tests.geom(lon), 'concept', 'lampadaire') || fields))) as r from actor) as t; $$;
select is(pg_temp.created(3.01, '{"sensitivity": "hidden"}'), 'applied submitted', 'a new point that is to be hidden waits for a person');
select is(pg_temp.created(3.02, '{"sensitivity": "blurred"}'), 'applied submitted', 'so does one that is to be blurred');
select is(pg_temp.created(3.03, '{"sensitivity": "open"}'), 'applied published', 'one that says that it is open is published');
select is(pg_temp.created(3.04, '{"sensitivity": "hidden"}', 'draft'), 'applied draft', 'a hidden draft');
select is((select tests.push(actor.author, tests.mutation('edit', p.id, '{"base_rev": 1, "base": {}, "patch": {"attributes.description": "Ici"}, "submit": true}')) #>> '{0,point,status}' from app.points as p, actor where st_x(p.geom) = 3.04), 'submitted', 'waits when it is sent');

-- Sent back once, a point is read by a person.
create temp table back as select tests.point('lighting', 2.7, 43.6, 'submitted', 'lampadaire', author) as id from actor;
select is(pg_temp.decide(moderator, id, 'to_complete'), 'applied', 'sent back') from actor, back;
select is((select tests.push(author, tests.mutation('edit', id, '{"base_rev": 2, "base": {}, "patch": {"attributes.description": "Voilà"}, "submit": true}')) #>> '{0,point,status}' from actor, back), 'submitted', 'it waits again');

-- Audit: drawn at random, and trust lost.
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": true, "audit": 1}') #>> '{trust,accepted}', '3', 'what is not said stays') from actor;
select is(pg_temp.pushed(2.8), 'applied published 2', 'published');
create temp table audited as select p.id, r.id as report from app.points as p join app.reports as r on r.point_id = p.id where r.kind = 'audit';
select is((select count(*)::int from audited), 1, 'and looked at afterwards');
select is((select pg_temp.call(moderator, 'moderation_review', jsonb_build_object('point_id', id)) #>> '{report,kind}' from actor, audited), 'audit', 'in the queue, as such');
select is(pg_temp.decide(moderator, id, 'dismiss', jsonb_build_object('report_id', report)), 'applied', 'nothing to say') from actor, audited;
select ok((select in_a_row >= 3 from app.standings where user_id = author), 'leaves trust as it was') from actor;
select is(pg_temp.pushed(2.81), 'applied published 2', 'another');
select is(pg_temp.decide(moderator, p.id, 'archive'), 'applied', 'that was wrong') from app.points as p, actor where st_x(p.geom) = 2.81;
select is((select in_a_row from app.standings where user_id = author), 0, 'loses it') from actor;
select is(pg_temp.pushed(2.82), 'applied submitted 1', 'the next one waits');
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": false}') #>> '{trust,enabled}', 'false', 'turned off') from actor;
-- A photo is looked at before, by the same chance; who took it answers for it.
update app.standings set in_a_row = 9, corrected = 0, refused = 0; insert into app.standings (user_id, theme, in_a_row) select other, 'lighting', 9 from actor;
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": true, "audit": 1}') #>> '{trust,audit}', '1', 'every one is looked at') from actor;
select is(pg_temp.kept(other, id, '0190aaaa-0000-7000-8000-00000000000d'), 'storedpending', 'a drawn photo waits') from actor, trusted;
select is(pg_temp.kept(other, id, '0190aaaa-0000-7000-8000-00000000000d'), 'storedpending', 'however often it is sent') from actor, trusted;
select is((select q.author from app.queue as q where kind = 'photo' and point_id = (select id from trusted)) = any (array[author, other]), true, 'in the queue') from actor;
update app.photos set state = 'published' where id in ('0190aaaa-0000-7000-8000-00000000000a', '0190aaaa-0000-7000-8000-00000000000b');
select is(pg_temp.decide(moderator, id, 'reject'), 'applied', 'refused') from actor, trusted;
select is((select string_agg(refused || ' ' || in_a_row, ', ' order by user_id = author) from app.standings, actor where theme = 'lighting'), '1 0, 0 9', 'it counts against who took it, and not who captured the point');
select is(pg_temp.call(coordinator, 'trust_set', '{"theme": "lighting", "enabled": false}') #>> '{trust,enabled}', 'false', 'turned off again') from actor;
select set_eq('select kind, item_id, point_id, theme, commune, author from app.queue',
  'select kind, item_id, point_id, theme, commune, author from private.waiting_items(array(select id from app.points))', 'the queue holds what waits, and nothing else');
select * from finish();
rollback;
