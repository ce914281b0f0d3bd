create function private.arg_bucket(p jsonb)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  bucket text := private.arg_text(p, 'bucket');
begin
  perform private.read_bucket(bucket);
  return bucket;
end;
$$;
comment on function private.arg_bucket(jsonb) is 'The required argument `bucket`; PT400 when it is not one of the contract.';

create function private.sync_snapshot(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  bucket text := private.arg_bucket(p);
  after uuid := private.arg_uuid(p, 'after');
  page_size int := private.arg_limit(p, 1000, 5000);
  horizon text := coalesce(private.arg_text(p, 'horizon'), private.cursor_text(private.horizon(), 0));
  words jsonb := case when bucket = 't' then private.thesaurus_changes(private.read_cursor(null)) - 'cursor' else '{}' end;
begin
  if not private.is_cursor_possible(horizon) then
    perform private.invalid_argument('horizon : celui de la première page ; recommencez sans after.');
  end if;
  return words || (
    with page as materialized (
      select m.id, row_number() over (order by m.id) as n, m as point
      from private.bucket_points(bucket, me, after, page_size + 1) as m
    )
    select jsonb_build_object(
      'epoch', private.current_epoch(),
      'horizon', horizon,
      'points', (select coalesce(jsonb_agg(private.point_json(point, me) order by n), '[]') from page where n <= page_size),
      'next', case when (select count(*) from page) > page_size then (select id from page where n = page_size) end));
end;
$$;
comment on function private.sync_snapshot(jsonb) is
  'A whole bucket page by page, by id. Checks: signed in; only rows the caller may see. The first page''s horizon is the cursor to pull from afterwards.';

create function public.sync_snapshot(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_snapshot(p); $$;
comment on function public.sync_snapshot(jsonb) is 'Contract §3: {bucket, after?, limit?, horizon?} → a page of the bucket as it is now. Signed-in callers.';

revoke all on function private.arg_bucket(jsonb), private.sync_snapshot(jsonb), public.sync_snapshot(jsonb) from public;
grant execute on function private.sync_snapshot(jsonb), public.sync_snapshot(jsonb) to anon, authenticated, service_role;
