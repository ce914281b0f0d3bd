alter table app.changes add column changed_at timestamptz not null default clock_timestamp();
comment on column app.changes.changed_at is 'When the row was stamped: tells how long a stalled horizon has been holding changes back. Never leaves the server.';
comment on column app.changes.bucket is
  'c:<theme>:<cell> (public position), u:<user>, m:<theme>:<commune of the true position, empty when unknown>. The commune lets the reader prove that a moderator''s scope covered the point.';

-- The moderation feed is read across the communes of a scope, so by cursor first.
create index changes_moderation_idx on app.changes (change_xid, change_seq) where bucket like 'm:%';

create function private.stamp_changes(buckets text[], point uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into app.changes (bucket, point_id)
  select distinct bucket, point from unnest(buckets) as bucket where bucket is not null
  on conflict (bucket, point_id) do update
  set change_xid = excluded.change_xid, change_seq = excluded.change_seq, changed_at = excluded.changed_at;
end;
$$;
comment on function private.stamp_changes(text[], uuid) is 'Writes or renews the feed rows of a point in the buckets named, at this transaction''s cursor.';

create function private.restamp_changes(buckets text[], point uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update app.changes
  set change_xid = pg_current_xact_id(), change_seq = nextval('app.change_seq'), changed_at = clock_timestamp()
  where point_id = point and bucket = any (buckets);
end;
$$;
comment on function private.restamp_changes(text[], uuid) is
  'Renews feed rows that exist, makes none: a point that stopped being public is announced only where it was.';

create function private.cell_bucket(p app.points)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return 'c:' || p.theme || ':' || p.public_cell;
end;
$$;
comment on function private.cell_bucket(app.points) is 'Public feed bucket of a point; null when it is hidden.';

create function private.moderation_bucket(p app.points)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return 'm:' || p.theme || ':' || coalesce(p.commune, '');
end;
$$;
comment on function private.moderation_bucket(app.points) is 'Moderation feed bucket of a point, by theme and true commune.';

create function private.touch_point(point_id uuid, old_cell text default null)
returns void
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  people text[];
begin
  select * into p from app.points as t where t.id = touch_point.point_id;
  if not found then
    return;
  end if;
  select array_agg('u:' || who) into people from (
    select p.author as who
    union select r.author from app.revisions as r where r.point_id = p.id
    union select f.user_id from app.photos as f where f.point_id = p.id
    union select c.user_id from app.conflicts as c where c.point_id = p.id) as involved
  where who is not null;
  perform private.stamp_changes(
    people || case when private.is_public(p) then private.cell_bucket(p) end
      || case when cardinality(private.waiting_kinds(p)) > 0 then private.moderation_bucket(p) end,
    p.id);
  perform private.restamp_changes(
    array[
      case when not private.is_public(p) then private.cell_bucket(p) end,
      case when old_cell is distinct from p.public_cell then 'c:' || p.theme || ':' || old_cell end,
      case when cardinality(private.waiting_kinds(p)) = 0 then private.moderation_bucket(p) end],
    p.id);
end;
$$;
comment on function private.touch_point(uuid, text) is
  'Announces a point after any visible change (v already bumped, dependent rows already written): to the public cell only if it is or was public there, to its author and whoever gave something to it, to moderators while it waits or just stopped waiting.';

create function private.announce_new_points()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into app.changes (bucket, point_id)
  select private.cell_bucket(p), p.id from new_points as p where private.is_public(p)
  on conflict do nothing;
  return null;
end;
$$;
comment on function private.announce_new_points() is 'Trigger: points that are born public (imports) enter the public feed without a call each.';
create trigger points_announce_new after insert on app.points
referencing new table as new_points
for each statement execute function private.announce_new_points();

create function private.announce_moved_points()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- Only this trigger knows both states, so only it can say where a point has just stopped being.
  perform private.stamp_changes(array[
      case when private.is_public(was) then private.cell_bucket(was) end,
      case when private.is_public(p) then private.cell_bucket(p) end,
      case when was.author is not null then 'u:' || was.author end], p.id)
  from new_points as p
  join old_points as was using (id)
  where private.is_public(was) is distinct from private.is_public(p)
    or private.cell_bucket(was) is distinct from private.cell_bucket(p)
    or was.author is distinct from p.author;
  perform private.restamp_changes(array[private.moderation_bucket(was)], p.id)
  from new_points as p
  join old_points as was using (id)
  where private.moderation_bucket(was) is distinct from private.moderation_bucket(p);
  return null;
end;
$$;
comment on function private.announce_moved_points() is
  'Trigger: a point that left a cell, a commune, an author or the public view is announced where it was.';
create trigger points_announce_moved after update on app.points
referencing old table as old_points new table as new_points
for each statement execute function private.announce_moved_points();

revoke all on function private.stamp_changes(text[], uuid), private.restamp_changes(text[], uuid),
  private.cell_bucket(app.points), private.moderation_bucket(app.points), private.touch_point(uuid, text),
  private.announce_new_points(), private.announce_moved_points() from public;
