create function private.photo_limit(theme_id text)
returns int
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select private.to_count(settings -> 'photos' -> 'maximum', 50) from app.themes where id = theme_id), 10);
$$;
comment on function private.photo_limit(text) is 'Photos that one person may add to one point of the theme (setting photos.maximum, default 10).';

create function private.add_photo(who uuid, p jsonb)
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
    (id, point_id, user_id, path, thumb_path, sha256, size_bytes, width, height, taken_at, licence, caption, position, came_from)
  values ((p ->> 'photo_id')::uuid, was.id, who, p ->> 'path', p ->> 'thumb_path', p ->> 'sha256', (p ->> 'size')::int,
    (p ->> 'width')::int, (p ->> 'height')::int, private.to_instant(p ->> 'taken_at'),
    coalesce(nullif(p ->> 'licence', ''), (select photo_licence from app.charters where rev = private.current_charter()), ''),
    left(nullif(p ->> 'caption', ''), 400), nullif(p -> 'position', 'null'),
    nullif((p ->> 'point_id')::uuid, was.id));
  was := private.save_point(was, was);
  perform private.record_event(was, who, 'photo', diff => jsonb_build_object('photo', jsonb_build_array(null, p -> 'photo_id')));
end;
$$;
comment on function private.add_photo(uuid, jsonb) is 'Records a photo that was read and checked; it waits for a moderator. The same photo again changes nothing.';

create function private.photo_record(p jsonb)
returns jsonb
language plpgsql
security definer
set search_path = ''
as $$
declare
  code text;
begin
  if private.to_uuid(p ->> 'user_id') is null or private.to_uuid(p ->> 'photo_id') is null
    or private.to_uuid(p ->> 'point_id') is null or coalesce(p ->> 'path', '') = ''
    or coalesce(p ->> 'sha256', '') !~ '^[0-9a-f]{64}$' or coalesce(private.to_count(p -> 'size', 2000000000), 0) = 0
    or coalesce(private.to_count(p -> 'width', 100000), 0) = 0 or coalesce(private.to_count(p -> 'height', 100000), 0) = 0 then
    perform private.fail(400, 'invalid_argument', 'user_id, photo_id, point_id, path, sha256, size, width et height sont attendus.');
  end if;
  perform private.ensure_profile(private.to_uuid(p ->> 'user_id'));
  perform private.add_photo(private.to_uuid(p ->> 'user_id'), p);
  return jsonb_build_object('status', 'stored');
exception
  when sqlstate 'CR001' then
    get stacked diagnostics code = message_text;
    return jsonb_build_object('status', 'rejected', 'code', code);
end;
$$;
comment on function private.photo_record(jsonb) is
  'Service only. Row of a photo whose object photo_commit has read: {user_id, photo_id, point_id, path, thumb_path, sha256, size, width, height, taken_at?, licence, caption?, position?} → {status: stored|rejected, code?}.';

create function public.photo_record(p jsonb default '{}')
returns jsonb
language sql
set search_path = ''
as $$ select private.photo_record(p); $$;
comment on function public.photo_record(jsonb) is 'Service only, called by the function photo_commit: see private.photo_record.';

revoke all on function private.photo_limit(text), private.add_photo(uuid, jsonb), private.photo_record(jsonb),
  public.photo_record(jsonb) from public;
grant execute on function private.photo_record(jsonb), public.photo_record(jsonb) to service_role;
