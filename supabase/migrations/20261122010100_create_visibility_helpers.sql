create function private.is_public(p app.points)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return p.status in ('published', 'archived', 'destroyed') and p.public_cell is not null;
end;
$$;
comment on function private.is_public(app.points) is
  'Whether everybody may see the point (product rule 1): published, archived or destroyed, and not hidden.';

create function private.is_insider(p app.points, viewer uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return viewer is not null and (
    coalesce(p.author = viewer, false)
    or (p.status not in ('draft', 'withdrawn') and private.moderates(viewer, p.theme, p.commune)));
end;
$$;
comment on function private.is_insider(app.points, uuid) is
  'Whether the viewer may see the point as it truly is: its author, always; a moderator in scope, unless the author has not sent it or took it back.';

create function private.can_see(p app.points, viewer uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return private.is_public(p) or private.is_insider(p, viewer);
end;
$$;
comment on function private.can_see(app.points, uuid) is 'Whether the viewer (null: somebody without account) may know that the point exists.';

create function private.waiting_kinds(p app.points)
returns text[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return array_remove(array[
    case when p.status = 'submitted' then 'new' end,
    case when exists (select from app.revisions as r where r.point_id = p.id and r.state = 'pending') then 'edit' end,
    case when p.status = 'published'
      and exists (select from app.photos as f where f.point_id = p.id and f.state = 'pending') then 'photo' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind = 'gone') then 'gone' end,
    case when exists (select from app.reports as r where r.point_id = p.id and r.state = 'open' and r.kind = 'problem') then 'report' end
  ], null);
end;
$$;
comment on function private.waiting_kinds(app.points) is
  'What of the point waits for a moderator: new, edit, photo, gone, report. Empty when nothing does.';

revoke all on function private.is_public(app.points), private.is_insider(app.points, uuid),
  private.can_see(app.points, uuid), private.waiting_kinds(app.points) from public;
