-- How precisely a place is shown is no matter of trust: opening a hidden place cannot be taken back once it was read.
create function private.is_for_a_person(p app.points, r app.revisions, m jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select m ->> 'kind' = 'edit' and (p.sensitivity <> 'open' or coalesce(m -> 'patch' ? 'sensitivity', false) or coalesce(r.patch ? 'sensitivity', false));
$$;
comment on function private.is_for_a_person(app.points, app.revisions, jsonb) is
  'Whether an edit waits for a moderator whatever its author earned: it names `sensitivity`, or the place is not shown as it is.';

create or replace function private.apply_trust(who uuid, m jsonb, result jsonb)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  p app.points;
  theme app.themes;
  r app.revisions;
begin
  if result ->> 'status' not in ('applied', 'merged', 'pending') then
    return result;
  end if;
  select t.* into theme from app.points as o join app.themes as t on t.id = o.theme where o.id = (m ->> 'point_id')::uuid;
  if not coalesce(private.is_trusted(who, theme), false) then
    return result;
  end if;
  select * into p from app.points where id = (m ->> 'point_id')::uuid for update;
  select * into r from app.revisions where id = (result ->> 'revision_id')::uuid and state = 'pending' and author = who;
  if private.is_for_a_person(p, r, m) then
    return result;
  elsif p.status = 'published' and r.id is not null then
    p := private.accept_by_trust(p, theme, r, m);
    return result || jsonb_build_object('status', 'applied', 'rev', p.rev);
  elsif p.status = 'submitted' and p.author = who
    -- Somebody sent it back, or it may be known already: a person looks at it.
    and not exists (select from app.events where point_id = p.id and actor_kind = 'moderator')
    and not exists (select from private.duplicate_candidates(p, null)) then
    p := private.publish_by_trust(p, theme, who, m);
    return result || jsonb_build_object('rev', p.rev);
  end if;
  return result;
end;
$$;
comment on function private.apply_trust(uuid, jsonb, jsonb) is
  'After a create or an edit: publishes it where its author is trusted. What may be a duplicate, was sent back, or touches how a place is shown waits for a moderator all the same.';

revoke all on function private.is_for_a_person(app.points, app.revisions, jsonb) from public;
