-- The daily sweep: objects that no photo knows, public copies that are wrong, finished jobs.
begin;
set local search_path = public, extensions;
select plan(22);

create temp table actor as select tests.user('a@test') as author, tests.user('m@test') as moderator;
create temp table thing as select tests.point('heritage', 2.1, 43.6, 'published', null, author) as public,
  tests.point('heritage', 2.1, 43.6, 'withdrawn', null, author) as withdrawn from actor;
create function pg_temp.path(point uuid, photo text, suffix text default '') returns text language sql as $$
  select author || '/' || point || '/' || photo || '-aaaaaaaaaaaaaaaa' || suffix || '.jpg' from actor; $$;
create function pg_temp.record(point uuid, photo text) returns jsonb language plpgsql as $$
declare
  answer jsonb;
  declared jsonb := jsonb_build_object('user_id', (select author from actor), 'photo_id', photo, 'point_id', point,
    'path', pg_temp.path(point, photo), 'thumb_path', pg_temp.path(point, photo, '-t'),
    'sha256', repeat('a', 64), 'size', 1000, 'width', 800, 'height', 600, 'licence', 'CC-BY-SA-4.0');
begin
  perform tests.as_service();
  answer := public.photo_record(declared);
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.work(name text, p jsonb default '{}') returns jsonb language plpgsql as $$
declare answer jsonb;
begin
  perform tests.as_service();
  execute format('select public.%I($1)', name) into answer using p;
  perform tests.as_owner();
  return answer;
end; $$;
create function pg_temp.object(bucket text, name text, age interval) returns void language sql as $$
  insert into storage.objects (bucket_id, name, created_at) values (bucket, name, now() - age); $$;
grant select on actor, thing to public;

-- Photos that are known, of a published and of a withdrawn point, and what nobody knows.
select is(pg_temp.record(public, '0190aaaa-0000-7000-8000-000000000001') ->> 'status', 'stored', 'a photo is recorded') from thing;
insert into app.photos (id, point_id, user_id, path, sha256, size_bytes, width, height, licence)
select '0190aaaa-0000-7000-8000-000000000002', withdrawn, author, pg_temp.path(withdrawn, '0190aaaa-0000-7000-8000-000000000002'), repeat('b', 64), 1, 1, 1, 'x' from thing, actor;
select pg_temp.object('photos', path, '3 days') from app.photos;
select pg_temp.object('photos', thumb_path, '3 days') from app.photos where thumb_path is not null;
select pg_temp.object('photos', pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000003'), '3 days') from thing;
select pg_temp.object('photos', pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000003', '-t'), '2 days') from thing;
select pg_temp.object('photos', pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000004'), '23 hours') from thing;
select pg_temp.object('published', 'left.jpg', '2 hours'), pg_temp.object('published', 'new.jpg', '5 minutes');
insert into app.jobs (kind, done_at) values ('mail', now() - interval '31 days'), ('mail', now() - interval '29 days'), ('mail', null);
update app.jobs set run_after = now() + interval '1 year' where done_at is null;

select is(pg_temp.work('worker_take'), '{"jobs": []}', 'nothing is swept before a day has passed');
update app.settings set swept_at = now() - interval '25 hours';
create temp table taken as select pg_temp.work('worker_take') -> 'jobs' as jobs;
select is((select jobs -> 0 ->> 'kind' from taken), 'collect_objects', 'then the worker is asked to collect');
select is((select array(select name from jsonb_path_query(jobs, '$[0].objects[*].name') as n, concat(n #>> '{}') as name order by name collate "C") from taken),
  (select array[pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000003', '-t'), pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000003'), 'left.jpg'] from thing),
  'what no photo knows, once it is old: not what was uploaded today, nor the photos of a withdrawn point');
select is((select swept_at from app.settings), now(), 'once a day');
select is((select count(*)::int from app.jobs where kind = 'mail'), 2, 'jobs done over a month ago are purged, no other');
select ok((select photos -> 'photos' = '[]' from (select jobs -> 0 as photos from taken) as j), 'no photo with that job');

-- A phone commits one of them while it is being deleted.
select is(pg_temp.record(public, '0190aaaa-0000-7000-8000-000000000003'), '{"status": "missing"}', 'no photo is recorded over an object that is being deleted') from thing;
select is((select count(*)::int from app.photos), 2, 'its row is not there') ;
delete from storage.objects where name in (select name from app.condemned_objects);
select is(pg_temp.record(public, '0190aaaa-0000-7000-8000-000000000003'), '{"status": "missing"}', 'nor once it is gone, by a commit that had read it before') from thing;
insert into storage.objects (bucket_id, name, created_at) select 'photos', pg_temp.path(public, '0190aaaa-0000-7000-8000-000000000003'), now() + interval '1 second' from thing;
select is(pg_temp.record(public, '0190aaaa-0000-7000-8000-000000000003'), '{"status": "stored"}', 'sent again, it is') from thing;
select is((select thumb_path from app.photos where id = '0190aaaa-0000-7000-8000-000000000003'), null, 'without the thumbnail that went');
select is(pg_temp.work('worker_done', jsonb_build_object('id', jobs -> 0 -> 'id')), '{"done": true}', 'the job ends') from taken;
select is((select count(*)::int from app.jobs where kind = 'collect_objects' and done_at is null), 0, 'and is not asked for again: nothing is left');

-- More than one job takes.
insert into storage.objects (bucket_id, name, created_at) select 'photos', 'many/' || i || '.jpg', now() - interval '2 days' from generate_series(1, 101) as i;
update app.settings set swept_at = now() - interval '25 hours';
create temp table many as select pg_temp.work('worker_take') -> 'jobs' -> 0 as job;
select is((select jsonb_array_length(job -> 'objects') from many), 100, 'a job takes a hundred objects');
delete from storage.objects where name in (select jsonb_path_query(job, '$.objects[*].name') #>> '{}' from many);
select is(pg_temp.work('worker_done', jsonb_build_object('id', job -> 'id')), '{"done": true}', 'when it ends') from many;
select is((select count(*)::int from app.jobs where kind = 'collect_objects' and done_at is null), 1, 'another one takes the rest');

-- Copies that lost their job.
update app.photos set state = 'published' where id = '0190aaaa-0000-7000-8000-000000000001';
update app.photos set public_path = 'wrong.jpg' where id = '0190aaaa-0000-7000-8000-000000000002';
update app.settings set swept_at = now() - interval '25 hours';
create temp table repairs as select pg_temp.work('worker_take') -> 'jobs' as jobs;
select is((select jsonb_path_query_array(jobs, '$[*] ? (@.kind == "publish_photos").photos[*].id') from repairs), '["0190aaaa-0000-7000-8000-000000000001"]', 'a copy that is missing is made');
select is((select jsonb_path_query_array(jobs, '$[*] ? (@.kind == "unpublish_photos").photos[*].public_path') from repairs), '["wrong.jpg"]', 'one that must not be is deleted');

-- Put back from a backup: phones come back within the month to files that the database has forgotten.
create temp table forgotten as select 'f/0/forgotten.jpg'::text as name;
select pg_temp.object('photos', name, '3 days') from forgotten;
select private.begin_new_life();
select is((select count(*)::int from private.orphan_objects(100) where bucket = 'photos'), 0, 'after a restore no photo file is nobody''s');
update app.settings set restored_at = now() - interval '31 days';
select ok(exists (select from private.orphan_objects(100) as o join forgotten using (name)), 'a month later they are collected again');

select tests.as_anon();
select throws_ok($$select private.condemn_orphans(1)$$, '42501', null, 'nobody condemns an object');
select tests.as_owner();
select * from finish();
rollback;
