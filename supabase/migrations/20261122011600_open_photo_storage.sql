create function private.may_add_photo(object_name text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  -- Answers for the caller alone: the first folder must be theirs.
  return (select auth.uid()) is not null
    and object_name ~ ('^' || (select auth.uid())
      || '/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{16}(-t)?\.jpg$')
    and private.is_contributor((select auth.uid()));
end;
$$;
comment on function private.may_add_photo(text) is
  'Whether the caller may upload under this name: a contributor with the current charter, in their own folder, named as contract §3 says.';

create function private.may_read_photo(object_name text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := (select auth.uid());
begin
  if me is null then
    return false;
  end if;
  return split_part(object_name, '/', 1) = me::text
    or exists (
      select from app.photos as f
      join app.points as p on p.id = f.point_id
      where f.path = regexp_replace(object_name, '-t\.jpg$', '.jpg')
        and p.status not in ('draft', 'withdrawn')
        and private.moderates(me, p.theme, p.commune));
end;
$$;
comment on function private.may_read_photo(text) is
  'Whether the caller may read (sign the address of) an object of the bucket photos: who took it, or a moderator in scope of its point.';

revoke all on function private.may_add_photo(text), private.may_read_photo(text) from public;
grant execute on function private.may_add_photo(text), private.may_read_photo(text) to anon, authenticated, service_role;

-- A database without Storage (a bare test) has nothing to protect there.
do $storage$
begin
  if to_regclass('storage.buckets') is null or to_regclass('storage.objects') is null then
    return;
  end if;

  insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
  values
    ('photos', 'photos', false, 8388608, '{image/jpeg}'),
    ('published', 'published', true, 8388608, '{image/jpeg}')
  on conflict (id) do update
  set public = excluded.public, file_size_limit = excluded.file_size_limit, allowed_mime_types = excluded.allowed_mime_types;

  create policy "A contributor adds photos under their own folder" on storage.objects
    for insert to authenticated
    with check (bucket_id = 'photos' and private.may_add_photo(name));
  create policy "Who took a photo and the moderators in scope read it" on storage.objects
    for select to authenticated
    using (bucket_id = 'photos' and private.may_read_photo(name));

  -- Supabase lets the project add policies to storage.objects, but not describe what it does not own.
  if not pg_has_role((select relowner from pg_class where oid = 'storage.objects'::regclass), 'usage') then
    return;
  end if;
  comment on policy "A contributor adds photos under their own folder" on storage.objects is
    'Insert only: nobody but the service role overwrites, moves or deletes what a phone has sent.';

  comment on policy "Who took a photo and the moderators in scope read it" on storage.objects is
    'Reading is what signing an address needs. Bucket `published` has no policy: it is read by address and listed by nobody.';
end;
$storage$;
