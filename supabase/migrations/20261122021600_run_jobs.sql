create function private.job_photos(job app.jobs)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', f.id, 'path', f.path, 'thumb_path', f.thumb_path, 'sha256', f.sha256,
      'public_path', f.public_path, 'public_thumb_path', f.public_thumb_path)
    order by f.created_at, f.id), '[]')
  from app.photos as f
  join app.points as p on p.id = f.point_id
  where f.point_id = (job.payload ->> 'point_id')::uuid
    and case job.kind
      when 'publish_photos' then f.public_path is null and f.state = 'published' and private.is_public(p)
      when 'unpublish_photos' then f.public_path is not null and not (f.state = 'published' and private.is_public(p))
      else false end;
$$;
comment on function private.job_photos(app.jobs) is 'The photos that a job copies or deletes, as things stand now.';

create function private.worker_take(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  taken jsonb;
begin
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
      'id', j.id, 'kind', j.kind, 'payload', j.payload, 'attempts', j.attempts, 'photos', private.job_photos(j))
    order by j.run_after, j.id), '[]')
  into taken
  from locked as j;
  return jsonb_build_object('jobs', taken);
end;
$$;
comment on function private.worker_take(jsonb) is
  'Service only. Jobs that are due, held for five minutes: {limit? ≤ 100, kinds?} → {jobs: [{id, kind, payload, attempts, photos: [{id, path, thumb_path, sha256, public_path, public_thumb_path}]}]}.';

create function private.note_public_copies(photos jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  point app.points;
begin
  -- What the worker did is a fact: where it is no longer what is wanted, save_point asks for the contrary.
  for point in
    select p.* from app.points as p
    where p.id in (
      select f.point_id from app.photos as f join jsonb_array_elements(photos) as done on f.id = private.to_uuid(done ->> 'id')
      where f.public_path is distinct from done ->> 'public_path')
    order by p.id for update
  loop
    update app.photos as f set public_path = done ->> 'public_path', public_thumb_path = done ->> 'public_thumb_path'
    from jsonb_array_elements(photos) as done
    where f.id = private.to_uuid(done ->> 'id') and f.point_id = point.id;
    perform private.save_point(point, point);
  end loop;
end;
$$;
comment on function private.note_public_copies(jsonb) is
  'Notes which photos have public copies now: [{id, public_path, public_thumb_path}], null where they were deleted.';

create function private.worker_done(p jsonb)
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
    return jsonb_build_object('done', true);
  end if;
  update app.jobs set locked_until = null, last_error = problem,
    run_after = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(job.attempts, 12)))
  where id = job.id;
  return jsonb_build_object('done', false);
end;
$$;
comment on function private.worker_done(jsonb) is
  'Service only. End of a job: {id, error?, photos?: [{id, public_path, public_thumb_path}]} → {done}. One that failed comes back later, twice as late each time, at most an hour.';

create function public.worker_take(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.worker_take(p); $$;
comment on function public.worker_take(jsonb) is 'Service only, called by the function worker: see private.worker_take.';

create function public.worker_done(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.worker_done(p); $$;
comment on function public.worker_done(jsonb) is 'Service only, called by the function worker: see private.worker_done.';

revoke all on function private.job_photos(app.jobs), private.note_public_copies(jsonb), private.worker_take(jsonb),
  private.worker_done(jsonb), public.worker_take(jsonb), public.worker_done(jsonb) from public;
grant execute on function private.worker_take(jsonb), private.worker_done(jsonb), public.worker_take(jsonb),
  public.worker_done(jsonb) to service_role;
