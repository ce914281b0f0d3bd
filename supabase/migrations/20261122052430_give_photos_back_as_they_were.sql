-- The undo of a merge forgot what the merge had made of the photos: one that it refused stayed refused, one that waited on a
-- published duplicate came back public.
create table app.merged_photos (
  point_id uuid not null references app.points,
  photo_id uuid not null references app.photos on delete cascade,
  state text not null check (state in ('pending', 'published')),
  primary key (point_id, photo_id)
);
create index merged_photos_photo_id_idx on app.merged_photos (photo_id);
alter table app.merged_photos enable row level security;
comment on table app.merged_photos is 'What the photos of a duplicate were when it was merged: its undo makes them so again.';

create or replace function private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points := private.lock_survivor(p, who, m);
  merged app.points := private.with_values(survivor, private.kept_values(p, m));
  accepted text[];
  moved int;
begin
  if was.status = 'published' and survivor.status <> 'published' then
    perform private.reject('invalid_transition', 'Un point publié ne peut pas être le doublon d’un point qui ne l’est pas.');
  end if;
  accepted := private.accepted_ids(m, 'photos',
    array(select id::text from app.photos where point_id = p.id and state in ('pending', 'published')));
  insert into app.merged_photos (point_id, photo_id, state)
  select p.id, f.id, f.state from app.photos as f where f.point_id = p.id and f.state in ('pending', 'published');
  update app.photos set
    state = case when id::text <> all (accepted) then 'refused' when survivor.status = 'published' then 'published' else state end
  where point_id = p.id and state in ('pending', 'published');
  update app.photos set point_id = survivor.id, came_from = coalesce(came_from, p.id)
  where point_id = p.id and id::text = any (accepted);
  get diagnostics moved = row_count;

  p.status_before := was.status;
  p.duplicate_of := survivor.id;
  update app.points set duplicate_of = survivor.id, status_before = was.status where id = p.id;
  select c.count, c.last_on into merged.confirmation_count, merged.last_confirmed_on from private.confirmations_of(survivor.id) as c;
  merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
  perform private.record_event(merged, who, 'merge', survivor.status, m ->> 'reason',
    diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
      || jsonb_build_object('duplicate', jsonb_build_array(null, p.id)),
    mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  return p;
end;
$$;
create or replace function private.leave_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
  merged app.points;
  moved int;
  left_behind uuid[] := array(
    select f.id from app.photos as f join app.merged_photos as k on k.photo_id = f.id where k.point_id = p.id and f.point_id = p.id);
begin
  select * into survivor from app.points where id = p.duplicate_of for update;
  p.duplicate_of := null;
  p.status_before := null;
  update app.points set duplicate_of = null, status_before = null where id = p.id;
  -- With the photos that came to it from duplicates of its own.
  with recursive family as (
    select p.id as id
    union
    select d.id from family join app.points as d on d.duplicate_of = family.id)
  update app.photos as f set point_id = p.id, came_from = nullif(f.came_from, p.id),
    state = case
      -- Refused by whoever looked after the survivor: that stays.
      when f.state = 'refused' then 'refused'
      else coalesce((select k.state from app.merged_photos as k where k.point_id = p.id and k.photo_id = f.id),
        -- It arrived since.
        case when p.status = 'published' then f.state else 'pending' end) end
  where f.came_from in (select id from family) and f.point_id <> p.id;
  get diagnostics moved = row_count;
  -- Those that the merge left behind.
  update app.photos as f set state = k.state
  from app.merged_photos as k
  where k.point_id = p.id and k.photo_id = f.id and f.point_id = p.id and k.photo_id = any (left_behind);
  delete from app.merged_photos where point_id = p.id;
  if survivor.id is not null then
    merged := private.with_values(survivor, private.values_to_give_back(survivor, p.id));
    select c.count, c.last_on into merged.confirmation_count, merged.last_confirmed_on from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
        || jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  end if;
  return p;
end;
$$;
comment on function private.leave_survivor(app.points, uuid, jsonb) is
  'Undoes a merge: the photos go back to the point they came from, as they were but where they were refused since, confirmations are counted apart again, and the survivor says again what it said before, but where somebody changed it since.';
