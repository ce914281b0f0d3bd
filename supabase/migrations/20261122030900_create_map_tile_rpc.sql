create function private.tile_points(low bigint, high bigint, theme_ids text[], concept_ids text[], step_shift int, merge_same_place boolean)
returns text[]
language sql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
  with here as (
    select t.point_id, (t.x >> step_shift) & 4095 as px, (t.y >> step_shift) & 4095 as py, t.concept,
      array_position(theme_ids, t.theme) - 1 as theme_index,
      case when merge_same_place then count(*) over (partition by t.morton) else 1 end as together
    from app.public_points as t
    where t.status = 'published' and t.morton between low and high and t.theme = any (theme_ids)
      and (concept_ids is null or t.concept = any (concept_ids))),
  same_place as (
    select px, py, count(*) as n, array_agg(theme_index) as indexes from here where together > 1 group by px, py)
  select array[
    (select coalesce(string_agg(
      format('["%s",%s,%s,%s,%s]', point_id, px, py, theme_index, coalesce('"' || concept || '"', 'null')), ',' order by point_id), '')
      from here where together = 1),
    (select coalesce(string_agg(format('[%s,%s,%s,[%s]]', px, py, n, (
      select string_agg(cardinality(array_positions(indexes, i - 1))::text, ',' order by i) from generate_series(1, cardinality(theme_ids)) as i)),
      ',' order by px, py), '') from same_place)];
$$;
comment on function private.tile_points(bigint, bigint, text[], text[], int, boolean) is
  'Points of an interval of the Morton order as the text of two JSON lists: points, and clusters of those that share their place.';

create function private.map_tile_text(z int, tile_x int, tile_y int, theme_ids text[], concept_ids text[])
returns text
language plpgsql
stable
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  low bigint := private.morton((tile_x::bigint << (31 - z))::int, (tile_y::bigint << (31 - z))::int);
  high bigint := low + (1::bigint << (2 * (31 - z))) - 1;
  -- A tile has 4096 steps and a grid of 16 by 16: 4 bits each way, 8 of the Morton code.
  cell_shift int := 2 * (31 - z - 4);
  step_shift int := greatest(0, 31 - z - 12);
  total bigint;
  clusters text;
  parts text[];
begin
  with cells as materialized (
    select t.morton >> cell_shift as cell, t.theme, count(*) as n, sum(t.x) as sum_x, sum(t.y) as sum_y
    from app.public_points as t
    where t.status = 'published' and t.morton between low and high and t.theme = any (theme_ids)
      and (concept_ids is null or t.concept = any (concept_ids))
    group by 1, 2),
  stacks as (
    select cell, sum(n) as n, sum(sum_x) as sum_x, sum(sum_y) as sum_y, jsonb_object_agg(theme, n) as by_theme
    from cells group by cell)
  select coalesce(sum(n), 0), coalesce(string_agg(format('[%s,%s,%s,[%s]]',
    (div(sum_x, n)::bigint >> step_shift) & 4095, (div(sum_y, n)::bigint >> step_shift) & 4095, n, (
      select string_agg(coalesce(by_theme ->> id, '0'), ',' order by position) from unnest(theme_ids) with ordinality as u (id, position))),
    ',' order by cell), '')
  into total, clusters from stacks;

  if total <= 800 then
    parts := private.tile_points(low, high, theme_ids, concept_ids, step_shift, z >= 19);
    -- Under 64 kB even if every concept had the longest of ids.
    if octet_length(parts[1]) + octet_length(parts[2]) <= 64000 then
      return format('"points":[%s],"clusters":[%s]', parts[1], parts[2]);
    end if;
  end if;
  return format('"points":[],"clusters":[%s]', clusters);
end;
$$;
comment on function private.map_tile_text(int, int, int, text[], text[]) is
  'Content of a tile as JSON text: its points when at most 800 lie in it, else the mean position of each cell of its 16 by 16 grid.';

create function private.read_map_tile(z int, tile_x int, tile_y int, themes text, concept text)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  asked text[] := private.arg_texts(jsonb_build_object('themes', themes), 'themes');
  theme_ids text[];
begin
  if z is null or tile_x is null or tile_y is null or z not between 0 and 19
    or tile_x not between 0 and (1 << z) - 1 or tile_y not between 0 and (1 << z) - 1 then
    perform private.fail(400, 'invalid_tile', 'Une tuile va de z 0 à z 19, x et y de 0 à 2^z - 1.');
  end if;
  select coalesce(array_agg(t.id order by t.position, t.id), '{}') into theme_ids
  from app.themes as t where t.is_active and (asked is null or t.id = any (asked));
  return private.cacheable(format('{"v":1,"themes":%s,%s}', to_jsonb(theme_ids), private.map_tile_text(z, tile_x, tile_y, theme_ids,
    case when concept is not null then coalesce(private.with_narrower(concept), '{}') end))::json, 60);
end;
$$;
comment on function private.read_map_tile(int, int, int, text, text) is
  'A tile of the public map. Reads app.public_points only, public positions by construction: no check of the caller.';

create function public.map_tile(z int, x int, y int, themes text default null, concept text default null)
returns json
language sql
stable
set search_path = ''
as $$ select private.read_map_tile(z, x, y, themes, concept); $$;
comment on function public.map_tile(int, int, int, text, text) is
  'Tile z/x/y of the public map: published points, or clusters of them, on a grid of 4096 steps. Public, GET, plain parameters.';

revoke all on function private.tile_points(bigint, bigint, text[], text[], int, boolean),
  private.map_tile_text(int, int, int, text[], text[]), private.read_map_tile(int, int, int, text, text),
  public.map_tile(int, int, int, text, text) from public;
grant execute on function private.read_map_tile(int, int, int, text, text), public.map_tile(int, int, int, text, text)
  to anon, authenticated, service_role;
