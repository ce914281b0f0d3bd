create function private.bucket_digest(bucket text, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if bucket = 't' then
    -- Nothing leaves bucket t and its rows have no v: the count is what there is to compare.
    return (select jsonb_build_object('id', 't', 'count', count(*), 'digest', '0')
      from app.concepts where status in ('accepted', 'deprecated'));
  end if;
  return (
    select jsonb_build_object(
      'id', bucket,
      'count', count(*),
      'digest', (coalesce(sum(
        ('x' || right(replace(m.id::text, '-', ''), 12))::bit(48)::bigint::numeric + m.v::numeric * 1000003), 0)
        % 281474976710656)::text)
    from private.bucket_points(bucket, viewer, null, null) as m);
end;
$$;
comment on function private.bucket_digest(text, uuid) is
  'Count and digest of what the viewer may see in a bucket: sum of (last 12 hex digits of the id + v × 1 000 003) modulo 2^48.';

create function private.sync_digest(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  buckets jsonb := private.arg_list(p, 'buckets', 1000);
begin
  if exists (select from jsonb_array_elements(buckets) as b where jsonb_typeof(b) <> 'string') then
    perform private.invalid_argument('buckets : une liste d''identifiants.');
  end if;
  return jsonb_build_object('epoch', private.current_epoch(), 'digests', (
    select coalesce(jsonb_agg(private.bucket_digest(b, me) order by n), '[]')
    from jsonb_array_elements_text(buckets) with ordinality as t (b, n)));
end;
$$;
comment on function private.sync_digest(jsonb) is 'Lets a phone prove that its copy of a bucket is whole. Checks: signed in; counts only what the caller may see.';

create function public.sync_digest(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_digest(p); $$;
comment on function public.sync_digest(jsonb) is 'Contract §3: {buckets} → count and digest of each, as decimal strings. Signed-in callers.';

create function private.sync_ids(p jsonb)
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
  page_size int := private.arg_limit(p, 5000, 5000);
begin
  return (
    with page as materialized (
      select m.id, m.v, row_number() over (order by m.id) as n
      from private.bucket_points(bucket, me, after, page_size + 1) as m
    )
    select jsonb_build_object(
      'ids', (select coalesce(jsonb_agg(jsonb_build_array(id, v) order by n), '[]') from page where n <= page_size),
      'next', case when (select count(*) from page) > page_size then (select id from page where n = page_size) end));
end;
$$;
comment on function private.sync_ids(jsonb) is 'Ids and row counters of a bucket, to find what differs. Checks: signed in; only what the caller may see.';

create function public.sync_ids(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_ids(p); $$;
comment on function public.sync_ids(jsonb) is 'Contract §3: {bucket, after?, limit?} → [[id, v]…] by id. Signed-in callers.';

create function private.sync_receipts(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  ids jsonb := private.arg_list(p, 'mutation_ids', 500);
begin
  if exists (select from jsonb_array_elements(ids) as m where jsonb_typeof(m) <> 'string' or not private.is_uuid(m #>> '{}')) then
    perform private.invalid_argument('mutation_ids : une liste d''identifiants UUID.');
  end if;
  return jsonb_build_object('epoch', private.current_epoch(), 'unknown', (
    select coalesce(jsonb_agg(m order by n), '[]')
    from jsonb_array_elements_text(ids) with ordinality as t (m, n)
    where not exists (select from app.receipts as r where r.mutation_id = m::uuid and r.user_id = me)));
end;
$$;
comment on function private.sync_receipts(jsonb) is
  'Which of these mutations this server does not know from the caller: a device queues them again after a restored backup. Checks: signed in; somebody else''s are as unknown as none.';

create function public.sync_receipts(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_receipts(p); $$;
comment on function public.sync_receipts(jsonb) is 'Contract §3: {mutation_ids ≤ 500} → {unknown}. Signed-in callers.';

revoke all on function private.bucket_digest(text, uuid), private.sync_digest(jsonb), public.sync_digest(jsonb),
  private.sync_ids(jsonb), public.sync_ids(jsonb), private.sync_receipts(jsonb), public.sync_receipts(jsonb) from public;
grant execute on function private.sync_digest(jsonb), public.sync_digest(jsonb), private.sync_ids(jsonb),
  public.sync_ids(jsonb), private.sync_receipts(jsonb), public.sync_receipts(jsonb) to anon, authenticated, service_role;
