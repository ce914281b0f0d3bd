-- Everybody is written to in the language of their app.
begin;
set local search_path = public, extensions;
select plan(20);
create temp table actor as select tests.user('author@test.fr') as author, tests.user('m@test.fr') as moderator, tests.user('c@test.fr') as coordinator;
grant select on actor to public;
select tests.member(moderator, 'lighting', 'moderator') from actor;
select tests.member(coordinator, 'lighting', 'coordinator') from actor;
create function pg_temp.call(who uuid, name text, p jsonb) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  execute format('select public.%I($1)', name) into answer using p;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.last(of_kind text) returns text language sql as $$
  select subject || ' | ' || text from app.mails where kind = of_kind order by id desc limit 1; $$;

select is(pg_temp.call(author, 'preferences_set', '{}') ->> 'lang', 'fr', 'French until told') from actor;
select is(pg_temp.call(author, 'preferences_set', '{"lang": "en"}') ->> 'lang', 'en', 'the app says English') from actor;
select is(pg_temp.call(author, 'preferences_set', '{"digest": "daily"}') ->> 'lang', 'en', 'another choice leaves it') from actor;
select tests.as_user(author) from actor;
select throws_ok($$ select public.preferences_set('{"lang": "de"}') $$, 'PT400', 'invalid_argument', 'a language that mails do not speak');
select tests.as_owner();
select throws_ok($$ set local role authenticated; select * from app.mail_texts $$, '42501', null, 'nobody reads the texts');
reset role;
select throws_ok($$ set local role anon; select private.mail_text('hello', 'fr') $$, '42501', null, 'nor through the function');
reset role;

select is(private.mail_text('hello', 'en'), 'Hello,', 'a text in English');
select is(private.mail_text('hello', 'oc'), 'Bonjour,', 'a language that mails lack falls back to French');
select is(private.mail_text('decided', 'en', '{"label": "a {outcome}", "outcome": "b"}'), '- a {outcome}: b', 'what is filled in is not read for names');
select is(private.mail_text('decided', 'en', '{"label": "a"}'), null, 'nothing without all of its names');
select is(private.mail_text('no_such_key', 'fr'), null, 'nor for a key that is not known');
select is((select string_agg(key, ', ') from (select key from app.mail_texts group by key having count(*) <> 2) as odd), null, 'each text is there in both languages');

create temp table point as select tests.point('lighting', 3.8, 43.6, 'submitted', null, author) as id from actor;
grant select on point to public;
select tests.push(moderator, tests.mutation('decide', id, jsonb_build_object('seen_rev', 1, 'decision', 'reject', 'reason', 'photo_missing', 'comment', 'Un mot.')))
from actor, point;
update app.profiles set digest_sent_at = now() - interval '2 days' where user_id = (select author from actor);
select private.send_digests();
select matches(pg_temp.last('decision'), '^Your contributions: what became of them \| Hello,\n\n- .*: refused; reason: a photo is missing\n  “Un mot.”\n  You may change it and propose it again\.\n\n.*In your account you choose',
  'a decision, in English');
update app.profiles set lang = 'fr', digest_sent_at = now() - interval '2 days', told_generation = 0 where user_id = (select author from actor);
select private.send_digests();
select matches(pg_temp.last('decision'), '^Vos contributions.*Bonjour,\n\n- .* : refusé ; motif : .*\n  « Un mot\. »\n  Vous pouvez le modifier', 'the same in French');

select tests.point('lighting', 3.9, 43.6, 'submitted', null, author) from actor;
update app.queue set since = now() - interval '8 days';
select pg_temp.call(moderator, 'preferences_set', '{"lang": "en"}') from actor;
select private.remind_of_waiting();
select matches((select subject || ' | ' || text from app.mails where kind = 'reminder' and user_id = (select moderator from actor)),
  '^.*: one contribution waiting for more than 7 days \| Hello,\n\nIn “.*”, one contribution has waited', 'a reminder, in English');
select matches((select subject || ' | ' || text from app.mails where kind = 'reminder' and user_id = (select coordinator from actor)),
  '^.* : une contribution en attente depuis plus de 7 jours \| Bonjour,', 'and in French for another');

select pg_temp.call(coordinator, 'preferences_set', '{"lang": "en"}') from actor;
select pg_temp.call(coordinator, 'invite', '{"group": "lighting", "email": "new@test.fr", "role": "contributor", "territories": ["*"]}') from actor;
select matches(pg_temp.last('invitation'), '^Invitation: Lighting group \| Hello,\n\n.* invites you to join “Lighting group”', 'who has no account is invited in the language of who invites');
select pg_temp.call(coordinator, 'invite', '{"group": "lighting", "email": "author@test.fr", "role": "contributor", "territories": ["*"]}') from actor;
select matches(pg_temp.last('invitation'), '^Invitation : Groupe éclairage \| Bonjour,\n\n.* vous invite à rejoindre', 'who has one, in their own');

create temp table shown as select tests.point('lighting', 4.1, 43.6, 'published', null, author) as id from actor;
select public.report_record(jsonb_build_object('point_id', id, 'kind', 'position', 'email', 'passer@test.fr', 'address', '192.0.2.1', 'lang', lang))
from shown, (values ('en'), (null)) as asked (lang);
update app.reports set state = 'closed', closed_at = now(), closed_with = 'dismiss' where email = 'passer@test.fr' and lang = 'en';
select matches(pg_temp.last('report'), '^Your report was read \| Hello,\n\nYou reported a problem on .*\. The working group has read it: the sheet stays as it is\.\n\nYour address', 'an answer, in English');
update app.reports set state = 'closed', closed_at = now(), closed_with = 'dismiss' where email = 'passer@test.fr' and lang = 'fr';
select matches(pg_temp.last('report'), '^Votre signalement a été lu \| Bonjour,\n\nVous avez signalé un problème sur .*\. Le groupe de travail l’a lu : la fiche reste', 'in French where nothing was said');
select * from finish();
rollback;
