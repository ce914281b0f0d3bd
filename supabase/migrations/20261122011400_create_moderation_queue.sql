create type private.queue_item as (
  item_id uuid, point_id uuid, kind text, revision_id uuid, report_id uuid, author uuid, waiting_since timestamptz);
comment on type private.queue_item is 'One thing to decide. item_id is unique within its kind: point, revision or report.';

create function private.submitted_since(p app.points)
returns timestamptz
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce((
    select max(e.at) from app.events as e
    where e.point_id = p.id and e.to_status = 'submitted' and (e.action = 'create' or e.from_status <> 'submitted')),
    p.received_at);
end;
$$;
comment on function private.submitted_since(app.points) is 'When a submitted point last entered the queue: a point completed and sent again waits from then.';

create function private.queue_items(moderator uuid)
returns setof private.queue_item
language sql
stable
set search_path = ''
as $$
  with waiting as materialized (
    select p.* from app.points as p where p.id in (select private.waiting_points(moderator))
  )
  select p.id, p.id, 'new', null::uuid, null::uuid, p.author, private.submitted_since(p.*::app.points)
  from waiting as p where p.status = 'submitted'
  union all
  select r.id, p.id, 'edit', r.id, null, r.author, r.created_at
  from waiting as p join app.revisions as r on r.point_id = p.id and r.state = 'pending'
  union all
  select p.id, p.id, 'photo', null, null, (array_agg(f.user_id order by f.created_at, f.id))[1], min(f.created_at)
  from waiting as p join app.photos as f on f.point_id = p.id and f.state = 'pending'
  where p.status = 'published' group by p.id
  union all
  select r.id, p.id, case r.kind when 'gone' then 'gone' else 'report' end, null, r.id, r.user_id, r.created_at
  from waiting as p join app.reports as r on r.point_id = p.id and r.state = 'open';
$$;
comment on function private.queue_items(uuid) is 'Everything that waits for a decision in the scope of a moderator.';

create function private.queue_item_json(i private.queue_item, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  p app.points;
begin
  select * into p from app.points where id = i.point_id;
  return jsonb_strip_nulls(jsonb_build_object('revision_id', i.revision_id, 'report_id', i.report_id))
    || jsonb_build_object(
      'point_id', p.id,
      'kind', i.kind,
      'theme', p.theme,
      'concept', p.concept,
      'commune', p.commune,
      -- Beyond the contract, so that a list can be read: the name given to the thing, and its commune's.
      'title', private.point_title(p),
      'commune_name', (select name from app.territories where level = 'commune' and code = p.commune),
      'waiting_since', private.instant(i.waiting_since),
      'author', (select display_name from app.profiles where user_id = i.author),
      'mine', coalesce(i.author = viewer, false),
      'expected_photos', p.expected_photos,
      'stored_photos', (select count(*) from app.photos where point_id = p.id and state <> 'refused'),
      'candidates', (select count(*) from private.duplicate_candidates(p, viewer)),
      'lease', private.lease_json(p.id, viewer));
end;
$$;
comment on function private.queue_item_json(private.queue_item, uuid) is 'An item of the queue as contract §4 writes it; `mine` is the viewer''s own contribution.';

create function private.queue_key(i private.queue_item)
returns text
language sql
immutable
set search_path = ''
as $$
  select to_char(i.waiting_since at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || '.' || i.kind || '.' || i.item_id;
$$;
comment on function private.queue_key(private.queue_item) is 'Sorts the queue by age, ties included, and serves as its opaque cursor.';

create function private.arg_choice(p jsonb, key text, choices text[])
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  given text := private.arg_text(p, key);
begin
  if given is not null and not given = any (choices) then
    perform private.invalid_argument(key || ' : ' || array_to_string(choices, ', ') || '.');
  end if;
  return given;
end;
$$;
comment on function private.arg_choice(jsonb, text, text[]) is 'An argument among some words, or null; PT400 otherwise.';

create function private.moderation_queue(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  asked_theme text := private.arg_text(p, 'theme');
  territory text := private.arg_text(p, 'territory');
  asked_kind text := private.arg_choice(p, 'kind', array['new', 'edit', 'photo', 'gone', 'report']);
  is_newest_first boolean := coalesce(private.arg_choice(p, 'order', array['oldest', 'newest']), 'oldest') = 'newest';
  after text := private.arg_text(p, 'after');
  page_size int := private.arg_limit(p, 50, 200);
begin
  return (
    with kept as materialized (
      select i::private.queue_item as item, private.queue_key(i::private.queue_item) as key
      from private.queue_items(me) as i
      join app.points as t on t.id = i.point_id
      where (asked_theme is null or t.theme = asked_theme)
        and (asked_kind is null or i.kind = asked_kind)
        and (territory is null or private.covers(array[territory], t.commune))
    ), page as materialized (
      select item, key, row_number() over (order by
        case when is_newest_first then key end collate "C" desc, case when not is_newest_first then key end collate "C") as n
      from kept
      where after is null or case when is_newest_first then key collate "C" < after else key collate "C" > after end
      order by n
      limit page_size + 1
    )
    select jsonb_build_object(
      'items', (select coalesce(jsonb_agg(private.queue_item_json(item, me) order by n), '[]') from page where n <= page_size),
      'total', (select count(*) from kept),
      'next', case when (select count(*) from page) > page_size then (select key from page where n = page_size) end));
end;
$$;
comment on function private.moderation_queue(jsonb) is
  'What waits for a decision. Checks: signed in; only items whose true position the caller''s scope covers, so nothing for who moderates nothing.';

create function public.moderation_queue(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.moderation_queue(p); $$;
comment on function public.moderation_queue(jsonb) is 'Contract §4: {theme?, territory?, kind?, order?, after?, limit?} → items, total, next. Signed-in callers, in their scope.';

revoke all on function private.submitted_since(app.points), private.queue_items(uuid),
  private.queue_item_json(private.queue_item, uuid), private.queue_key(private.queue_item),
  private.arg_choice(jsonb, text, text[]), private.moderation_queue(jsonb), public.moderation_queue(jsonb) from public;
grant execute on function private.moderation_queue(jsonb), public.moderation_queue(jsonb) to anon, authenticated, service_role;
