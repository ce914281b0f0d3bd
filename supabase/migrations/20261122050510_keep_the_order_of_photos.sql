alter table app.photos add column rank smallint check (rank >= 0);
comment on column app.photos.rank is 'Place among the photos that its author gave the point, from 0: they arrive as the network lets them. Null for one that was added later: those come last.';

create or replace function private.add_photo(who uuid, p jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  was app.points;
  photo app.photos;
  problem text := private.account_problem(who);
begin
  select * into photo from app.photos where id = (p ->> 'photo_id')::uuid;
  if found and photo.user_id = who and photo.sha256 = p ->> 'sha256' then
    return;
  elsif found or exists (select from app.photos where path = p ->> 'path')
    or p ->> 'path' not like who || '/' || (p ->> 'point_id') || '/%' then
    perform private.reject('not_allowed');
  elsif problem is not null then
    perform private.reject(problem);
  end if;
  -- The point may have been merged into another while its photo was on the way.
  was := private.lock_point(private.survivor_of((p ->> 'point_id')::uuid), who);
  if was.author is distinct from who and was.status <> 'published'
    and not exists (select from app.points where id = (p ->> 'point_id')::uuid and author = who) then
    perform private.reject('not_allowed');
  elsif (select count(*) from app.photos where point_id = was.id and user_id = who) >= private.photo_limit(was.theme) then
    perform private.reject('too_many');
  end if;
  insert into app.photos
    (id, point_id, user_id, path, thumb_path, sha256, size_bytes, width, height, taken_at, licence, caption, position, rank, came_from)
  values ((p ->> 'photo_id')::uuid, was.id, who, p ->> 'path', p ->> 'thumb_path', p ->> 'sha256', (p ->> 'size')::int,
    (p ->> 'width')::int, (p ->> 'height')::int, private.to_instant(p ->> 'taken_at'),
    coalesce(nullif(p ->> 'licence', ''), (select photo_licence from app.charters where rev = private.current_charter()), ''),
    left(nullif(p ->> 'caption', ''), 400), nullif(p -> 'position', 'null'), private.to_count(p -> 'rank', 999),
    nullif((p ->> 'point_id')::uuid, was.id));
  was := private.save_point(was, was);
  perform private.record_event(was, who, 'photo', diff => jsonb_build_object('photo', jsonb_build_array(null, p -> 'photo_id')));
end;
$$;

create or replace function private.point_photos_json(p app.points, viewer uuid, is_moderator boolean)
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
      order by f.rank nulls last, f.created_at, f.id), '[]')
    from app.photos as f
    left join app.profiles as who on who.user_id = f.user_id
    where f.point_id = p.id and f.state in ('pending', 'published')
      and (is_moderator or f.user_id = viewer
        or (f.state = 'published' and f.public_path is not null)));
end;
$$;

create or replace function private.public_item_json(t app.public_points)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', t.point_id, 'theme', t.theme, 'concept', t.concept,
    'label', coalesce(t.title, c.labels ->> 'fr', h.labels ->> 'fr'),
    'title', t.title, 'status', t.status, 'lon', t.lon, 'lat', t.lat,
    'updated_at', t.updated_on,
    'condition', case when o.sensitivity = 'open' or not 'condition' = any (private.locating_keys(t.theme))
      then o.attributes ->> 'condition' end,
    -- An import says when it was delivered, not when somebody stood there.
    'seen_on', greatest(o.last_confirmed_on, case when o.source_id is null then (o.captured_at at time zone 'UTC')::date end),
    'thumb_url', (
      select '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path)
      from app.photos as f
      where f.point_id = t.point_id and f.state = 'published' and f.public_path is not null
      order by f.rank nulls last, f.created_at, f.id limit 1)))
    || jsonb_build_object('concept', t.concept, 'commune', t.commune, 'commune_name', p.name)
  from app.themes as h
  join app.points as o on o.id = t.point_id
  left join app.concepts as c on c.id = t.concept
  left join app.territories as p on p.level = 'commune' and p.code = t.commune
  where h.id = t.theme;
$$;

comment on function private.photo_record(jsonb) is
  'Service only. Row of a photo whose object photo_commit has read: {user_id, photo_id, point_id, path, thumb_path, sha256, size, width, height, taken_at?, licence, caption?, position?, rank?} → {status: stored|missing|rejected, code?}.';
