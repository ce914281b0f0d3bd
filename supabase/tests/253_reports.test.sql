-- Reports of people without account, and what is forgotten of them.
begin;
set local search_path = public, extensions;
select plan(45);
create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator, tests.user('s@test') as sector;
grant select on actor to public;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(sector, 'heritage', 'moderator', '{11}') from actor;
create temp table thing as select tests.point('heritage', 2.1, 43.6, 'published', 'lavoir', author) as p, tests.point('heritage', 2.2, 43.6, 'submitted', 'lavoir', author) as hidden,
  tests.point('heritage', 2.3, 43.6, 'published', 'lavoir', author, '{}', 'hidden') as secret, tests.point('heritage', 2.4, 43.6, 'published', 'lavoir', author) as busy from actor;
create function pg_temp.report(point uuid, fields jsonb default '{}', address text default '192.0.2.1') returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_service();
  begin
    answer := public.report_record(jsonb_build_object('point_id', point, 'kind', 'description', 'address', address) || fields);
  exception when others then answer := to_jsonb(sqlstate || ' ' || sqlerrm);
  end;
  perform tests.as_owner();
  return answer;
end; $$;

select tests.as_anon();
select throws_ok($$select public.report_record('{}')$$, '42501', null, 'nobody without account records a report');
select throws_ok($$insert into app.reports (id, point_id, kind) select gen_random_uuid(), id, 'gone' from app.points$$, '42501', null, 'nor writes the table');
select throws_ok($$insert into storage.objects (bucket_id, name) values ('photos', 'reports/x.jpg')$$, '42501', null, 'nor a file');
select tests.as_user(author) from actor;
select throws_ok($$select public.report_record('{}')$$, '42501', null, 'nor does a contributor');
select tests.as_owner();

select is(pg_temp.report(p, '{"kind": "rubbish"}'), '"PT400 invalid_argument"', 'a kind is one') from thing;
select is(pg_temp.report(p, '{"kind": "other"}'), '"PT400 invalid_argument"', 'another one says what') from thing;
select is(pg_temp.report(p, jsonb_build_object('text', repeat('é', 2001))), '"PT413 too_large"', '2 000 characters') from thing;
select is(pg_temp.report(p, '{"email": "nobody"}'), '"PT400 invalid_argument"', 'an address is one') from thing;
select is(pg_temp.report(gen_random_uuid()), '"PT404 point_not_found"', 'a point that does not exist');
select is(pg_temp.report(hidden), '"PT404 point_not_found"', 'is told as one that is not public') from thing;
select is(pg_temp.report(secret), '"PT404 point_not_found"', 'or hidden') from thing;

create temp table sent as select pg_temp.report(p, jsonb_build_object('id', '0190aaaa-0000-7000-8000-0000000000aa', 'text', '<script>alert(1)</script>', 'email', ' Voisin@Exemple.fr', 'has_photo', true)) as r from thing;
select is(r ->> 'photo_path', 'reports/0190aaaa-0000-7000-8000-0000000000aa.jpg', 'a report with its photo') from sent;
select is(pg_temp.report(p, jsonb_build_object('id', '0190aaaa-0000-7000-8000-0000000000aa')) - 'photo_path', '{"id": "0190aaaa-0000-7000-8000-0000000000aa"}', 'sent again is the same') from thing;
select is((select count(*)::int from app.reports), 1, 'kept once');
select is((select kind || ' ' || (item_id = '0190aaaa-0000-7000-8000-0000000000aa')::text from app.queue where kind = 'report'), 'report true', 'it waits for the group');
create function pg_temp.review(who uuid, point uuid) returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_user(who);
  answer := public.moderation_review(jsonb_build_object('point_id', point));
  perform tests.as_owner();
  return answer;
end; $$;
select is(pg_temp.review(moderator, p) -> 'report' ->> 'text', '<script>alert(1)</script>', 'markup is text') from actor, thing;
select is(pg_temp.review(moderator, p) -> 'report' ? 'email', false, 'nobody reads the address') from actor, thing;
select ok((select pg_temp.review(moderator, p)::text not like '%voisin@%' from actor, thing), 'nowhere');
insert into storage.objects (bucket_id, name, created_at) values ('photos', 'reports/0190aaaa-0000-7000-8000-0000000000aa.jpg', now() - interval '3 days');
create function pg_temp.reads(who uuid) returns int language plpgsql as $$
declare n int;
begin
  perform tests.as_user(who);
  select count(*) into n from storage.objects where name like 'reports/%';
  perform tests.as_owner();
  return n;
end; $$;
select is(pg_temp.reads(moderator), 1, 'the moderators in scope read the photo') from actor;
select is(pg_temp.reads(sector), 0, 'no others') from actor;
select is(pg_temp.reads(author), 0, 'nor the author of the point') from actor;
select is((select count(*)::int from private.orphan_objects(10)), 0, 'it is nobody''s garbage');
select is((select count(*)::int from jsonb_array_elements(private.public_history_json(o)) as e where e ->> 'action' = 'report'), 0, 'the public history does not tell that somebody reported') from app.points as o, thing where o.id = thing.p;

-- Five an hour, by a hash that is forgotten.
select is((select count(*)::int from (select pg_temp.report(p) as r from thing, generate_series(1, 6) as n) as t where r = '"PT429 rate_limited"'), 2, 'five an hour, the first included');
select is(jsonb_typeof(pg_temp.report(p, '{}', '192.0.2.2')), 'object', 'by address') from thing;
select is(jsonb_typeof(pg_temp.report(p, '{}', '2001:db8:1:2:aaaa::1')), 'object', 'a network') from thing;
select is(count(*)::int, 1, 'of IPv6 counts as one') from (select pg_temp.report(p, '{}', '2001:db8:1:2:' || n || '::1') as r from thing, generate_series(1, 5) as n) as t where r = '"PT429 rate_limited"';
select is((select count(*)::int from app.report_attempts where encode(hash, 'escape') like '%192%'), 0, 'no address is kept');
update app.report_attempts set at = now() - interval '61 minutes';
select is(jsonb_typeof(pg_temp.report(p)), 'object', 'an hour later it goes on') from thing;
-- A report with a picture is counted before anybody reads the picture, and once.
create temp table admitted as select pg_temp.report(p, '{"step": "admit", "id": "0190aaaa-0000-7000-8000-0000000000ab"}', '192.0.2.9') as r, (select count(*) from app.reports) as before from thing;
select is(r, '{"id": "0190aaaa-0000-7000-8000-0000000000ab", "is_stored": false}', 'admitted') from admitted;
select is((select count(*) from app.reports), before, 'nothing is recorded yet') from admitted;
select is((select count(*)::int from (select pg_temp.report(p, '{"step": "record", "id": "0190aaaa-0000-7000-8000-0000000000ab", "has_photo": true}', '192.0.2.9') as r from thing, generate_series(1, 6)) as t where jsonb_typeof(r) = 'object'), 6, 'recorded, however often');
select is((select count(*)::int from (select pg_temp.report(p, '{"step": "admit"}', '192.0.2.9') as r from thing, generate_series(1, 6)) as t where r ->> 'is_stored' = 'false'), 4, 'five an hour are admitted, the first included, whether they are recorded or not');
select is(pg_temp.report(p, '{"step": "admit", "id": "0190aaaa-0000-7000-8000-0000000000ab"}', '192.0.2.9'), '"PT429 rate_limited"', 'one whose picture never arrived counts again') from thing;
insert into storage.objects (bucket_id, name) values ('photos', 'reports/0190aaaa-0000-7000-8000-0000000000ab.jpg');
select is(pg_temp.report(p, '{"step": "admit", "id": "0190aaaa-0000-7000-8000-0000000000ab"}', '192.0.2.9') ->> 'is_stored', 'true', 'one whose picture is there needs nothing') from thing;
select is(pg_temp.report(p, '{"step": "both"}'), '"PT400 invalid_argument"', 'a step is one') from thing;
delete from storage.objects where name = 'reports/0190aaaa-0000-7000-8000-0000000000ab.jpg';
update app.reports set photo_path = null where id = '0190aaaa-0000-7000-8000-0000000000ab';
update app.report_attempts set at = now() - interval '49 hours';
update app.report_salts set day = current_date - 2;
select private.forget_addresses();
select is((select count(*) from app.report_attempts) + (select count(*) from app.report_salts), 0::bigint, 'after 48 h nothing is left of addresses');
select is((select count(*)::int from (select pg_temp.report(busy, '{}', 'x' || n) as r from thing, generate_series(1, 22) as n) as t where jsonb_typeof(r) = 'object'), 20, 'a point is not flooded');

-- The answer, and what is forgotten afterwards.
select is(tests.said(tests.push(moderator, tests.mutation('decide', p, jsonb_build_object('seen_rev', 1, 'decision', 'dismiss', 'report_id', '0190aaaa-0000-7000-8000-0000000000aa')))), 'applied', 'read and answered') from actor, thing;
select is((select address || ' ' || (text like '%la fiche reste comme elle est%')::text from app.mails where kind = 'report'), 'voisin@exemple.fr true', 'who asked for an answer has it');
update app.reports set closed_at = now() - interval '29 days' where email is not null;
select private.forget_reporters();
select is((select count(*)::int from app.reports where email is not null), 1, 'the address is kept a month');
update app.reports set closed_at = now() - interval '31 days' where email is not null;
select private.forget_reporters();
select is((select count(*)::int from app.reports where email is not null or photo_path is not null), 0, 'not longer');
select is((select count(*)::int from private.orphan_objects(10)), 1, 'and the photo is collected');
select set_eq('select kind, item_id from app.queue', 'select kind, item_id from private.waiting_items(array(select id from app.points))', 'the queue holds what waits');
select is((select count(*)::int from app.jobs where kind = 'mail'), 1, 'one mail waits for the worker');
select * from finish();
rollback;
