-- Objects of Storage: who may add, read, change and list them.
begin;
set local search_path = public, extensions;
select plan(21);

create temp table who as select tests.user('author@t') as author, tests.user('stranger@t') as stranger, tests.user('moderator@t') as moderator,
  tests.user('aude@t') as sector, tests.user('nocharter@t', true, false) as no_charter, tests.user('unverified@t', false) as unverified;
grant select on who to public;
select tests.member(moderator, 'heritage', 'moderator'), tests.member(sector, 'heritage', 'moderator', '{11}') from who;
create temp table place as select tests.point('heritage', 3.87, 43.61, 'submitted', 'lavoir', author) as point, gen_random_uuid() as photo from who;
grant select on place to public;
create function tests.path(who uuid, suffix text default '')
returns text language sql as $$ select who || '/' || point || '/' || photo || '-0123456789abcdef' || suffix || '.jpg' from place; $$;
grant execute on function tests.path(uuid, text) to public;
create function tests.add_object(bucket text, name text)
returns text language sql as $$ select format('insert into storage.objects (bucket_id, name) values (%L, %L)', bucket, name); $$;
grant execute on function tests.add_object(text, text) to public;

select results_eq($$select id, public, file_size_limit, allowed_mime_types from storage.buckets where id in ('photos', 'published') order by id$$,
  $$values ('photos', false, 8388608::bigint, '{image/jpeg}'::text[]), ('published', true, 8388608, '{image/jpeg}')$$,
  'two buckets, JPEG only, 8 MB at most, only one of them public');

select tests.as_user((select author from who));
select lives_ok(tests.add_object('photos', tests.path(author)), 'a contributor adds a photo under their own folder') from who;
select lives_ok(tests.add_object('photos', tests.path(author, '-t')), 'and its thumbnail') from who;
select throws_ok(tests.add_object('photos', tests.path(stranger)), '42501', null, 'not under somebody else''s') from who;
select throws_ok(tests.add_object('photos', author || '/photo.jpg'), '42501', null, 'not under another kind of name') from who;
select throws_ok(tests.add_object('published', tests.path(author)), '42501', null, 'not in the public bucket') from who;
select is((select count(*) from storage.objects where bucket_id = 'photos'), 2::bigint, 'who took it reads it');
with changed as (update storage.objects set name = name || 'x' returning 1) select is((select count(*) from changed), 0::bigint, 'renames nothing');
with gone as (delete from storage.objects returning 1) select is((select count(*) from gone), 0::bigint, 'deletes nothing');
select tests.as_user((select no_charter from who));
select throws_ok(tests.add_object('photos', tests.path(no_charter)), '42501', null, 'no photo before the charter is accepted') from who;
select tests.as_user((select unverified from who));
select throws_ok(tests.add_object('photos', tests.path(unverified)), '42501', null, 'nor before the e-mail is verified') from who;

select tests.as_user((select moderator from who));
select is((select count(*) from storage.objects), 0::bigint, 'an object without a photo row is nobody else''s business');
select tests.as_owner();
insert into app.photos (id, point_id, user_id, path, thumb_path, sha256, size_bytes, width, height, licence)
select photo, point, author, tests.path(author), tests.path(author, '-t'), repeat('0', 64), 1, 1, 1, 'x' from place, who;
insert into storage.objects (bucket_id, name) values ('published', 'public.jpg');
select tests.as_user((select moderator from who));
select is((select count(*) from storage.objects where bucket_id = 'photos'), 2::bigint, 'a moderator in scope reads a committed photo and its thumbnail');
select is((select count(*) from storage.objects where bucket_id = 'published'), 0::bigint, 'the public bucket is listed by nobody');
select tests.as_user((select sector from who));
select is((select count(*) from storage.objects), 0::bigint, 'a moderator of another sector reads none');
select tests.as_user((select stranger from who));
select is((select count(*) from storage.objects), 0::bigint, 'nor does a stranger');
select tests.as_anon();
select is((select count(*) from storage.objects), 0::bigint, 'nor somebody without account, in either bucket');
select throws_ok(tests.add_object('photos', tests.path(author)), '42501', null, 'who adds none') from who;
select throws_ok(tests.add_object('published', 'x.jpg'), '42501', null, 'in neither bucket');
select tests.as_owner();
update app.points set status = 'withdrawn' where id = (select point from place);
select tests.as_user((select moderator from who));
select is((select count(*) from storage.objects), 0::bigint, 'a point taken back takes its photos back');
select tests.as_service();
select lives_ok(tests.add_object('published', 'copy.jpg'), 'the service role alone writes public copies');

select * from finish();
rollback;
