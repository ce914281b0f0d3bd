create function private.actor_kind(p app.points, actor uuid)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select case
      when actor is null then 'system'
      when p.author = actor then 'author'
      when private.is_moderator_of(actor, p) then 'moderator'
      else 'contributor' end);
end;
$$;
comment on function private.actor_kind(app.points, uuid) is 'In what quality somebody acts on a point: author first, then moderator in scope.';

create function private.record_event(
  p app.points, actor uuid, action text,
  from_status text default null, reason text default null, comment text default null,
  diff jsonb default null, mutation_id uuid default null, revision_id uuid default null, as_kind text default null)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.events
    (point_id, actor, actor_kind, action, from_status, to_status, reason, comment, rev, diff, mutation_id, revision_id)
  values
    (p.id, actor, coalesce(as_kind, private.actor_kind(p, actor)), action, from_status, p.status, reason, comment, p.rev,
     nullif(diff, '{}'), mutation_id, revision_id);
end;
$$;
comment on function private.record_event(app.points, uuid, text, text, text, text, jsonb, uuid, uuid, text) is
  'One row of the append-only history. `p` is the point after the change; from_status is null when the action changes no state by nature. Actions: create, edit, propose, confirm, gone, withdraw, comment, photo, load, merge, unmerge and the decisions of contract §3.';

create function private.enqueue_job(kind text, payload jsonb, dedupe_key text default null, run_after timestamptz default now())
returns void
language sql
set search_path = ''
as $$
  insert into app.jobs (kind, payload, dedupe_key, run_after) values (kind, payload, dedupe_key, run_after)
  on conflict (dedupe_key) where done_at is null and locked_until is null do nothing;
$$;
comment on function private.enqueue_job(text, jsonb, text, timestamptz) is 'Leaves work to the function `worker`, once while the same work still waits.';

create function private.enqueue_photo_jobs(p app.points)
returns void
language plpgsql
set search_path = ''
as $$
declare
  is_public boolean := private.is_public(p);
  to_publish boolean;
  to_unpublish boolean;
begin
  select coalesce(bool_or(is_public and state = 'published' and public_path is null), false),
    coalesce(bool_or(public_path is not null and not (is_public and state = 'published')), false)
  into to_publish, to_unpublish
  from app.photos where point_id = p.id;
  if to_publish then
    perform private.enqueue_job('publish_photos', jsonb_build_object('point_id', p.id), 'publish_photos:' || p.id);
  end if;
  if to_unpublish then
    perform private.enqueue_job('unpublish_photos', jsonb_build_object('point_id', p.id), 'unpublish_photos:' || p.id);
  end if;
end;
$$;
comment on function private.enqueue_photo_jobs(app.points) is
  'Asks the worker to make the public copies that are missing and to delete those that must no longer be.';

revoke all on function private.actor_kind(app.points, uuid),
  private.record_event(app.points, uuid, text, text, text, text, jsonb, uuid, uuid, text),
  private.enqueue_job(text, jsonb, text, timestamptz), private.enqueue_photo_jobs(app.points) from public;
