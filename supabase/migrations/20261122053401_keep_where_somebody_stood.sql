-- How far a hand set a place from where the phone was, and where the camera looked, were told to everybody and kept
-- for any distance: from them and the place one computes where somebody was, at home most often.

create function private.plain_place(place jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select case when jsonb_typeof(place) = 'object' then place - 'moved_m' - 'heading_deg' else place end;
$$;
comment on function private.plain_place(jsonb) is
  'A position without what tells where its author stood: as everybody but its author and the moderators in scope read it.';

create or replace function private.check_geom(value jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  key text;
  number numeric;
begin
  if jsonb_typeof(value) is distinct from 'object' then
    perform private.reject('invalid_geometry', 'Une position {lon, lat} est attendue.');
  end if;
  for key in select jsonb_object_keys(value) loop
    if key not in ('lon', 'lat', 'accuracy_m', 'source', 'heading_deg', 'moved_m') then
      perform private.reject('invalid_geometry', format('Clé inconnue dans la position : %s.', left(key, 40)));
    end if;
  end loop;
  foreach key in array array['lon', 'lat', 'accuracy_m', 'heading_deg', 'moved_m'] loop
    if coalesce(jsonb_typeof(value -> key), 'null') = 'null' and key not in ('lon', 'lat') then
      continue;
    end if;
    number := case when jsonb_typeof(value -> key) = 'number' then (value -> key)::numeric end;
    if number is null or number not between
      (case key when 'lon' then -180 when 'lat' then -90 else 0 end) and
      (case key when 'lon' then 180 when 'lat' then 90 when 'heading_deg' then 360 else 1000000 end)
    then
      perform private.reject('invalid_geometry', format('Valeur manquante ou hors limites : %s.', key));
    end if;
  end loop;
  if coalesce(value ->> 'source', 'typed') not in ('gps', 'map', 'exif', 'typed', 'import') then
    perform private.reject('invalid_geometry', 'Origine de la position inconnue.');
  end if;
  -- Someone sets a thing from their sofa: how far that is, and where they look, would tell where they live.
  if (value ->> 'moved_m')::numeric > 200 then
    value := private.plain_place(value);
  end if;
  return jsonb_build_object(
      'lon', round((value ->> 'lon')::numeric, 7), 'lat', round((value ->> 'lat')::numeric, 7),
      'accuracy_m', round((value ->> 'accuracy_m')::numeric, 2), 'source', coalesce(value ->> 'source', 'typed'))
    || jsonb_strip_nulls(jsonb_build_object(
      'heading_deg', round((value ->> 'heading_deg')::numeric, 1), 'moved_m', round((value ->> 'moved_m')::numeric, 2)));
end;
$$;

create or replace function private.point_row(p app.points, viewer uuid)
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
      when is_insider then private.geom_json(p.geom, p.accuracy_m, p.position_source, p.heading_deg, p.moved_m)
      else private.geom_json(p.geom, p.accuracy_m, p.position_source) end,
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

create or replace function private.seen_content(p app.points, viewer uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select case when private.is_insider(p, viewer) then private.content_of(p)
    when p.sensitivity = 'open' then private.content_of(p)
      || jsonb_build_object('geom', private.geom_json(p.geom, p.accuracy_m, p.position_source))
    else (private.content_of(p)
        - (select coalesce(array_agg('attributes.' || key), '{}') from unnest(private.locating_keys(p.theme)) as key))
      || jsonb_build_object('geom', private.geom_json(p.public_geom, 707, 'blurred')) end;
$$;

create or replace function private.public_diff(p app.points, diff jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_object_agg(path, case when path = 'geom'
    then jsonb_build_array(private.plain_place(change -> 0), private.plain_place(change -> 1)) else change end)
  from jsonb_each(diff) as d (path, change)
  where p.sensitivity = 'open' or not (
    path = 'geom'
    or path = any (select 'attributes.' || key from unnest(private.locating_keys(p.theme)) as key));
$$;

create or replace function private.point_conflicts_json(point uuid, viewer uuid, is_moderator boolean)
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
        -- What the server had may have been another person's.
        'theirs', case when c.field = 'geom' and not is_moderator then private.plain_place(c.theirs) else c.theirs end,
        'at', private.instant(c.at),
        'own', coalesce(c.user_id = viewer, false))
      || coalesce(private.conflict_writer(c, viewer, is_moderator), '{}')
      order by c.at, c.mutation_id, c.field), '[]')
    from app.conflicts as c
    where c.point_id = point and c.resolved_by is null and (is_moderator or c.user_id = viewer));
end;
$$;

create function private.forget_far_hints(value jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) = 'array' then
    return (select coalesce(jsonb_agg(private.forget_far_hints(one) order by n), '[]') from jsonb_array_elements(value) with ordinality as list (one, n));
  elsif jsonb_typeof(value) is distinct from 'object' then
    return value;
  elsif jsonb_typeof(value -> 'moved_m') = 'number' and (value ->> 'moved_m')::numeric > 200 then
    value := private.plain_place(value);
  end if;
  return (select coalesce(jsonb_object_agg(key, private.forget_far_hints(one)), '{}') from jsonb_each(value) as fields (key, one));
end;
$$;
comment on function private.forget_far_hints(jsonb) is
  'The same, without moved_m and heading_deg of every position in it that was set from further than 200 m.';

create function private.forget_far_hands()
returns int
language plpgsql
set search_path = ''
as $$
declare
  cleaned uuid[];
begin
  with clean as (
    update app.points set moved_m = null, heading_deg = null, v = v + 1 where moved_m > 200 returning id
  )
  select coalesce(array_agg(id), '{}') into cleaned from clean;
  update app.revisions set base = private.forget_far_hints(base), patch = private.forget_far_hints(patch)
  where base #> '{geom,moved_m}' is not null or patch #> '{geom,moved_m}' is not null;
  update app.conflicts set base = private.forget_far_hints(base), mine = private.forget_far_hints(mine), theirs = private.forget_far_hints(theirs)
  where field = 'geom';
  update app.receipts set conflicts = private.forget_far_hints(conflicts) where conflicts::text like '%"moved_m"%';
  -- History is append-only, but for what should never have been in it.
  alter table app.events disable trigger events_append_only;
  update app.events set diff = private.forget_far_hints(diff) where diff #>> '{geom}' like '%"moved_m"%';
  alter table app.events enable trigger events_append_only;
  -- Phones that hold them are told to forget them.
  perform private.touch_point(id) from unnest(cleaned) as id;
  return cardinality(cleaned);
end;
$$;
comment on function private.forget_far_hands() is
  'Cleans what was stored before private.check_geom left it out: points, proposals, conflicts, receipts, history. Returns how many points. Again, it changes nothing.';

select private.forget_far_hands();

revoke all on function private.plain_place(jsonb), private.forget_far_hints(jsonb), private.forget_far_hands() from public;
