-- Every decision is told once, however many there are and however late they are committed.
begin;
set local search_path = public, extensions;
select plan(22);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('mod@test.fr') as moderator, tests.user('other@test.fr') as other;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator') from actor;
create function pg_temp.wants(who uuid, rhythm text) returns text language plpgsql as $$
declare answer text;
begin
  perform tests.as_user(who);
  answer := public.preferences_set(jsonb_build_object('digest', rhythm)) ->> 'digest';
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.work() returns void language plpgsql as $$
begin
  update app.jobs set run_after = now() where kind = 'tell_decisions';
  perform tests.as_service();
  perform public.worker_take('{"kinds": ["none"]}');
  perform tests.as_owner();
end; $$;
create function pg_temp.decide(point uuid, decision text, fields jsonb default '{}') returns text language sql as $$
  select tests.said(tests.push(moderator, tests.mutation('decide', point,
    jsonb_build_object('seen_rev', (select rev from app.points where id = point), 'decision', decision, 'reason', 'photo_missing') || fields))) from actor; $$;
create function pg_temp.mails() returns int language sql as $$ select count(*)::int from app.mails where address = 'author@test.fr'; $$;
create function pg_temp.told() returns bigint language sql as $$
  select coalesce(sum(regexp_count(text, '^- ', 1, 'n')), 0) from app.mails where address = 'author@test.fr' and kind = 'decision'; $$;

create temp table thing as select n, tests.point('heritage', 2.0 + n * 0.001, 43.6, 'submitted', 'lavoir', author, jsonb_build_object('name', 'Lavoir ' || n)) as id from actor, generate_series(1, 8) as n;
create function pg_temp.thing(at int) returns uuid language sql as $$ select id from thing where n = at; $$;
select is(pg_temp.decide(pg_temp.thing(1), 'publish'), 'applied', 'decided before');
select is(pg_temp.wants(author, 'each'), 'each', 'somebody wants to know') from actor;

-- 250 decisions on what one gave: as a large working group does in a day.
insert into app.decisions (actor, author, point_id, theme, kind, decision, reason, outcome)
select moderator, author, pg_temp.thing(2), 'heritage', 'new', 'publish', null, 'accepted' from actor, generate_series(1, 250);
select pg_temp.work();
select is(pg_temp.told(), 250::bigint, 'each of 250 is told; what was decided before one asked is not');
select is(pg_temp.mails(), 3, 'a hundred a mail');
select pg_temp.work();
select is(pg_temp.mails(), 3, 'once');

-- Long comments: a mail has its size.
delete from app.mails;
select is(string_agg(distinct pg_temp.decide(id, 'to_complete', jsonb_build_object('comment', repeat('é', 3999))), ''), 'applied', 'six long comments') from thing where n between 3 and 8;
select pg_temp.work();
select is(pg_temp.told(), 6::bigint, 'none is cut off');
select ok((select bool_and(char_length(text) < 20000 and text like '%nous vous écrivons%') from app.mails), 'no mail is too long');

-- Committed after a mail that was written later: its own instant is the earlier one.
delete from app.mails;
insert into app.decisions (at, actor, author, point_id, theme, kind, decision, outcome)
select now() - interval '1 hour', moderator, author, pg_temp.thing(2), 'heritage', 'new', 'publish', 'accepted' from actor;
select pg_temp.work();
select is(pg_temp.told(), 1::bigint, 'a late one is told all the same');
select is((select count(*)::int from app.decisions where generation is null), 0, 'each decision was looked at');
select is((select count(distinct generation)::int from app.decisions where author = actor.author), 4, 'in its generation, once') from actor;

-- Undone before anybody was told, undone after.
delete from app.mails;
select is(pg_temp.decide(pg_temp.thing(1), 'archive') || pg_temp.decide(pg_temp.thing(1), 'restore'), 'appliedapplied', 'an archive, undone');
select pg_temp.work();
select is(pg_temp.mails(), 0, 'is not told');
select is(pg_temp.decide(pg_temp.thing(1), 'archive'), 'applied', 'another');
select pg_temp.work();
select ok((select text like '%« Lavoir 1 » : archivé%' from app.mails), 'is');
select is(pg_temp.decide(pg_temp.thing(1), 'restore'), 'applied', 'undone afterwards');
delete from app.mails;
select pg_temp.work();
select ok((select text like '%« Lavoir 1 » : de nouveau publié%' from app.mails), 'that is told too, as what it is');

-- Another rhythm loses nothing; an address that goes silent gets nothing; who comes back begins anew.
delete from app.mails;
select is(pg_temp.decide(pg_temp.thing(1), 'archive') || pg_temp.wants(author, 'weekly'), 'appliedweekly', 'decided, then another rhythm') from actor;
update app.profiles set digest_sent_at = now() - interval '7 days' where user_id = (select author from actor);
select private.send_digests();
select is(pg_temp.told(), 1::bigint, 'told at its time');
select is(pg_temp.wants(author, 'never') || pg_temp.decide(pg_temp.thing(1), 'restore') || pg_temp.wants(author, 'daily'), 'neverapplieddaily', 'silence, and back') from actor;
update app.profiles set digest_sent_at = now() - interval '2 days' where user_id = (select author from actor);
delete from app.mails;
select private.send_digests();
select is(pg_temp.mails(), 0, 'what came in between is in the app');

-- Many things followed.
insert into app.follows (user_id, kind, target) select other, 'theme', 'heritage' from actor;
update app.profiles set digest = 'daily', digest_sent_at = now() - interval '2 days' where user_id = (select other from actor);
select private.send_digests();
select ok((select text like '%Petit patrimoine : 1 nouveauté%' from app.mails where address = 'other@test.fr'), 'news count each point once, and only what the public sees');
select * from finish();
rollback;
