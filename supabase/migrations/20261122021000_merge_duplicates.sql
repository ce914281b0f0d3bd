alter table app.photos add column came_from uuid references app.points;
create index photos_came_from_idx on app.photos (came_from);
comment on column app.photos.came_from is 'The duplicate that a photo followed into its survivor: where it goes back when the merge is undone.';

create function private.survivor_of(point uuid)
returns uuid
language sql
stable
set search_path = ''
as $$
  with recursive chain as (
    select id, duplicate_of, 0 as depth from app.points where id = point
    union all
    select p.id, p.duplicate_of, chain.depth + 1
    from chain join app.points as p on p.id = chain.duplicate_of
    where chain.depth < 100)
  select id from chain order by depth desc limit 1;
$$;
comment on function private.survivor_of(uuid) is 'The point that stands for this one: links of duplicates followed to the end.';

create function private.confirmations_of(point uuid)
returns table (count int, last_on date)
language sql
stable
set search_path = ''
as $$
  with recursive family as (
    select point as id
    union
    select p.id from family join app.points as p on p.duplicate_of = family.id)
  select count(*)::int, max(c.observed_on)
  from family join app.confirmations as c on c.point_id = family.id
  where c.found;
$$;
comment on function private.confirmations_of(uuid) is 'Confirmations of a point and of its duplicates: how many, and the last day.';

create function private.lock_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
begin
  select * into survivor from app.points
  where id = private.survivor_of(private.to_uuid(m ->> 'duplicate_of')) for update;
  if not found or not private.can_see(survivor, who) then
    perform private.reject('unknown_point', 'Le point d’origine du doublon n’existe pas, ou n’est pas visible.');
  elsif survivor.id = p.id then
    perform private.reject('duplicate_cycle', 'Un point ne peut pas être le doublon de lui-même.');
  elsif not private.is_moderator_of(who, survivor) then
    perform private.reject('not_allowed', 'Le point d’origine n’est pas dans votre périmètre de modération.');
  elsif survivor.theme <> p.theme then
    perform private.reject('invalid_patch', 'Les deux points doivent être de la même thématique.');
  elsif survivor.status not in ('submitted', 'published') then
    perform private.reject('invalid_transition', 'Le point d’origine n’est ni proposé ni publié.');
  end if;
  return survivor;
end;
$$;
comment on function private.lock_survivor(app.points, uuid, jsonb) is
  'The point that a duplicate is merged into: `duplicate_of` followed to the end, in scope, of the same theme, no cycle.';

create function private.kept_values(p app.points, m jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  content jsonb := private.content_of(p);
  kept jsonb := '{}';
  path text;
  side text;
begin
  if coalesce(jsonb_typeof(m -> 'keep'), 'null') not in ('null', 'object') then
    perform private.reject('invalid_patch', 'keep : {chemin: "this" ou "other"}.');
  end if;
  for path, side in select * from jsonb_each_text(coalesce(nullif(m -> 'keep', 'null'), '{}')) loop
    if side is null or side not in ('this', 'other') or path !~ '^(concept|geom|sensitivity|attributes\..+)$' then
      perform private.reject('invalid_patch', 'keep : {chemin: "this" ou "other"}.');
    elsif side = 'this' then
      kept := kept || jsonb_build_object(path, content -> path);
    end if;
  end loop;
  return kept;
end;
$$;
comment on function private.kept_values(app.points, jsonb) is 'Values of a duplicate that its survivor takes over (`keep` says "this").';

create function private.merge_into_survivor(p app.points, was app.points, theme app.themes, who uuid, m jsonb)
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
comment on function private.merge_into_survivor(app.points, app.points, app.themes, uuid, jsonb) is
  'What a duplicate brings to its survivor: the values chosen by `keep`, its photos, its confirmations. Its own content stays, so that the merge can be undone.';

create function private.leave_survivor(p app.points, who uuid, m jsonb)
returns app.points
language plpgsql
set search_path = ''
as $$
declare
  survivor app.points;
  merged app.points;
  moved int;
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
  update app.photos set point_id = p.id, came_from = nullif(came_from, p.id),
    state = case when p.status = 'published' then state else 'pending' end
  where came_from in (select id from family);
  get diagnostics moved = row_count;
  if survivor.id is not null then
    merged := survivor;
    select c.count, c.last_on into merged.confirmation_count, merged.last_confirmed_on from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => 'moderator');
  end if;
  return p;
end;
$$;
comment on function private.leave_survivor(app.points, uuid, jsonb) is
  'Undoes a merge: the photos go back to the point they came from, confirmations are counted apart again. Values taken over by the survivor stay there, in its history.';

revoke all on function private.survivor_of(uuid), private.confirmations_of(uuid), private.lock_survivor(app.points, uuid, jsonb),
  private.kept_values(app.points, jsonb), private.merge_into_survivor(app.points, app.points, app.themes, uuid, jsonb),
  private.leave_survivor(app.points, uuid, jsonb) from public;
