-- A scope names départements, EPCI and communes: the queue holds the three of each item, so that a scope is compared as
-- it is written. Spelt out in communes, a département took longer to plan than to read.
alter table app.queue add column epci text, add column departement text;
comment on column app.queue.departement is 'With epci and commune: the territories that hold the item, kept when the list of territories is loaded anew.';

create or replace function private.waiting_items(ids uuid[])
returns setof app.queue
language sql
stable
set search_path = ''
as $$
  select 'new', p.id, p.id, p.theme, p.commune, p.author,
    coalesce((select q.since from app.queue as q where q.kind = 'new' and q.item_id = p.id), p.updated_at), null, null
  from app.points as p where p.id = any (ids) and p.status = 'submitted'
  union all
  select 'edit', r.id, p.id, p.theme, p.commune, r.author, r.created_at, null, null
  from app.revisions as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'pending' and p.status not in ('draft', 'withdrawn')
  union all
  select 'photo', p.id, p.id, p.theme, p.commune, (array_agg(f.user_id order by f.created_at, f.id))[1], min(f.created_at), null, null
  from app.photos as f join app.points as p on p.id = f.point_id
  where f.point_id = any (ids) and f.state = 'pending' and p.status = 'published'
  group by p.id
  union all
  select case r.kind when 'gone' then 'gone' else 'report' end, r.id, p.id, p.theme, p.commune, r.user_id, r.created_at, null, null
  from app.reports as r join app.points as p on p.id = r.point_id
  where r.point_id = any (ids) and r.state = 'open' and p.status not in ('draft', 'withdrawn');
$$;
comment on function private.waiting_items(uuid[]) is
  'What of these points waits for a decision, as the queue should say; epci and departement are the trigger''s to write.';

create function private.place_queue_item()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select t.epci, t.departement into new.epci, new.departement
  from app.territories as t where t.level = 'commune' and t.code = new.commune;
  if new.departement is null then
    new.departement := case when new.commune like '97%' then left(new.commune, 3) else left(new.commune, 2) end;
  end if;
  return new;
end;
$$;
comment on function private.place_queue_item() is 'Trigger: the EPCI and the département of an item, as its commune says.';
create trigger queue_place before insert or update of commune on app.queue
for each row execute function private.place_queue_item();

create function private.place_queue_again()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update app.queue as q set commune = q.commune
  from changed as t
  where t.level = 'commune' and t.code = q.commune and (q.epci, q.departement) is distinct from (t.epci, t.departement);
  return null;
end;
$$;
comment on function private.place_queue_again() is 'Trigger: a commune that joined another EPCI takes its items along.';
create trigger territories_place_queue after update on app.territories
referencing new table as changed for each statement execute function private.place_queue_again();
create trigger territories_place_queue_new after insert on app.territories
referencing new table as changed for each statement execute function private.place_queue_again();
update app.queue set commune = commune;

create index queue_epci_idx on app.queue (theme, epci, kind);
create index queue_departement_idx on app.queue (theme, departement, kind);
-- Everywhere, counted in the order of the index.
create index queue_kind_idx on app.queue (theme, kind);

drop function private.queue_page(text, text[], text, uuid, timestamptz, app.queue, boolean, int);
drop function private.queue_counts(text, text[], uuid, timestamptz);

create function private.queue_page(
  in_theme text, scope text[], place text[], of_kind text, by_author uuid, until timestamptz, after app.queue, is_newest_first boolean, size int)
returns setof app.queue
language plpgsql
stable
rows 50
set search_path = ''
-- What is not asked for costs nothing.
set plan_cache_mode = force_custom_plan
as $$
begin
  if is_newest_first then
    return query
      select * from app.queue as q
      where q.theme = in_theme
        and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
        and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
        and (of_kind is null or q.kind = of_kind) and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) < (after.since, after.kind, after.item_id))
      order by q.since desc, q.kind desc, q.item_id desc limit size;
  else
    return query
      select * from app.queue as q
      where q.theme = in_theme
        and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
        and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
        and (of_kind is null or q.kind = of_kind) and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
        and (after.since is null or (q.since, q.kind, q.item_id) > (after.since, after.kind, after.item_id))
      order by q.since, q.kind, q.item_id limit size;
  end if;
end;
$$;
comment on function private.queue_page(text, text[], text[], text, uuid, timestamptz, app.queue, boolean, int) is
  'Items of a theme after a place in the queue, oldest or newest first, in a scope (null: everywhere) and a place (null: any).';

create function private.queue_counts(in_theme text, scope text[], place text[], by_author uuid, until timestamptz)
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
    where q.theme = in_theme
      and (scope is null or q.departement = any (scope) or q.epci = any (scope) or q.commune = any (scope))
      and (place is null or q.departement = any (place) or q.epci = any (place) or q.commune = any (place))
      and (by_author is null or q.author = by_author) and (until is null or q.since <= until)
    group by q.kind;
end;
$$;
comment on function private.queue_counts(text, text[], text[], uuid, timestamptz) is 'How many items of a theme wait, by kind, in a scope and a place.';

create or replace function private.waiting_points(who uuid)
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select q.point_id
  from private.scope_of(who) as s
  join app.queue as q on q.theme = s.theme and (s.is_everywhere
    or q.departement = any (s.territories) or q.epci = any (s.territories) or q.commune = any (s.territories));
$$;
drop function private.scope_communes(uuid, text[]);

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
  place text[] := nullif(case when territory is not null then private.known_territories(array[territory]) end, '{*}');
  asked_kind text := private.arg_choice(p, 'kind', array['new', 'edit', 'photo', 'gone', 'report']);
  by_author uuid := private.arg_uuid(p, 'author');
  until timestamptz := now() - private.arg_number(p, 'waiting_days', 0, 3650) * interval '1 day';
  is_newest_first boolean := coalesce(private.arg_choice(p, 'order', array['oldest', 'newest']), 'oldest') = 'newest';
  after app.queue := private.read_queue_key(private.arg_text(p, 'after'));
  page_size int := private.arg_limit(p, 50, 200);
begin
  return (
    with scope as materialized (
      select s.theme, case when not s.is_everywhere then s.territories end as codes from private.scope_of(me) as s
    ), counted as materialized (
      select s.theme, c.kind, c.n from scope as s, private.queue_counts(s.theme, s.codes, place, by_author, until) as c
    ), found as materialized (
      select q, row_number() over (order by
        case when is_newest_first then q.since end desc, case when is_newest_first then q.kind end desc,
        case when is_newest_first then q.item_id end desc, q.since, q.kind, q.item_id) as n
      from scope as s,
        private.queue_page(s.theme, s.codes, place, asked_kind, by_author, until, after, is_newest_first, page_size + 1) as q
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

alter function private.scope_of(uuid) rows 3;
revoke all on function private.place_queue_item(), private.place_queue_again(),
  private.queue_page(text, text[], text[], text, uuid, timestamptz, app.queue, boolean, int),
  private.queue_counts(text, text[], text[], uuid, timestamptz) from public;
