create function private.public_item_json(t app.public_points)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', t.point_id, 'theme', t.theme, 'concept', t.concept,
    'label', coalesce(t.title, c.labels ->> 'fr', h.labels ->> 'fr'),
    'title', t.title, 'status', t.status, 'lon', t.lon, 'lat', t.lat,
    'updated_at', t.updated_on,
    'condition', case when o.sensitivity = 'open' or not 'condition' = any (private.locating_keys(t.theme))
      then o.attributes ->> 'condition' end,
    -- An import says when it was delivered, not when somebody stood there.
    'seen_on', greatest(o.last_confirmed_on, case when o.source_id is null then (o.captured_at at time zone 'UTC')::date end),
    'thumb_url', (
      select '/storage/v1/object/public/published/' || coalesce(f.public_thumb_path, f.public_path)
      from app.photos as f
      where f.point_id = t.point_id and f.state = 'published' and f.public_path is not null
      order by f.created_at, f.id limit 1)))
    || jsonb_build_object('concept', t.concept, 'commune', t.commune, 'commune_name', p.name)
  from app.themes as h
  join app.points as o on o.id = t.point_id
  left join app.concepts as c on c.id = t.concept
  left join app.territories as p on p.level = 'commune' and p.code = t.commune
  where h.id = t.theme;
$$;
comment on function private.public_item_json(app.public_points) is
  'A point in a list of the public: `label` is its name or else what it is, in French; the day only of its last change.';

create function private.search_from(after text, with_distance boolean)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
declare
  place jsonb;
begin
  if after is null then
    return null;
  end if;
  begin
    place := convert_from(decode(after, 'base64'), 'UTF8')::jsonb;
    -- Casting is the check: whatever is not a cursor of this kind of search fails here.
    perform (place ->> 1)::uuid,
      case when with_distance then (place ->> 0)::float8::text else (place ->> 0)::date::text end;
    if place ->> 0 is not null and place ->> 1 is not null then
      return place;
    end if;
  exception when others then
    null;
  end;
  perform private.invalid_argument('after : la valeur next de la page précédente de la même recherche.');
end;
$$;
comment on function private.search_from(text, boolean) is 'Where a page of a search starts: [last key, last id] of the page before.';

create function private.word_condition(pattern text)
returns text
language sql
stable
set search_path = ''
as $$
  select format('(t.folded like %L or t.concept = any (%L) or t.commune = any (%L))', pattern,
    array(select c.id from app.concepts as c where c.folded like pattern and c.status = 'accepted'),
    array(select p.code from app.territories as p where p.level = 'commune' and p.folded like pattern));
$$;
comment on function private.word_condition(text) is
  'SQL condition: the word is in the name of the point, in what it is (any language, synonyms) or in where it is.';

create function private.search_condition(p jsonb)
returns text
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  theme_ids text[] := private.arg_texts(p, 'themes');
  statuses text[] := coalesce(private.arg_texts(p, 'statuses'), '{published}');
  box geometry := private.arg_box(p, 'bbox');
  concept_id text := private.arg_text(p, 'concept');
  commune_code text := private.arg_text(p, 'commune');
  words text[] := string_to_array(nullif(left(private.fold(private.arg_text(p, 'q')), 200), ''), ' ');
begin
  if not statuses <@ array['published', 'archived', 'destroyed'] then
    perform private.invalid_argument('statuses : published, archived, destroyed.');
  end if;
  -- Only the conditions asked for, values quoted: an index can serve each of them.
  return concat_ws(' and ',
    format('t.status = any (%L)', statuses),
    case when theme_ids is not null then format('t.theme = any (%L)', theme_ids) end,
    case when concept_id is not null then format('t.concept = any (%L)', coalesce(private.with_narrower(concept_id), '{}')) end,
    case when commune_code is not null then format('t.commune = %L', commune_code) end,
    case when box is not null then format('t.place && %L::extensions.geometry', st_transform(box, 3857)) end,
    (select string_agg(private.word_condition('% ' || word || '%'), ' and ') from unnest(words) as word));
end;
$$;
comment on function private.search_condition(jsonb) is 'SQL condition over app.public_points (as t) of a search; PT400 when an argument is malformed.';

create function private.search_page(condition text, around extensions.geometry, start jsonb, most int)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  -- Web Mercator keeps the shape of small things: the nearest there is the nearest on the ground.
  key text := case when around is null then 't.updated_on' else format('t.place <-> %L::extensions.geometry', around) end;
  direction text := case when around is null then 'desc' else 'asc' end;
  page jsonb;
begin
  execute format($sql$
    select jsonb_agg(jsonb_build_array(key, (t).point_id, private.public_item_json(t)%1$s) order by key %2$s, (t).point_id %2$s)
    from (
      select t, %3$s as key from app.public_points as t
      where %4$s and %5$s
      order by %3$s %2$s, t.point_id %2$s limit %6$s) as page$sql$,
    case when around is not null then format(
      $sql$ || jsonb_build_object('distance_m', round(st_distancesphere(st_transform((t).place, 4326), st_transform(%L::extensions.geometry, 4326))))$sql$, around) end,
    direction, key, condition,
    case
      when start is null then 'true'
      when around is null then format('(t.updated_on, t.point_id) < (%L, %L)', start ->> 0, start ->> 1)
      else format('(%s, t.point_id) > (%L, %L)', key, start ->> 0, start ->> 1) end,
    most)
  into page;
  return coalesce(page, '[]');
end;
$$;
comment on function private.search_page(text, extensions.geometry, jsonb, int) is
  'One page of a search: [[key, id, item]…], the most recent first or the nearest first.';

create function private.search_points(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = pg_catalog, extensions
as $$
declare
  condition text := private.search_condition(p);
  most int := private.arg_limit(p, 50, 200);
  around geometry;
  found jsonb;
  total bigint;
  -- Counting further than this costs more than it tells.
  count_limit constant int := 10000;
begin
  if coalesce(p -> 'near', 'null') <> 'null' then
    around := st_transform(st_setsrid(st_makepoint(
      private.arg_number(p -> 'near', 'lon', -180, 180)::float8, private.arg_number(p -> 'near', 'lat', -85, 85)::float8), 4326), 3857);
    if around is null then
      perform private.invalid_argument('near : {lon, lat} en degrés.');
    end if;
  end if;
  found := private.search_page(condition, around, private.search_from(private.arg_text(p, 'after'), around is not null), most + 1);
  execute format('select count(*) from (select from app.public_points as t where %s limit %s) as counted', condition, count_limit + 1)
  into total;
  return private.cacheable(json_build_object(
    'total', least(total, count_limit),
    'exact', total <= count_limit,
    'items', (select coalesce(jsonb_agg(item -> 2 order by n), '[]') from jsonb_array_elements(found) with ordinality as e (item, n) where n <= most),
    'next', case when jsonb_array_length(found) > most then
      translate(encode(convert_to(jsonb_build_array(found -> (most - 1) -> 0, found -> (most - 1) -> 1)::text, 'UTF8'), 'base64'), E'\n', '') end), 30);
end;
$$;
comment on function private.search_points(jsonb) is
  'Public points that match, by pages: the most recent first, or the nearest. Reads app.public_points only: no check of the caller.';

create function public.points_search(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.search_points(p); $$;
comment on function public.points_search(jsonb) is
  'Searches public points {q?, bbox?, themes?, concept?, commune?, near?, statuses?, after?, limit?}. Public, GET.';

revoke all on function private.public_item_json(app.public_points), private.search_from(text, boolean),
  private.word_condition(text), private.search_condition(jsonb),
  private.search_page(text, extensions.geometry, jsonb, int), private.search_points(jsonb), public.points_search(jsonb) from public;
grant execute on function private.search_points(jsonb), public.points_search(jsonb) to anon, authenticated, service_role;
