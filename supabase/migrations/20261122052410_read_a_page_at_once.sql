-- A page of the queue is read by one query and not by one function an item: fifty items took 30 ms of processor, most of
-- it spent in entering functions, and in measuring on the sphere what a subtraction rules out.

create function private.possible_duplicates(ids uuid[], moderator uuid)
returns table (point_id uuid, candidate_id uuid, distance_m double precision, is_doubted boolean)
language plpgsql
stable
set search_path = pg_catalog, extensions
-- Planning it costs more than what it does.
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
    with asked as materialized (
      select p.id, p.theme, p.geom, p.concept, p.radius + private.accuracy_reach(p.accuracy_m) as reach,
        -- Null: everywhere.
        case when not coalesce(p.is_everywhere, false) then coalesce(p.territories, '{}') end as scope,
        st_x(p.geom) as lon, st_y(p.geom) as lat, cos(radians(st_y(p.geom))) as shrink,
        st_expand(p.geom, p.widest / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), p.widest / 111000) as box
      from (
        select o.*, r.radius, s.territories, s.is_everywhere, r.radius + private.accuracy_reach(o.accuracy_m) + 100 as widest
        from app.points as o
        join (select t.id, private.theme_radius_m(t.id) as radius from app.themes as t) as r on r.id = o.theme
        left join private.scope_of(moderator) as s on s.theme = o.theme
        where o.id = any (ids)) as p
    ), near as (
      -- In the moderator's scope at the true position, elsewhere where everybody sees it: the same for what is open.
      select a.id as asked_id, c.id, st_distancesphere(c.geom, a.geom) as distance, false as is_named
      from asked as a
      join app.points as c on c.geom && a.box and c.theme = a.theme
      where c.status in ('submitted', 'to_complete', 'published') and c.id <> a.id
        -- Degrees first, a hundredth too generous: they rule most of a street out.
        and ((st_x(c.geom) - a.lon) * a.shrink) ^ 2 + (st_y(c.geom) - a.lat) ^ 2
          <= ((a.reach + least(coalesce(c.accuracy_m, 0), 100)) / 110000) ^ 2
        and case when st_distancesphere(c.geom, a.geom) <= a.reach + private.accuracy_reach(c.accuracy_m)
          then (c.status = 'published' and c.sensitivity = 'open' or a.scope is null or private.covers(a.scope, c.commune))
            and private.is_same_or_sibling(a.concept, c.concept) else false end
      union all
      select a.id, c.id, st_distancesphere(c.public_geom, a.geom), false
      from asked as a
      join app.points as c on c.public_geom && a.box and c.theme = a.theme
      where a.scope is not null and c.status = 'published' and c.sensitivity = 'blurred' and c.id <> a.id
        and case when st_distancesphere(c.public_geom, a.geom) <= a.reach + 100
          then not private.covers(a.scope, c.commune) and private.is_same_or_sibling(a.concept, c.concept) else false end
      union all
      -- What the author could not tell apart, however far.
      select a.id, c.id, st_distancesphere(case when seen.is_in_scope then c.geom else c.public_geom end, a.geom), true
      from asked as a
      join (select d.point_id as one, d.other_id as other from app.doubts as d union select d.other_id, d.point_id from app.doubts as d)
        as doubted on doubted.one = a.id
      join app.points as c on c.id = doubted.other and c.id <> a.id
      cross join lateral (select a.scope is null or private.covers(a.scope, c.commune) as is_in_scope) as seen
      where c.status = 'published' and (seen.is_in_scope or c.public_geom is not null)
        or c.status in ('submitted', 'to_complete') and seen.is_in_scope
    )
    select n.asked_id, n.id, min(n.distance), bool_or(n.is_named) from near as n group by n.asked_id, n.id;
end;
$$;
comment on function private.possible_duplicates(uuid[], uuid) is
  'For each of some points what may be the same thing, as the moderator may know it (null: as anybody): the rule of private.may_be_same, and what an author doubted. One query for a whole page.';

create or replace function private.duplicate_candidates(p app.points, moderator uuid)
returns table (candidate app.points, distance_m double precision, is_doubted boolean)
language plpgsql
stable
set search_path = ''
as $$
begin
  return query
    select c, d.distance_m, d.is_doubted
    from private.possible_duplicates(array[p.id], moderator) as d join app.points as c on c.id = d.candidate_id;
end;
$$;

create function private.queue_items(page app.queue[], viewer uuid)
returns table (kind text, item_id uuid, item jsonb)
language plpgsql
stable
rows 50
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
    with near as materialized (
      select d.point_id, count(*) as n
      from private.possible_duplicates(array(select i.point_id from unnest(page) as i), viewer) as d group by d.point_id
    )
    select i.kind, i.item_id, case
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
        'title', case when p.attributes ? (t.settings ->> 'title_field') then private.point_title(p) end,
        'commune_name', place.name,
        'waiting_since', private.instant(i.since),
        'author', who.display_name,
        'author_id', i.author,
        'mine', coalesce(i.author = viewer, false),
        'rev', p.rev,
        'expected_photos', p.expected_photos,
        'stored_photos', (select count(*) from app.photos as had where had.point_id = p.id and had.state <> 'refused'),
        -- One picture to know it by: public where there is one, else where those in scope may read it.
        'thumb_url', case when f.public_path is not null then '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path) end,
        'thumb_path', case when f.public_path is null then coalesce(f.thumb_path, f.path) end,
        'candidates', coalesce(near.n, 0),
        'lease', case when exists (select from app.leases as l where l.point_id = p.id) then private.lease_json(p.id, viewer) end)
    from unnest(page) as i
    join app.points as p on p.id = i.point_id
    join app.themes as t on t.id = p.theme
    left join app.profiles as who on who.user_id = i.author
    left join app.territories as place on place.level = 'commune' and place.code = p.commune
    left join near on near.point_id = p.id
    left join lateral (
      select had.* from app.photos as had where had.point_id = p.id and had.state <> 'refused'
      order by (had.public_path is null), had.rank nulls last, had.created_at, had.id limit 1) as f on true;
end;
$$;
comment on function private.queue_items(app.queue[], uuid) is
  'Items of the queue as contract §4 writes them; `mine` is the viewer''s own contribution, `rev` what a decision says it saw, `author_id` serves to ask for the other items of that person, `thumb_url` or `thumb_path` shows the thing.';

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
    ), told as materialized (
      select * from private.queue_items(array(select f.q from found as f where f.n <= page_size), me)
    )
    select jsonb_build_object(
      'items', (select coalesce(jsonb_agg(t.item order by f.n), '[]')
        from found as f join told as t on t.kind = (f.q).kind and t.item_id = (f.q).item_id),
      'total', (select coalesce(sum(c.n), 0) from counted as c
        where (asked_theme is null or c.theme = asked_theme) and (asked_kind is null or c.kind = asked_kind)),
      'counts', (select coalesce(jsonb_object_agg(t.theme, t.kinds), '{}')
        from (select c.theme, jsonb_object_agg(c.kind, c.n) as kinds from counted as c group by c.theme) as t),
      'next', case when (select count(*) from found) > page_size then (select private.queue_key(f.q) from found as f where f.n = page_size) end));
end;
$$;

create or replace function private.moderation_review(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
  point app.points := private.require_scope(private.arg_uuid(p, 'point_id'), me);
  revision uuid := private.arg_uuid(p, 'revision_id');
  report uuid := private.arg_uuid(p, 'report_id');
  item app.queue;
  r app.revisions;
  changes jsonb;
begin
  select q.* into item from app.queue as q
  where q.point_id = point.id and (revision is null or q.item_id = revision) and (report is null or q.item_id = report)
  order by q.since, q.kind, q.item_id limit 1;
  if item.kind = 'edit' then
    select * into r from app.revisions where id = item.item_id;
    changes := private.revision_changes(point, r);
  elsif item.kind = 'new' then
    changes := private.changes_since_review(point);
  end if;
  return jsonb_build_object(
    'point', private.point_json(point, me),
    -- Decided, withdrawn or replaced meanwhile: said, so that the next one is shown.
    'item', case when item.kind is not null then (select told.item from private.queue_items(array[item], me) as told) end,
    'others', (select coalesce(jsonb_agg(jsonb_build_object('kind', q.kind, 'id', q.item_id, 'waiting_since', private.instant(q.since))
        order by q.since, q.kind), '[]')
      from app.queue as q where q.point_id = point.id and (q.kind, q.item_id) is distinct from (item.kind, item.item_id)),
    'may_decide', private.may_decide_on(item, point, me),
    'changes', coalesce(changes, '[]'),
    'moved', case when r.patch ? 'geom' then private.move_json(coalesce(nullif(r.base -> 'geom', 'null'), private.content_of(point) -> 'geom'), r.patch -> 'geom') end,
    'author', private.standing_json(case when item.kind is null then point.author else item.author end, point.theme),
    'report', private.report_json(item),
    'candidates', private.candidates_json(point, me),
    'events', private.full_history_json(point.id, me, true),
    'thread', private.thread_json(point.id, me));
end;
$$;

drop function private.queue_item_json(app.queue, uuid);

revoke all on function private.possible_duplicates(uuid[], uuid), private.queue_items(app.queue[], uuid) from public;
