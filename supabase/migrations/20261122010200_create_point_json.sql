create function private.point_photos_json(p app.points, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'id', f.id,
        'state', f.state,
        'width', f.width,
        'height', f.height,
        'caption', f.caption,
        'licence', f.licence,
        'author', case when is_moderator or who.named then who.display_name end,
        'taken_on', private.day(f.taken_at))
      || case when is_moderator or f.user_id = viewer
        then jsonb_build_object('path', f.path, 'thumb_path', f.thumb_path, 'mine', coalesce(f.user_id = viewer, false))
        else '{}' end
      || case when f.state = 'published' and f.public_path is not null and private.is_public(p)
        then jsonb_build_object(
          'url', '/storage/v1/object/public/published/' || f.public_path,
          'thumb_url', '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path))
        else '{}' end
      order by f.created_at, f.id), '[]')
    from app.photos as f
    left join app.profiles as who on who.user_id = f.user_id
    where f.point_id = p.id and f.state in ('pending', 'published')
      and (is_moderator or f.user_id = viewer
        or (f.state = 'published' and f.public_path is not null)));
end;
$$;
comment on function private.point_photos_json(app.points, uuid, boolean) is
  'Photos of a point as the viewer may see them: public copies for all, private paths for who took them and for moderators in scope.';

create function private.point_pending_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'revision_id', r.id,
        'base_rev', r.base_rev,
        'base', r.base,
        'patch', r.patch,
        'state', r.state,
        'mine', coalesce(r.author = viewer, false),
        'author', case when is_moderator or who.named then who.display_name end,
        'at', private.instant(r.created_at))
      order by r.created_at, r.id), '[]')
    from app.revisions as r
    left join app.profiles as who on who.user_id = r.author
    where r.point_id = point and r.state = 'pending' and (is_moderator or r.author = viewer));
end;
$$;
comment on function private.point_pending_json(uuid, uuid, boolean) is 'Edits that wait beside a point: the viewer''s own, all of them for a moderator in scope.';

create function private.point_proposals_json(point uuid, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'revision_id', r.id,
        'state', r.state,
        'reason', r.reason,
        'comment', r.comment,
        'accepted', coalesce(to_jsonb(r.accepted_paths), '[]'),
        'at', private.instant(r.decided_at))
      order by r.created_at, r.id), '[]')
    from app.revisions as r
    where r.point_id = point and r.author = viewer and r.state in ('accepted', 'partly_accepted', 'refused', 'withdrawn'));
end;
$$;
comment on function private.point_proposals_json(uuid, uuid) is
  'What became of the viewer''s own edits of a point: who proposed always learns the decision and its reason.';

create function private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_build_object(
        'mutation_id', c.mutation_id,
        'field', c.field,
        'base', c.base,
        'mine', c.mine,
        'theirs', c.theirs,
        'at', private.instant(c.at),
        'own', coalesce(c.user_id = viewer, false))
      order by c.at, c.mutation_id, c.field), '[]')
    from app.conflicts as c
    where c.point_id = point and c.resolved_by is null and (is_moderator or c.user_id = viewer));
end;
$$;
comment on function private.point_conflicts_json(uuid, uuid, boolean) is 'Values that could not be merged and still wait: for who sent them and for moderators in scope.';

create function private.is_involved(point uuid, viewer uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return viewer is not null and (
    exists (select from app.revisions where point_id = point and author = viewer)
    or exists (select from app.photos where point_id = point and user_id = viewer)
    or exists (select from app.conflicts where point_id = point and user_id = viewer));
end;
$$;
comment on function private.is_involved(uuid, uuid) is
  'Whether somebody who is not the author gave something to the point (an edit, a photo, a conflict): it is then in their bucket u:me.';

create function private.point_json(p app.points, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  is_author boolean := viewer is not null and coalesce(p.author = viewer, false);
  is_moderator boolean := viewer is not null and p.status not in ('draft', 'withdrawn')
    and private.moderates(viewer, p.theme, p.commune);
  is_insider boolean := is_author or is_moderator;
  is_public boolean := private.is_public(p);
  is_blurred boolean := p.sensitivity = 'blurred' and not is_insider;
  has_photos boolean;
  has_revisions boolean;
  has_conflicts boolean;
  photos jsonb := '[]';
  author_name text;
  is_named boolean;
  survivor app.points;
  origin jsonb;
  shown jsonb;
begin
  if not (is_insider or is_public) then
    return null;
  end if;
  -- Called once per row of a sync: what a point does not have is not asked for again.
  select exists (select from app.photos where point_id = p.id),
    exists (select from app.revisions where point_id = p.id),
    exists (select from app.conflicts where point_id = p.id)
  into has_photos, has_revisions, has_conflicts;
  if has_photos then
    photos := private.point_photos_json(p, viewer, is_moderator);
  end if;
  if p.author is not null then
    select display_name, named into author_name, is_named from app.profiles where user_id = p.author;
  end if;
  if p.duplicate_of is not null and is_insider then
    select * into survivor from app.points where id = p.duplicate_of;
  end if;
  if p.source_id is not null then
    -- The producer's own id leads to the producer's own coordinates: left out where the position is.
    select jsonb_build_object('producer', producer, 'source_id', case when not is_blurred then p.source_ref end,
      'licence', licence, 'delivered_on', delivered_on)
    into origin from app.sources where id = p.source_id;
  end if;
  shown := jsonb_build_object(
    'id', p.id,
    'rev', p.rev,
    'v', p.v,
    'theme', p.theme,
    'status', p.status,
    'concept', p.concept,
    'geom', case when is_blurred
      then private.geom_json(p.public_geom, 707, 'blurred')
      else private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m) end,
    'attributes', case when is_blurred then p.attributes - private.locating_keys(p.theme) else p.attributes end,
    'commune', case when is_blurred then p.public_commune else p.commune end,
    'cell', case when is_public then p.public_cell end,
    'sensitivity', p.sensitivity,
    'mine', is_author,
    'involved', is_author or ((has_photos or has_revisions or has_conflicts) and private.is_involved(p.id, viewer)),
    'author', case when is_named or is_moderator then author_name end,
    'form_rev', p.form_rev,
    'captured_at', private.instant_for(p.captured_at, is_insider),
    'received_at', private.instant_for(p.received_at, is_insider),
    'updated_at', private.instant_for(p.updated_at, is_insider),
    -- To a stranger the photos that are expected are the ones that are there: what waits is nobody's business.
    'expected_photos', case when is_insider then p.expected_photos else jsonb_array_length(photos) end,
    'photos', photos,
    'confirmations', jsonb_build_object('count', p.confirmation_count, 'last_at', p.last_confirmed_on),
    'pending', case when has_revisions then private.point_pending_json(p.id, viewer, is_moderator) else '[]' end,
    'proposals', case when has_revisions then private.point_proposals_json(p.id, viewer) else '[]' end,
    'conflicts', case when has_conflicts then private.point_conflicts_json(p.id, viewer, is_moderator) else '[]' end,
    'decision', case when is_insider then p.decision - 'by' end,
    'duplicate_of', case when survivor.id is not null and private.can_see(survivor, viewer) then survivor.id end,
    'source', origin);
  if is_moderator then
    return shown || jsonb_build_object('waiting', to_jsonb(private.waiting_kinds(p)));
  end if;
  return shown;
end;
$$;
comment on function private.point_json(app.points, uuid) is
  'THE row of contract §2 as one viewer sees it, null when they may not: public content at the public position for whoever is neither author nor moderator in scope. Beyond the contract: `cell` (public sync cell), `involved` (belongs to u:me), `waiting` (moderators: belongs to m:me when not empty), `proposals` (outcome of the viewer''s edits).';

revoke all on function private.point_photos_json(app.points, uuid, boolean), private.point_pending_json(uuid, uuid, boolean),
  private.point_proposals_json(uuid, uuid), private.point_conflicts_json(uuid, uuid, boolean),
  private.is_involved(uuid, uuid), private.point_json(app.points, uuid) from public;
