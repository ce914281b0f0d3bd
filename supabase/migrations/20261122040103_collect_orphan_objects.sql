alter table app.settings
  add column orphan_hours int not null default 24 check (orphan_hours >= 1),
  add column done_job_days int not null default 30 check (done_job_days >= 1),
  add column swept_at timestamptz not null default now();
comment on column app.settings.orphan_hours is
  'Age after which an object of Storage that no photo knows is deleted. A phone commits a photo seconds after its upload; a day leaves room for a network lost in between, and a phone that comes back later still sends the bytes again.';
comment on column app.settings.done_job_days is
  'Days that a finished job is kept: a month is long enough to look into what went wrong, and short enough that the table stays small.';
comment on column app.settings.swept_at is 'Last daily sweep; the next one starts a day later, at the first run of the worker.';

create table app.condemned_objects (
  bucket text not null,
  name text not null,
  condemned_at timestamptz not null default now(),
  primary key (bucket, name)
);
alter table app.condemned_objects enable row level security;
comment on table app.condemned_objects is
  'Objects that the worker is about to delete: no photo is recorded over one of them, or a phone would free its bytes for a photo that is gone a second later.';

create function private.orphan_objects(maximum int)
returns table (bucket text, name text)
language plpgsql
stable
set search_path = ''
as $$
begin
  -- A database without Storage (a bare test) has no objects.
  if to_regclass('storage.objects') is null then
    return;
  end if;
  return query
    select o.bucket_id::text, o.name::text
    from storage.objects as o
    -- Public copies are made by the worker alone, whose jobs last five minutes: they wait less.
    where (o.bucket_id = 'photos' and o.created_at < now() - make_interval(hours => (select orphan_hours from app.settings))
        or o.bucket_id = 'published' and o.created_at < now() - interval '1 hour')
      and not exists (select from app.photos as f where f.path = o.name or f.public_path = o.name)
      and not exists (select from app.photos as f where f.thumb_path = o.name or f.public_thumb_path = o.name)
    order by o.created_at, o.name
    limit maximum;
end;
$$;
comment on function private.orphan_objects(int) is
  'Objects old enough that no photo knows: uploads never committed, photos of points that a phone discarded, thumbnails that were none, public copies left by a run that was cut. Photos of a withdrawn point are no orphans: its author may send it again.';

create function private.condemn_orphans(maximum int)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  condemned jsonb;
begin
  -- Waits for the photos being recorded, and holds the next ones until the list is written.
  perform pg_advisory_xact_lock(hashtextextended('condemned_objects', 0));
  with listed as (
    insert into app.condemned_objects (bucket, name) select o.bucket, o.name from private.orphan_objects(maximum) as o
    on conflict (bucket, name) do update set condemned_at = now()
    returning bucket, name
  )
  select coalesce(jsonb_agg(jsonb_build_object('bucket', l.bucket, 'name', l.name) order by l.bucket, l.name), '[]')
  into condemned from listed as l;
  return condemned;
end;
$$;
comment on function private.condemn_orphans(int) is 'Orphan objects, at most so many, marked so that no photo is recorded over them any more: the worker deletes them.';

create function private.is_condemned(bucket_name text, object_name text)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('condemned_objects', 0));
  -- Sent again since, it is another object.
  return exists (
    select from app.condemned_objects as c
    where c.bucket = bucket_name and c.name = object_name
      and not exists (
        select from storage.objects as o
        where o.bucket_id = c.bucket and o.name = c.name and o.created_at > c.condemned_at));
end;
$$;
comment on function private.is_condemned(text, text) is 'Whether the worker has deleted, or is deleting, the object as it was read.';

create function private.sweep()
returns void
language plpgsql
set search_path = ''
as $$
declare
  point app.points;
begin
  update app.settings set swept_at = now() where swept_at < now() - interval '1 day';
  if not found then
    return;
  end if;
  delete from app.jobs where done_at < now() - make_interval(days => (select done_job_days from app.settings));
  -- A week: longer than any run of the worker, and than any upload that was under way.
  delete from app.condemned_objects where condemned_at < now() - interval '7 days';
  -- Copies that should be public and are not, or the contrary, whatever lost their job.
  for point in
    select p.* from app.points as p
    where exists (
      select from app.photos as f
      where f.point_id = p.id and (f.public_path is not null) <> (f.state = 'published' and private.is_public(p)))
  loop
    perform private.enqueue_photo_jobs(point);
  end loop;
  if exists (select from private.orphan_objects(1)) then
    perform private.enqueue_job('collect_objects', '{}', 'collect_objects');
  end if;
end;
$$;
comment on function private.sweep() is
  'Once a day, at a run of the worker: purges finished jobs, asks again for public copies that are missing or too many, and for orphan objects to be deleted.';

create or replace function private.photo_record(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  code text;
begin
  if private.to_uuid(p ->> 'user_id') is null or private.to_uuid(p ->> 'photo_id') is null
    or private.to_uuid(p ->> 'point_id') is null or coalesce(p ->> 'path', '') = ''
    or coalesce(p ->> 'sha256', '') !~ '^[0-9a-f]{64}$' or coalesce(private.to_count(p -> 'size', 2000000000), 0) = 0
    or coalesce(private.to_count(p -> 'width', 100000), 0) = 0 or coalesce(private.to_count(p -> 'height', 100000), 0) = 0 then
    perform private.fail(400, 'invalid_argument', 'user_id, photo_id, point_id, path, sha256, size, width et height sont attendus.');
  end if;
  if private.is_condemned('photos', p ->> 'path') then
    return jsonb_build_object('status', 'missing');
  elsif private.is_condemned('photos', p ->> 'thumb_path') then
    p := p - 'thumb_path';
  end if;
  perform private.ensure_profile(private.to_uuid(p ->> 'user_id'));
  perform private.add_photo(private.to_uuid(p ->> 'user_id'), p);
  return jsonb_build_object('status', 'stored');
exception
  when sqlstate 'CR001' then
    get stacked diagnostics code = message_text;
    return jsonb_build_object('status', 'rejected', 'code', code);
end;
$$;
comment on function private.photo_record(jsonb) is
  'Service only. Row of a photo whose object photo_commit has read: {user_id, photo_id, point_id, path, thumb_path, sha256, size, width, height, taken_at?, licence, caption?, position?} → {status: stored|missing|rejected, code?}.';

create or replace function private.worker_take(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  -- What one call of Storage deletes in a breath.
  objects_per_job constant int := 100;
  taken jsonb;
begin
  perform private.sweep();
  with due as (
    select id from app.jobs
    where done_at is null and run_after <= now() and (locked_until is null or locked_until < now())
      and (p -> 'kinds' is null or kind = any (private.text_array(p -> 'kinds')))
    order by run_after, id
    limit coalesce(private.to_count(p -> 'limit', 100), 10)
    for update skip locked
  ), locked as (
    update app.jobs as j set locked_until = now() + interval '5 minutes', attempts = j.attempts + 1
    from due where j.id = due.id
    returning j.*
  )
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', j.id, 'kind', j.kind, 'payload', j.payload, 'attempts', j.attempts, 'photos', private.job_photos(j),
      'objects', case j.kind when 'collect_objects' then private.condemn_orphans(objects_per_job) else '[]' end)
    order by j.run_after, j.id), '[]')
  into taken
  from locked as j;
  return jsonb_build_object('jobs', taken);
end;
$$;
comment on function private.worker_take(jsonb) is
  'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}], objects: [{bucket, name}]}]}.';

create or replace function private.worker_done(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  job app.jobs;
  problem text := left(nullif(p ->> 'error', ''), 1000);
begin
  select * into job from app.jobs where id = private.to_count(p -> 'id', 2147483647) and done_at is null for update;
  if not found then
    return jsonb_build_object('done', false);
  end if;
  if jsonb_typeof(p -> 'photos') = 'array' then
    perform private.note_public_copies(p -> 'photos');
  end if;
  if problem is null
    -- The same work was asked for again meanwhile: that job carries it on.
    or exists (select from app.jobs where dedupe_key = job.dedupe_key and done_at is null and locked_until is null) then
    update app.jobs set done_at = now(), last_error = problem where id = job.id;
    if job.kind = 'collect_objects' and exists (select from private.orphan_objects(1)) then
      perform private.enqueue_job('collect_objects', '{}', 'collect_objects');
    end if;
    return jsonb_build_object('done', true);
  end if;
  update app.jobs set locked_until = null, last_error = problem,
    run_after = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(job.attempts, 12)))
  where id = job.id;
  return jsonb_build_object('done', false);
end;
$$;

revoke all on function private.orphan_objects(int), private.condemn_orphans(int), private.is_condemned(text, text),
  private.sweep() from public;
