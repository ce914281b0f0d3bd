-- Everybody whose contribution was decided on is told, of what holds, in its own words.
begin;
set local search_path = public, extensions;
select plan(39);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('b@test.fr') as other, tests.user('c@test.fr') as third,
  tests.user('m@test.fr') as moderator, tests.user('f@test.fr') as follower;
grant select on actor to public;
select tests.member(moderator, 'lighting', 'moderator') from actor;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'other') || fields))) from actor; $$;
create function pg_temp.photo(point uuid, who uuid) returns uuid language sql as $$
  insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
  values (gen_random_uuid(), point, who, gen_random_uuid() || '.jpg', repeat('a', 64), 1, 1, 1, 'CC-BY-SA-4.0') returning id; $$;
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  execute format('select public.%I($1)', name) into answer using p;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.known(lon float8, status text default 'published') returns uuid language sql as $$ select tests.point('lighting', lon, 43.6, status, 'lampadaire', author) from actor; $$;
create function pg_temp.edit(who uuid, point uuid, text text) returns jsonb language sql as $$
  select tests.mutation('edit', point, jsonb_build_object('base_rev', rev, 'base', jsonb_build_object('attributes.description', attributes -> 'description'),
    'patch', jsonb_build_object('attributes.description', text))) from app.points where id = point; $$;
-- What a decision was noted as, and for whom.
create function pg_temp.noted(point uuid) returns text language sql as $$
  select string_agg(concat_ws(' ', split_part(u.email, '@', 1), d.kind, d.decision, d.outcome, case when d.waited is not null then 'waited' end), ', ' order by d.id)
  from app.decisions as d left join auth.users as u on u.id = d.author where d.point_id = point; $$;
-- The mail of the day, as somebody gets it.
create function pg_temp.mail(who text) returns text language plpgsql as $$
declare told text;
begin
  delete from app.mails where kind <> 'report';
  delete from app.jobs where kind = 'mail';
  update app.profiles set digest = 'daily', digest_sent_at = now() - interval '2 days';
  perform private.send_digests();
  select string_agg(substring(text from '(?n)^- .*(?:\n(?:- |  ).*)*'), ' | ' order by id) into told from app.mails where address = who || '@test.fr' and kind <> 'report';
  return coalesce(told, 'nothing');
end; $$;

-- What trust publishes.
update app.themes set settings = settings || '{"trust": {"enabled": true, "accepted": 1, "audit": 0}}' where id = 'lighting';
insert into app.standings (user_id, theme, accepted, in_a_row) select other, 'lighting', 7, 7 from actor;
insert into app.follows (user_id, kind, target) select follower, 'theme', 'lighting' from actor;
create temp table trusted as select pg_temp.known(2.1) as edited, gen_random_uuid() as created;
select is(tests.said(tests.push(other, pg_temp.edit(other, edited, 'Penché'), tests.mutation('create', created, jsonb_build_object('theme', 'lighting', 'patch', jsonb_build_object('geom', tests.geom(2.9), 'concept', 'lampadaire'))))),
  'applied, applied', 'an edit and a new point of somebody trusted') from trusted, actor;
select is(pg_temp.noted(edited) || '; ' || pg_temp.noted(created), 'b edit publish accepted; b new publish accepted', 'are noted, without having waited') from trusted;
select is((select count(*)::int from app.judgements), 0, 'and count for nothing in their standing');
select is(jsonb_path_query_array(pg_temp.call(other, 'my_contributions', '{}'), '$.items[*].reason'), '["trust", "trust"]', 'they read it among what became of theirs') from actor;
select is(private.photo_record(jsonb_build_object('user_id', other, 'photo_id', id, 'point_id', point, 'path', other || '/' || point || '/' || id || '.jpg', 'sha256', repeat('a', 64),
  'size', 1, 'width', 1, 'height', 1, 'licence', 'x')) ->> 'status', 'stored', 'a photo by trust')
from trusted, actor, lateral (select gen_random_uuid() as id, unnest(array[created, pg_temp.known(2.11), edited]) as point) as taken;
select is((select string_agg(d.kind, ' ' order by d.id) from app.decisions as d), 'edit new photo', 'photos are noted once, with what they came with');
select is((select count(*)::int from app.decisions where generation is not null), 0, 'nobody was told yet');
select ok(pg_temp.mail('f') like '%: 3 nouveautés', 'who follows hears of three points');
select ok(pg_temp.mail('b') = 'nothing', 'told once');
select is(private.median_days('lighting'), null, 'what waited for nothing is in no median');
update app.themes set settings = settings - 'trust' where id = 'lighting';

-- An audit found wanting.
create function pg_temp.audit(point uuid, who uuid) returns uuid language sql as $$
  insert into app.reports (id, point_id, kind, user_id) values (gen_random_uuid(), point, 'audit', who) returning id; $$;
create temp table audited as select pg_temp.known(2.2) as corrected, pg_temp.known(2.3) as archived, pg_temp.known(2.4) as two;
select pg_temp.audit(corrected, other), pg_temp.audit(archived, other), pg_temp.audit(two, other), pg_temp.audit(two, third) from audited, actor;
select is(pg_temp.decide(corrected, 'publish', '{"correction": {"patch": {"attributes.description": "Vrai"}}}'), 'applied', 'what somebody edited is put right') from audited;
select is(pg_temp.noted(corrected), 'b report publish waited', 'who edited is told, not who captured the point') from audited;
select is(pg_temp.decide(two, 'publish', '{"correction": {"patch": {"attributes.description": "Vrai"}}}'), 'applied', 'of two people') from audited;
select is((select count(*)::int from app.decisions where point_id = two and author in (other, third)), 2, 'both are') from audited, actor;
select is(pg_temp.decide(archived, 'archive'), 'applied', 'an archive') from audited;
select is(pg_temp.noted(archived), 'b report archive, author report archive waited', 'is told to both') from audited;
select is(pg_temp.decide(archived, 'restore'), 'applied', 'undone') from audited;
select is(pg_temp.noted(archived), 'b report archive, author report archive waited, b restore, author restore', 'so is its undo') from audited;
select ok(pg_temp.mail('b') not like '%archivé%', 'neither was told yet: neither is');
select is(pg_temp.decide(archived, 'archive'), 'applied', 'once more') from audited;
select ok(pg_temp.mail('b') like '%archivé%', 'this one is');
select is(pg_temp.decide(archived, 'restore'), 'applied', 'undone again') from audited;
select ok(pg_temp.mail('b') like '%de nouveau publié%', 'and that is told to whoever was told');

-- Photos of two people, one of them left out; an edit.
create temp table shown as select pg_temp.known(2.5) as id, pg_temp.known(2.6) as refused, pg_temp.known(2.7) as edited, gen_random_uuid() as revision;
create temp table on_shown as select pg_temp.photo(id, other) as taken, pg_temp.photo(id, third) as left_out, pg_temp.photo(refused, other) as bad from shown, actor;
select is(pg_temp.decide(id, 'publish', jsonb_build_object('photos', jsonb_build_array(taken))), 'applied', 'some photos are taken') from shown, on_shown;
select set_eq($$select u.email::text, d.outcome from app.decisions as d join auth.users as u on u.id = d.author, shown where d.point_id = shown.id$$,
  $$values ('b@test.fr', 'accepted'), ('c@test.fr', 'refused')$$, 'each photographer is told of their own');
select pg_temp.decide(refused, 'reject', '{"reason": "photo_unusable"}') from shown;
select tests.push(third, pg_temp.edit(third, edited, 'Faux') || jsonb_build_object('mutation_id', revision)) from shown, actor;
select pg_temp.decide(edited, 'reject', jsonb_build_object('revision_id', revision)) from shown;
create temp table mailed as select pg_temp.mail('b') as b;
select ok(b like '%photos publiées%photos refusées ; motif : la photo ne se lit pas%d’autres.' and b not like '%le proposer de nouveau%', 'a refused photo is no refused point') from mailed;
update app.profiles set told_generation = 0;
select ok(m like '%photos refusées%modification refusée%une autre.%' and m not like '%: refusé%', 'nor is a refused edit') from (select pg_temp.mail('c') as m) as told;
select ok((select string_agg(text, '') from app.mails where address = 'b@test.fr')
  like '%modification publiée aussitôt, par confiance%publié aussitôt, par confiance%photos publiées aussitôt, par confiance%', 'what trust published is told as that');

-- A followed point that was merged.
delete from app.mails;
delete from app.follows;
create temp table merged as select pg_temp.known(3.0) as goes, pg_temp.known(3.1) as stays;
insert into app.follows (user_id, kind, target) select follower, 'point', goes::text from merged, actor;
select is(pg_temp.decide(goes, 'duplicate', jsonb_build_object('duplicate_of', stays)) || pg_temp.decide(stays, 'archive'), 'appliedapplied', 'a followed point is merged, its survivor archived') from merged;
select ok(pg_temp.mail('f') like '%: 1 nouveauté', 'who follows it hears of its survivor');

-- Who reported is told what holds.
create function pg_temp.answers(who text) returns text language sql as $$
  select string_agg(substring(text from '(?:l’a lu : |décision : )([^\n]*)'), ' | ' order by id) from app.mails where address = who and kind = 'report'; $$;
create temp table told as select pg_temp.known(2.81) as early, pg_temp.known(2.82) as late;
insert into app.reports (id, point_id, kind, about, email) select gen_random_uuid(), early, 'problem', 'gone', 'x@y.fr' from told;
insert into app.reports (id, point_id, kind, about, email) select gen_random_uuid(), late, 'problem', 'gone', 'z@y.fr' from told;
select is(pg_temp.decide(early, 'archive') || pg_temp.decide(early, 'restore'), 'appliedapplied', 'an archive, undone before the mail left') from told;
select is(pg_temp.answers('x@y.fr'), null, 'is not told');
select is((select count(*)::int from app.jobs where kind = 'mail' and (payload ->> 'mail_id')::bigint not in (select id from app.mails)), 0, 'nothing is left to send');
select is(pg_temp.decide(early, 'dismiss') || ': ' || pg_temp.answers('x@y.fr'), 'applied: la fiche reste comme elle est.', 'what holds is') from told;
select pg_temp.decide(late, 'archive') from told;
update app.jobs set locked_until = now() + interval '5 minutes' where kind = 'mail';
select pg_temp.decide(late, 'restore') || pg_temp.decide(late, 'dismiss') from told;
select is(pg_temp.answers('z@y.fr'), 'la fiche a été retirée. | finalement, la fiche reste comme elle est.', 'what may have left is put right by the next');

-- The median is of what holds.
delete from app.decisions;
create temp table measured as select pg_temp.known(3.2, 'submitted') as id;
update app.queue set since = now() - interval '10 days' where point_id = (select id from measured);
select pg_temp.decide(id, 'reject') from measured;
select is(private.median_days('lighting'), 10.0, 'a decision counts');
select pg_temp.decide(id, 'restore') from measured;
select is(private.median_days('lighting'), null, 'until it is undone');
select * from finish();
rollback;
