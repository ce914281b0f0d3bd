-- What trust may publish is what can be looked at afterwards without harm. A new point whose place is blurred or hidden
-- is no such thing, nor is a picture of it: people recognise a place. And a picture cannot be taken out of the heads of
-- those who saw it: one that chance wants looked at waits for that.
create or replace function private.is_for_a_person(p app.points, r app.revisions, m jsonb)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select p.sensitivity <> 'open'
    or m ->> 'kind' = 'edit' and (coalesce(m -> 'patch' ? 'sensitivity', false) or coalesce(r.patch ? 'sensitivity', false));
$$;
comment on function private.is_for_a_person(app.points, app.revisions, jsonb) is
  'Whether a new point or an edit waits for a moderator whatever its author earned: the place is not shown as it is, or the edit names `sensitivity`.';

create or replace function private.add_photo(who uuid, p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  photo uuid := (p ->> 'photo_id')::uuid;
  is_known boolean := exists (select from app.photos where id = photo);
  was app.points;
  theme app.themes;
begin
  perform private.keep_photo(who, p);
  -- Sent again, it is not drawn again.
  if is_known then
    return;
  end if;
  select o.* into was from app.photos as f join app.points as o on o.id = f.point_id
  where f.id = photo and f.state = 'pending' and o.status = 'published' and o.sensitivity = 'open' for update of o;
  select * into theme from app.themes where id = was.theme;
  if was.id is null or not private.is_trusted(who, theme) or private.is_drawn(theme) then
    return;
  end if;
  update app.photos set state = 'published' where id = photo;
  perform private.record_event(private.save_point(was, was, true), null, 'publish', was.status, 'trust');
end;
$$;
comment on function private.add_photo(uuid, jsonb) is
  'Records a photo that was read and checked; it waits for a moderator, unless who took it is trusted, the point is published and shown where it is, and chance does not want it looked at. The same photo again changes nothing.';
