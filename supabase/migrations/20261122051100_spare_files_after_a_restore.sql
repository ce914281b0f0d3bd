-- After a restore the photo store holds photos that the database has forgotten, and whose bytes the phones have freed.
-- A phone that is away for some weeks must still find them.
alter table app.settings add column restored_at timestamptz;
comment on column app.settings.restored_at is
  'When a backup was put back last (private.begin_new_life). For 30 days after it, as long as phones keep what they sent, no photo file is collected as nobody''s.';

create or replace function private.begin_new_life()
returns text
language plpgsql
set search_path = ''
as $$
begin
  update app.settings set generation = gen_random_uuid(), restored_at = now();
  return private.current_epoch();
end;
$$;

create or replace function private.orphan_objects(maximum int)
returns table (bucket text, name text)
language plpgsql
stable
set search_path = ''
as $$
begin
  -- A database without Storage (a bare test) has no objects.
  if to_regclass('storage.objects') is null then
    return;
  end if;
  return query
    select o.bucket_id::text, o.name::text
    from storage.objects as o
    cross join app.settings as s
    -- Public copies are made by the worker alone, whose jobs last five minutes: they wait less.
    where (o.bucket_id = 'photos' and o.created_at < now() - make_interval(hours => s.orphan_hours)
          and coalesce(s.restored_at < now() - interval '30 days', true)
        or o.bucket_id = 'published' and o.created_at < now() - interval '1 hour')
      and not exists (select from app.photos as f where f.path = o.name or f.public_path = o.name)
      and not exists (select from app.photos as f where f.thumb_path = o.name or f.public_thumb_path = o.name)
    order by o.created_at, o.name
    limit maximum;
end;
$$;
