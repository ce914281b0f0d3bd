-- Trust published what waited under a holding concept for a term, and edits that took the name of a thing away or moved it
-- onto another one.
create function private.is_unnamed(p app.points, r app.revisions, theme app.themes)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(p.concept = theme.settings ->> 'holding_concept', false)
    or coalesce(r.patch ? 'concept', false) and coalesce(r.patch ->> 'concept', theme.settings ->> 'holding_concept', '') in ('', theme.settings ->> 'holding_concept');
$$;
comment on function private.is_unnamed(app.points, app.revisions, app.themes) is
  'Whether a thing lies under the term of those that nobody could name, or an edit would leave it there or under none.';

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
  if private.is_for_a_person(p, r, m) or private.is_unnamed(p, r, theme) then
    return result;
  elsif p.status = 'published' and r.id is not null then
    begin
      p := private.accept_by_trust(p, theme, r, m);
      -- Moved or renamed onto what may be the same thing: taken back, and left to a person.
      if r.patch ?| array['geom', 'concept'] and exists (select from private.duplicate_candidates(p, null)) then
        raise exception using errcode = 'CP001';
      end if;
    exception when sqlstate 'CP001' then
      return result;
    end;
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

revoke all on function private.is_unnamed(app.points, app.revisions, app.themes) from public;
