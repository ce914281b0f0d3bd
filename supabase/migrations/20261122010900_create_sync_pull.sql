create function private.pull_epoch_matches(p jsonb, viewer uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(p ->> 'epoch', private.current_epoch()) = private.current_epoch()
    and coalesce(p ->> 'visibility_epoch', private.visibility_epoch(viewer)::text) = private.visibility_epoch(viewer)::text;
$$;
comment on function private.pull_epoch_matches(jsonb, uuid) is 'Whether the caller''s cursors belong to this life of the server and to what they may see today.';

create function private.pull_bucket(given jsonb, viewer uuid, seen uuid[], room int)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    with page as (
      select f.*, row_number() over (order by f.change_xid, f.change_seq) as n
      from private.feed_page(private.read_bucket(given ->> 'id'), viewer, private.read_cursor(given ->> 'cursor'),
        room + cardinality(seen) + 1) as f
    ), counted as (
      -- The limit counts rows given: an id that an earlier bucket has already brought costs nothing.
      select page.*, count(*) filter (where s.id is null) over (order by page.n) as fresh
      from page
      left join unnest(seen) as s (id) on s.id = page.point_id
    ), taken as (
      select * from counted where fresh <= room
    )
    select jsonb_build_object(
      'ids', (select coalesce(jsonb_agg(distinct point_id), '[]') from taken),
      'next', jsonb_build_object(
        'id', given ->> 'id',
        'cursor', coalesce(
          (select private.cursor_text(change_xid, change_seq) from taken order by n desc limit 1),
          given ->> 'cursor',
          private.cursor_text(private.horizon(), 0)),
        'more', exists (select from counted where fresh > room))));
end;
$$;
comment on function private.pull_bucket(jsonb, uuid, uuid[], int) is
  'One bucket of a pull: the ids it names, at most `room` that were not seen before, and where to go on from.';

create function private.pull_rows(ids uuid[], known uuid[], viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    with rendered as materialized (
      select p.id, private.point_json(p, viewer) as row
      from app.points as p
      where p.id = any (ids)
    )
    select jsonb_build_object(
      'changed', (select coalesce(jsonb_agg(r.row order by r.id), '[]') from rendered as r where r.row is not null),
      'gone', (select coalesce(jsonb_agg(r.id order by r.id), '[]') from rendered as r
        where r.row is null and r.id = any (known))));
end;
$$;
comment on function private.pull_rows(uuid[], uuid[], uuid) is
  'Ids to rows: visible, the row; not visible any more, `gone`, and only for ids that a bucket already followed has named.';

create function private.check_pull(p jsonb)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  buckets jsonb := private.arg_list(p, 'buckets', 1000);
begin
  if exists (select from jsonb_array_elements(buckets) as b
    where jsonb_typeof(b) <> 'object' or coalesce(jsonb_typeof(b -> 'id'), '') <> 'string'
      or coalesce(jsonb_typeof(b -> 'cursor'), 'null') not in ('string', 'null')) then
    perform private.invalid_argument('buckets : une liste de {id, cursor?}.');
  end if;
  perform private.read_bucket(b ->> 'id') from jsonb_array_elements(buckets) as b;
  return buckets;
end;
$$;
comment on function private.check_pull(jsonb) is 'The buckets of a pull once their shape is checked; PT400 otherwise.';

create function private.sync_pull(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  buckets jsonb := private.check_pull(p);
  room int := private.arg_limit(p, 1000, 5000);
  seen uuid[] := '{}';
  known uuid[] := '{}';
  next jsonb[] := '{}';
  resync jsonb[] := '{}';
  words jsonb := '{"concepts":[],"themes":[]}';
  news text[];
  held_since timestamptz;
  bucket jsonb;
  page jsonb;
  page_ids uuid[];
begin
  if not private.pull_epoch_matches(p, me) then
    select array_agg(b -> 'id') into resync from jsonb_array_elements(buckets) as b;
    buckets := '[]';
  end if;
  news := private.buckets_with_news(buckets, me);
  held_since := private.held_back_since(buckets, me);
  for bucket in select * from jsonb_array_elements(buckets) loop
    if not private.is_cursor_possible(bucket ->> 'cursor') then
      resync := resync || (bucket -> 'id');
      continue;
    elsif not bucket ->> 'id' = any (news) then
      next := next || jsonb_build_object('id', bucket -> 'id', 'more', false,
        'cursor', coalesce(bucket ->> 'cursor', private.cursor_text(private.horizon(), 0)));
      continue;
    elsif cardinality(seen) >= room then
      next := next || jsonb_build_object('id', bucket -> 'id', 'cursor', bucket -> 'cursor', 'more', true);
      continue;
    elsif bucket ->> 'id' = 't' then
      words := private.thesaurus_changes(private.read_cursor(bucket ->> 'cursor'));
      next := next || jsonb_build_object('id', 't', 'more', false,
        'cursor', coalesce(words ->> 'cursor', private.cursor_text(private.horizon(), 0)));
      continue;
    end if;
    page := private.pull_bucket(bucket, me, seen, room - cardinality(seen));
    next := next || (page -> 'next');
    page_ids := array(select id::uuid from jsonb_array_elements_text(page -> 'ids') as id);
    seen := array(select unnest(seen) union select unnest(page_ids));
    if bucket ->> 'cursor' is not null then
      known := known || page_ids;
    end if;
  end loop;
  return jsonb_build_object(
      'epoch', private.current_epoch(),
      'visibility_epoch', private.visibility_epoch(me),
      'user_id', me,
      'concepts', words -> 'concepts',
      'themes', words -> 'themes',
      'next', to_jsonb(next),
      'resync', to_jsonb(coalesce(resync, '{}')))
    || private.pull_rows(seen, known, me)
    || case when clock_timestamp() - held_since > interval '5 seconds'
      then jsonb_build_object('stalled_s', floor(extract(epoch from clock_timestamp() - held_since))::int) else '{}' end;
end;
$$;
comment on function private.sync_pull(jsonb) is
  'Changes of the caller''s buckets since their cursors. Checks: signed in; each row is rendered for the caller alone. Stable: every query of it reads the same snapshot, so rows and horizon are of one instant.';

create function public.sync_pull(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.sync_pull(p); $$;
comment on function public.sync_pull(jsonb) is 'Contract §3: {epoch?, visibility_epoch?, buckets, limit?} → what changed and what left the caller''s view. Signed-in callers.';

revoke all on function private.pull_epoch_matches(jsonb, uuid), private.pull_bucket(jsonb, uuid, uuid[], int),
  private.pull_rows(uuid[], uuid[], uuid), private.check_pull(jsonb), private.sync_pull(jsonb), public.sync_pull(jsonb) from public;
grant execute on function private.sync_pull(jsonb), public.sync_pull(jsonb) to anon, authenticated, service_role;
