-- What waits for a decision, one row an item, kept by triggers: a page of a hundred thousand is read from an index.
create table app.queue (
  kind text collate "C" not null check (kind in ('new', 'edit', 'photo', 'gone', 'report')),
  item_id uuid not null,
  point_id uuid not null references app.points,
  theme text not null,
  commune text,
  author uuid references app.profiles on delete set null,
  since timestamptz not null,
  primary key (kind, item_id)
);
create index queue_point_id_idx on app.queue (point_id);
create index queue_page_idx on app.queue (theme, since, kind, item_id);
create index queue_place_idx on app.queue (theme, commune, kind);
create index queue_author_idx on app.queue (author, theme);
alter table app.queue enable row level security;
comment on table app.queue is
  'Items that wait for a decision. Derived from points, revisions, photos and reports by triggers; never written otherwise. item_id is the point, the revision or the report.';
comment on column app.queue.since is 'When the item began to wait: a point completed and sent again waits from then.';
comment on column app.queue.author is 'Who sent what waits, null for somebody without account.';

create function private.waiting_items(ids uuid[])
returns setof app.queue
language sql
stable
set search_path = ''
as $$
  select 'new', p.id, p.id, p.theme, p.commune, p.author,
    coalesce((select q.since from app.queue as q where q.kind = 'new' and q.item_id = p.id), p.updated_at)
  from app.points as p where p.id = any (ids) and p.status = 'submitted'
  union all
  select 'edit', r.id, p.id, p.theme, p.commune, r.author, r.created_at
  from app.revisions as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'pending' and p.status not in ('draft', 'withdrawn')
  union all
  select 'photo', p.id, p.id, p.theme, p.commune, (array_agg(f.user_id order by f.created_at, f.id))[1], min(f.created_at)
  from app.photos as f join app.points as p on p.id = f.point_id
  where f.point_id = any (ids) and f.state = 'pending' and p.status = 'published'
  group by p.id
  union all
  select case r.kind when 'gone' then 'gone' else 'report' end, r.id, p.id, p.theme, p.commune, r.user_id, r.created_at
  from app.reports as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'open' and p.status not in ('draft', 'withdrawn');
$$;
comment on function private.waiting_items(uuid[]) is 'What of these points waits for a decision, as the queue should say.';

create function private.refresh_queue(ids uuid[])
returns void
language plpgsql
set search_path = ''
as $$
begin
  with wanted as materialized (
    select * from private.waiting_items(ids)
  ), over as (
    delete from app.queue as q
    where q.point_id = any (ids)
      and not exists (select from wanted as w where w.kind = q.kind and w.item_id = q.item_id)
  )
  insert into app.queue as q select * from wanted
  on conflict (kind, item_id) do update
  set point_id = excluded.point_id, theme = excluded.theme, commune = excluded.commune, author = excluded.author, since = excluded.since
  where (q.point_id, q.theme, q.commune, q.author, q.since)
    is distinct from (excluded.point_id, excluded.theme, excluded.commune, excluded.author, excluded.since);
end;
$$;
comment on function private.refresh_queue(uuid[]) is 'Makes the queue say of these points what waits.';

create function private.queue_new_points()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into app.queue (kind, item_id, point_id, theme, commune, author, since)
  select 'new', p.id, p.id, p.theme, p.commune, p.author, p.received_at from new_points as p where p.status = 'submitted';
  return null;
end;
$$;
comment on function private.queue_new_points() is 'Trigger: points that are born submitted wait.';
create trigger points_queue_new after insert on app.points
referencing new table as new_points
for each statement execute function private.queue_new_points();

create function private.queue_changed_points()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  ids uuid[] := array(
    select p.id from new_points as p join old_points as was using (id)
    where (p.status, p.commune, p.author) is distinct from (was.status, was.commune, was.author));
begin
  if ids <> '{}' then
    perform private.refresh_queue(ids);
  end if;
  return null;
end;
$$;
comment on function private.queue_changed_points() is 'Trigger: a point that changed state, commune or author waits otherwise.';
create trigger points_queue_changed after update on app.points
referencing old table as old_points new table as new_points
for each statement execute function private.queue_changed_points();

create function private.queue_part()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.refresh_queue(array_remove(array[
    case when tg_op <> 'DELETE' then new.point_id end, case when tg_op <> 'INSERT' then old.point_id end], null));
  return null;
end;
$$;
comment on function private.queue_part() is 'Trigger: an edit, a photo or a report came, was decided, or followed into another point.';
create trigger revisions_queue_new after insert on app.revisions
for each row when (new.state = 'pending') execute function private.queue_part();
create trigger revisions_queue_changed after update of state, point_id on app.revisions
for each row when ((new.state, new.point_id) is distinct from (old.state, old.point_id)) execute function private.queue_part();
create trigger photos_queue_new after insert on app.photos
for each row when (new.state = 'pending') execute function private.queue_part();
create trigger photos_queue_changed after update of state, point_id on app.photos
for each row when ((new.state, new.point_id) is distinct from (old.state, old.point_id)
  and 'pending' in (new.state, old.state)) execute function private.queue_part();
create trigger photos_queue_deleted after delete on app.photos
for each row when (old.state = 'pending') execute function private.queue_part();
create trigger reports_queue_new after insert on app.reports
for each row when (new.state = 'open') execute function private.queue_part();
create trigger reports_queue_changed after update of state, point_id on app.reports
for each row when ((new.state, new.point_id) is distinct from (old.state, old.point_id)) execute function private.queue_part();

-- What waited before this migration.
insert into app.queue select * from private.waiting_items(array(
  select id from app.points where status = 'submitted' union select point_id from app.revisions where state = 'pending'
  union select point_id from app.photos where state = 'pending' union select point_id from app.reports where state = 'open'));
update app.queue as q set since = private.submitted_since(p)
from app.points as p where q.kind = 'new' and p.id = q.point_id;

create function private.scope_communes(who uuid, place text[] default null)
returns table (theme text, communes text[])
language sql
stable
rows 3
set search_path = ''
as $$
  select s.theme, case
    when s.is_everywhere then place
    when place is null then private.communes_in(s.territories)
    else array(select unnest(private.communes_in(s.territories)) intersect select unnest(place)) end
  from private.scope_of(who) as s;
$$;
comment on function private.scope_communes(uuid, text[]) is
  'Themes that a person moderates, with the communes of their scope (of those given, when some are); null: everywhere, points without commune included.';

create or replace function private.waiting_points(who uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select q.point_id
  from private.scope_communes(who) as s
  join app.queue as q on q.theme = s.theme and (s.communes is null or q.commune in (select unnest(s.communes)));
$$;

drop function private.queue_items(uuid);
drop function private.queue_item_json(private.queue_item, uuid);
drop function private.queue_key(private.queue_item);
drop type private.queue_item;
drop function private.submitted_since(app.points);

create function private.queue_key(i app.queue)
returns text
language sql
immutable
set search_path = ''
as $$
  select to_char(i.since at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || '.' || i.kind || '.' || i.item_id;
$$;
comment on function private.queue_key(app.queue) is 'The opaque cursor of the queue: age, ties included.';

create function private.read_queue_key(key text)
returns app.queue
language plpgsql
stable
set search_path = ''
as $$
declare
  i app.queue;
begin
  if key is null then
    return i;
  elsif key !~ '^\d{20}\.[a-z]{2,10}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    perform private.invalid_argument('after : le curseur d’une page de cette file.');
  end if;
  i.since := (left(key, 8) || ' ' || substr(key, 9, 6) || '.' || substr(key, 15, 6))::timestamp at time zone 'UTC';
  i.kind := split_part(key, '.', 2);
  i.item_id := split_part(key, '.', 3);
  return i;
exception
  when data_exception then
    perform private.invalid_argument('after : le curseur d’une page de cette file.');
end;
$$;
comment on function private.read_queue_key(text) is 'A cursor of the queue taken apart; PT400 for what is none.';

create function private.queue_page(
  in_theme text, communes text[], of_kind text, by_author uuid, until timestamptz, after app.queue, is_newest_first boolean, size int)
returns setof app.queue
language plpgsql
stable
rows 50
set search_path = ''
-- What is not asked for costs nothing, and a list of communes is looked up, not walked.
set plan_cache_mode = force_custom_plan
as $$
begin
  if is_newest_first then
    return query
      select * from app.queue as q
      where q.theme = in_theme and (communes is null or q.commune = any (communes)) and (of_kind is null or q.kind = of_kind)
        and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) < (after.since, after.kind, after.item_id))
      order by q.since desc, q.kind desc, q.item_id desc limit size;
  else
    return query
      select * from app.queue as q
      where q.theme = in_theme and (communes is null or q.commune = any (communes)) and (of_kind is null or q.kind = of_kind)
        and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) > (after.since, after.kind, after.item_id))
      order by q.since, q.kind, q.item_id limit size;
  end if;
end;
$$;
comment on function private.queue_page(text, text[], text, uuid, timestamptz, app.queue, boolean, int) is
  'Items of a theme after a place in the queue, oldest or newest first.';

create function private.queue_counts(in_theme text, communes text[], by_author uuid, until timestamptz)
returns table (kind text, n bigint)
language plpgsql
stable
rows 5
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
    select q.kind, count(*) from app.queue as q
    where q.theme = in_theme and (communes is null or q.commune = any (communes))
      and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
    group by q.kind;
end;
$$;
comment on function private.queue_counts(text, text[], uuid, timestamptz) is 'How many items of a theme wait, by kind.';

create function private.queue_item_json(i app.queue, viewer uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  p app.points;
begin
  select * into p from app.points where id = i.point_id;
  return case
    when i.kind = 'edit' then jsonb_build_object('revision_id', i.item_id)
    when i.kind in ('gone', 'report') then jsonb_build_object('report_id', i.item_id)
    else '{}' end
    || jsonb_build_object(
      'point_id', p.id,
      'kind', i.kind,
      'theme', p.theme,
      'concept', p.concept,
      'commune', p.commune,
      -- Beyond the contract, so that a list can be read: the name given to the thing, and its commune's.
      'title', private.point_title(p),
      'commune_name', (select name from app.territories where level = 'commune' and code = p.commune),
      'waiting_since', private.instant(i.since),
      'author', (select display_name from app.profiles where user_id = i.author),
      'author_id', i.author,
      'mine', coalesce(i.author = viewer, false),
      'rev', p.rev,
      'expected_photos', p.expected_photos,
      'stored_photos', (select count(*) from app.photos where point_id = p.id and state <> 'refused'),
      'candidates', (select count(*) from private.duplicate_candidates(p, viewer)),
      'lease', private.lease_json(p.id, viewer));
end;
$$;
comment on function private.queue_item_json(app.queue, uuid) is
  'An item of the queue as contract §4 writes it; `mine` is the viewer''s own contribution, `rev` what a decision says it saw, `author_id` serves to ask for the other items of that person.';

create or replace function private.moderation_queue(p jsonb)
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
  place text[] := case when territory is not null then private.communes_in(private.known_territories(array[territory])) end;
  asked_kind text := private.arg_choice(p, 'kind', array['new', 'edit', 'photo', 'gone', 'report']);
  by_author uuid := private.arg_uuid(p, 'author');
  until timestamptz := now() - private.arg_number(p, 'waiting_days', 0, 3650) * interval '1 day';
  is_newest_first boolean := coalesce(private.arg_choice(p, 'order', array['oldest', 'newest']), 'oldest') = 'newest';
  after app.queue := private.read_queue_key(private.arg_text(p, 'after'));
  page_size int := private.arg_limit(p, 50, 200);
begin
  return (
    with scope as materialized (
      select * from private.scope_communes(me, place)
    ), counted as materialized (
      select s.theme, c.kind, c.n from scope as s, private.queue_counts(s.theme, s.communes, by_author, until) as c
    ), found as materialized (
      select q, row_number() over (order by
        case when is_newest_first then q.since end desc, case when is_newest_first then q.kind end desc,
        case when is_newest_first then q.item_id end desc, q.since, q.kind, q.item_id) as n
      from scope as s,
        private.queue_page(s.theme, s.communes, asked_kind, by_author, until, after, is_newest_first, page_size + 1) as q
      where asked_theme is null or s.theme = asked_theme
    )
    select jsonb_build_object(
      'items', (select coalesce(jsonb_agg(private.queue_item_json(f.q, me) order by f.n), '[]') from found as f where f.n <= page_size),
      'total', (select coalesce(sum(c.n), 0) from counted as c
        where (asked_theme is null or c.theme = asked_theme) and (asked_kind is null or c.kind = asked_kind)),
      'counts', (select coalesce(jsonb_object_agg(t.theme, t.kinds), '{}')
        from (select c.theme, jsonb_object_agg(c.kind, c.n) as kinds from counted as c group by c.theme) as t),
      'next', case when (select count(*) from found) > page_size then (select private.queue_key(f.q) from found as f where f.n = page_size) end));
end;
$$;
comment on function public.moderation_queue(jsonb) is
  'Contract §4: {theme?, territory?, kind?, order?, after?, limit?, author? (author_id of an item), waiting_days? (at least so long)} → items, total, next, and counts {theme: {kind: n}} whatever theme and kind were asked. Signed-in callers, in their scope. PT400 unknown_territory.';

revoke all on function private.waiting_items(uuid[]), private.refresh_queue(uuid[]), private.queue_new_points(),
  private.queue_changed_points(), private.queue_part(), private.scope_communes(uuid, text[]), private.queue_key(app.queue),
  private.read_queue_key(text), private.queue_page(text, text[], text, uuid, timestamptz, app.queue, boolean, int),
  private.queue_counts(text, text[], uuid, timestamptz), private.queue_item_json(app.queue, uuid) from public;
