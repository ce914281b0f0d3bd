-- What somebody else gave, merged into a point that waits, went with it when its author took that point back: nobody could
-- see it any more. It waits again, as what it was before the merge.
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
    select c.count, c.last_on, c.condition, c.condition_on
    into merged.confirmation_count, merged.last_confirmed_on, merged.observed_condition, merged.observed_condition_on
    from private.confirmations_of(survivor.id) as c;
    merged := private.save_point(survivor, merged, moved > 0 and survivor.status = 'published');
    perform private.record_event(merged, who, 'unmerge', survivor.status,
      diff => private.content_diff(private.content_of(survivor), private.content_of(merged))
        || jsonb_build_object('duplicate', jsonb_build_array(p.id, null)),
      mutation_id => (m ->> 'mutation_id')::uuid, as_kind => case when m ->> 'kind' = 'decide' then 'moderator' end);
  end if;
  return p;
end;
$$;

create function private.free_duplicates(survivor app.points, who uuid, m jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  was app.points;
  freed app.points;
  undone app.decisions;
begin
  for was in
    select d.* from app.points as d
    where d.duplicate_of = survivor.id and exists (
      -- With what was merged into it before.
      with recursive family as (
        select d.id, d.author
        union
        select o.id, o.author from family join app.points as o on o.duplicate_of = family.id)
      select from family where author is distinct from who)
    order by d.id for update of d
  loop
    freed := was;
    freed.status := coalesce(was.status_before, 'submitted');
    freed := private.leave_survivor(freed, who, m);
    freed.decision := null;
    freed := private.save_point(was, freed);
    undone := private.decision_to_undo(was);
    if undone.id is not null then
      insert into app.decisions (author, point_id, theme, commune, decision, mutation_id, undoes)
      values (was.author, was.id, was.theme, was.commune, 'restore', private.to_uuid(m ->> 'mutation_id'), undone.id);
      perform private.undo_decision(undone, freed);
    end if;
    -- By nobody: its history does not tell who withdrew the other point.
    perform private.record_event(freed, null, 'restore', was.status, mutation_id => (m ->> 'mutation_id')::uuid);
  end loop;
end;
$$;
comment on function private.free_duplicates(app.points, uuid, jsonb) is
  'When its author withdraws a point: the duplicates in which somebody else has a part wait for a decision again, with their photos.';
revoke all on function private.free_duplicates(app.points, uuid, jsonb) from public;

create or replace function private.push_withdraw(who uuid, m jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  was app.points := private.lock_point((m ->> 'point_id')::uuid, who);
  p app.points;
  is_whole boolean := coalesce(m -> 'revision_id', 'null') = 'null';
begin
  p := case when is_whole then private.withdraw_point(was, who) else private.withdraw_revision(was, who, m) end;
  if is_whole then
    perform private.free_duplicates(p, who, m);
    select * into p from app.points where id = was.id;
  end if;
  perform private.record_event(p, who, 'withdraw', was.status, mutation_id => (m ->> 'mutation_id')::uuid,
    revision_id => private.to_uuid(m ->> 'revision_id'));
  return jsonb_build_object('status', 'applied', 'rev', p.rev);
end;
$$;
