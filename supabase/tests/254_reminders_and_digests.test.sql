-- Reminders of what waits, the public median, mails of decisions, follows.
begin;
set local search_path = public, extensions;
select plan(39);
insert into app.territories (level, code, name, departement) values ('departement', '11', 'Aude', null), ('commune', '11069', 'Carcassonne', '11'), ('commune', '34172', 'Montpellier', '34') on conflict do nothing;
create temp table actor as select tests.user('author@test.fr') as author, tests.user('mod@test.fr') as moderator, tests.user('coord@test.fr') as coordinator,
  tests.user('far@test.fr') as far, tests.user('other@test.fr') as other;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(coordinator, 'heritage', 'coordinator'), tests.member(far, 'heritage', 'moderator', '{34}') from actor;
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
create function pg_temp.work() returns void language plpgsql as $$
begin
  perform tests.as_service();
  perform public.worker_take('{"kinds": ["none"]}');
  perform tests.as_owner();
end; $$;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'photo_missing') || fields))) from actor; $$;
create function pg_temp.mailed(of_kind text) returns text language sql as $$ select coalesce(string_agg(split_part(address, '@', 1), ' ' order by address), '') from app.mails where kind = of_kind; $$;

create temp table thing as select tests.point('heritage', 2.1, 43.6, 'submitted', 'lavoir', author, '{"name": "Lavoir du pré"}') as a,
  tests.point('heritage', 2.2, 43.6, 'submitted', 'lavoir', author, '{"name": "B"}') as b, tests.point('heritage', 2.3, 43.6, 'submitted', 'lavoir', author, '{"name": "C"}') as c,
  tests.point('heritage', 2.4, 43.6, 'published', 'lavoir', other, '{"name": "D"}') as d, tests.point('heritage', 2.5, 43.6, 'submitted', 'lavoir', moderator, '{"name": "Own"}') as own from actor;
update app.queue set since = now() - interval '6 days', commune = '11069' where point_id <> (select own from thing);
update app.queue set since = now() - interval '20 days', commune = '11069' where point_id = (select own from thing);
select private.remind_of_waiting();
select is(pg_temp.mailed('reminder'), 'coord coord', 'nobody is reminded of their own, nor before 7 days');
delete from app.mails; delete from app.reminders; delete from app.jobs;
update app.queue set since = now() - interval '8 days' where point_id = (select a from thing);
select private.remind_of_waiting();
select is(pg_temp.mailed('reminder'), 'coord coord mod', 'after 7 days the group, after 15 the coordinators; who covers it');
select private.remind_of_waiting();
select is(pg_temp.mailed('reminder'), 'coord coord mod', 'once a week');
update app.reminders set sent_at = now() - interval '8 days';
update app.settings set swept_at = now() - interval '25 hours';
select pg_temp.work();
select is(pg_temp.mailed('reminder'), 'coord coord coord coord mod mod', 'the daily sweep does it');
select is((select count(*)::int from app.jobs where kind = 'mail'), 6, 'each is a job of the worker');
select is((select text from app.mails where address = 'mod@test.fr' limit 1) like '%une contribution attend depuis plus de 7 jours%', true, 'in words');

-- A mail that leaves.
select tests.as_service();
create temp table job as select public.worker_take('{"limit": 1}') -> 'jobs' -> 0 as j;
select ok(j #>> '{mail,to}' in ('coord@test.fr', 'mod@test.fr'), 'the worker is given the mail') from job;
select is(public.worker_done(jsonb_build_object('id', j -> 'id')), '{"done": true}', 'and says that it left') from job;
select tests.as_owner();
select is((select count(*)::int from app.mails where sent_at is not null), 1, 'which is noted');
update app.mails set sent_at = now() - interval '31 days' where sent_at is not null;
select private.forget_mails();
select is((select count(*)::int from app.mails), 5, 'and forgotten a month later');
delete from app.mails;

-- Decisions: never, unless asked.
select is(pg_temp.call(author, 'preferences_set', '{}') ->> 'digest', 'never', 'nobody is written to unless they ask') from actor;
select is(pg_temp.decide(b, 'publish'), 'applied', 'a decision') from thing;
select is((select count(*)::int from app.jobs where kind = 'tell_decisions'), 0, 'leaves no mail');
select is(pg_temp.call(author, 'preferences_set', '{"digest": "hourly"}'), '"PT400 invalid_argument"', 'a rhythm is one') from actor;
select is(pg_temp.call(author, 'preferences_set', '{"digest": "each"}') ->> 'digest', 'each', 'each time, if they want') from actor;
update app.profiles set digest_sent_at = now() - interval '1 second' where user_id = (select author from actor);
delete from app.decisions;
select is(pg_temp.decide(a, 'to_complete', '{"comment": "De plus près ?"}') || pg_temp.decide(c, 'publish'), 'appliedapplied', 'two decisions') from thing;
select pg_temp.work();
select is(pg_temp.mailed('decision'), '', 'gather for a minute');
update app.jobs set run_after = now() where kind = 'tell_decisions';
select pg_temp.work();
select is(pg_temp.mailed('decision'), 'author', 'in one mail');
select ok(text like '%« Lavoir du pré » : à compléter ; motif : il manque une photo%« De plus près ? »%Complétez-le%« C » : publié%', 'with outcome, reason, words and what to do') from app.mails where kind = 'decision';
select pg_temp.work();
select is(pg_temp.mailed('decision'), 'author', 'sent once');

-- What became of them, in the app.
create temp table mine as select pg_temp.call(author, 'my_contributions', '{"limit": 1}') as r from actor;
select is(r #>> '{items,0,decision}', 'publish', 'the latest first') from mine;
select is(pg_temp.call(author, 'my_contributions', jsonb_build_object('after', r -> 'next')) #>> '{items,0,todo}', 'complete', 'page by page, with what to do') from mine, actor;
select is(pg_temp.call(author, 'my_contributions', jsonb_build_object('after', r -> 'next')) #>> '{items,0,comment}', 'De plus près ?', 'and what was written') from mine, actor;
select is(pg_temp.call(author, 'my_contributions', '{"after": "x"}'), '"PT400 invalid_argument"', 'a cursor is one of ours') from actor;
select is(pg_temp.call(other, 'my_contributions', '{}') -> 'items', '[]', 'nobody reads those of others') from actor;
select tests.as_anon();
select throws_ok($$select public.my_contributions()$$, 'PT401', 'auth_required', 'nor without account');
select throws_ok($$select public.follow()$$, 'PT401', 'auth_required', 'nobody follows without account');
select tests.as_owner();

-- Following.
select is(pg_temp.call(other, 'follow', '{"kind": "commune", "target": "99999"}'), '"PT404 unknown_target"', 'a commune that exists') from actor;
select is(pg_temp.call(other, 'follow', jsonb_build_object('kind', 'point', 'target', a)), '"PT404 unknown_target"', 'a point that one may see') from actor, thing;
select is(pg_temp.call(other, 'follow', '{"kind": "theme", "target": "heritage"}') -> 'follows', '[{"kind": "theme", "target": "heritage"}]', 'a theme') from actor;
select is(pg_temp.call(other, 'preferences_set', '{"digest": "weekly"}') ->> 'digest', 'weekly', 'every week') from actor;
select private.send_digests();
select is(pg_temp.mailed('digest'), '', 'not before');
update app.profiles set digest_sent_at = now() - interval '7 days', told_generation = 0 where user_id = (select other from actor);
select private.send_digests();
select is(pg_temp.mailed('digest'), 'other', 'a digest');
select ok(text like '%Petit patrimoine : 1 nouveauté%', 'of what moved') from app.mails where kind = 'digest';
select is(pg_temp.call(other, 'follow', '{"kind": "theme", "target": "heritage", "on": false}') -> 'follows', '[]', 'or no more') from actor;

-- The public figure.
update app.decisions set waited = interval '36 hours' where kind = 'new';
select tests.as_anon();
select is(public.stats()::jsonb -> 'median_days' -> 'heritage', '1.5', 'everybody reads the median days to a decision');
select is(public.stats('{"theme": "lighting"}')::jsonb -> 'median_days', '{"lighting": null}', 'by theme');
select ok((public.stats()::jsonb) ? 'by_status', 'beside the counts');
select tests.as_owner();
delete from auth.users where email = 'author@test.fr';
select is(pg_temp.mailed('decision'), '', 'an account that goes takes its mails along');
select * from finish();
rollback;
