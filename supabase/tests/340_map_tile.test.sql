begin;
set local search_path = public, extensions;
select plan(23);
delete from app.public_points;

create temp table made as
select tests.point('heritage', 2.5512, 43.3215, 'published', 'croix-chemin') as open,
  tests.point('heritage', 2.6, 43.3, 'published', 'lavoir', sensitivity => 'blurred') as blurred,
  tests.point('heritage', 2.7, 43.3, 'published', 'lavoir', sensitivity => 'hidden') as hidden,
  tests.point('heritage', 2.8, 43.3, 'submitted', 'lavoir') as submitted,
  tests.point('heritage', 2.8, 43.3, 'archived', 'lavoir') as archived,
  tests.point('lighting', 2.5512, 43.3215, 'published', 'lanterne') as light;
grant select on made to public;

create function tests.tile_of(lon float8, lat float8, z int) returns int[] language sql as $$
  select array[floor((lon + 180) / 360 * (1 << z))::int,
    floor((1 - ln(tan(radians(lat)) + 1 / cos(radians(lat))) / pi()) / 2 * (1 << z))::int];
$$;
grant execute on function tests.tile_of(float8, float8, int) to public;
-- How many points the tiles of a zoom around a place tell of, whatever their number there.
create function tests.told(z int, themes text default null, concept text default null) returns bigint language sql as $$
  select coalesce(sum(jsonb_array_length(tile -> 'points')
    + (select coalesce(sum((c ->> 2)::int), 0) from jsonb_array_elements(tile -> 'clusters') as c)), 0)
  from (select distinct tests.tile_of(2.5 + i * 0.01, 43.25 + j * 0.01, z) as xy
    from generate_series(0, 40) as i, generate_series(0, 10) as j) as tiles,
    lateral (select public.map_tile(z, xy[1], xy[2], themes, concept)::jsonb as tile) as answer;
$$;
grant execute on function tests.told(int, text, text) to public;

select tests.as_anon();
select is(public.map_tile(0, 0, 0)::jsonb -> 'themes', '["heritage", "accessibility", "lighting"]', 'a tile names the themes that its indexes speak of');
select is(jsonb_array_length(public.map_tile(0, 0, 0)::jsonb -> 'points'), 3, 'published points at most: not the hidden, the submitted, the archived');
select is(public.map_tile(0, 0, 0)::jsonb -> 'clusters', '[]', 'few points are given as such');
select is(tests.told(12), 3::bigint, 'a point belongs to exactly one tile of a zoom');
select is(tests.told(13), 3::bigint, 'also of a deeper one');
select is(tests.told(9, 'heritage'), 2::bigint, 'one theme');
select is(tests.told(9, 'heritage,lighting'), 3::bigint, 'two themes, separated by a comma');
select is(tests.told(9, 'nothing'), 0::bigint, 'an unknown theme has no point');
select is(tests.told(9, null, 'croix'), 1::bigint, 'a concept with what is narrower');
select is(tests.told(9, null, 'nothing'), 0::bigint, 'an unknown concept has no point');

select ok(
  not exists (
    select from (select tests.tile_of(2.6, 43.3, 19) as xy) as at, jsonb_array_elements(public.map_tile(19, xy[1], xy[2])::jsonb -> 'points') as p
    where p ->> 0 = (select blurred::text from made)),
  'a blurred point is not where it truly is');
select is(
  (select jsonb_array_length(public.map_tile(19, xy[1], xy[2])::jsonb -> 'points') from (select tests.tile_of(2.5512, 43.3215, 19) as xy) as at), 0,
  'from zoom 19 points that share their place');
select is(
  (select public.map_tile(19, xy[1], xy[2])::jsonb #> '{clusters,0,3}' from (select tests.tile_of(2.5512, 43.3215, 19) as xy) as at), '[1, 0, 1]',
  'stay one cluster, counted by theme');
select is(
  (select jsonb_array_length(public.map_tile(18, xy[1], xy[2])::jsonb -> 'points') from (select tests.tile_of(2.5512, 43.3215, 18) as xy) as at), 2,
  'before, they are points');

select throws_ok($$select public.map_tile(20, 0, 0)$$, 'PT400', 'invalid_tile', 'there is no zoom 20');
select throws_ok($$select public.map_tile(-1, 0, 0)$$, 'PT400', 'invalid_tile', 'nor -1');
select throws_ok($$select public.map_tile(3, 8, 0)$$, 'PT400', 'invalid_tile', 'nor a tile beyond the last');
select throws_ok($$select public.map_tile(3, 0, null)$$, 'PT400', 'invalid_tile', 'nor half a tile');

select tests.as_owner();
insert into app.points (id, theme, status, concept, geom, position_source, captured_at)
select gen_random_uuid(), 'lighting', 'published', 'lanterne', st_setsrid(st_makepoint(2.5 + (i % 40) * 0.01, 43.25 + (i / 40) * 0.0025), 4326), 'import', now()
from generate_series(0, 1599) as i;
select tests.as_anon();
-- What Supabase grants to somebody without account.
set local statement_timeout = '3s';
select is(jsonb_array_length(public.map_tile(0, 0, 0)::jsonb -> 'points'), 0, 'over 800 points a tile gives clusters');
select is((select sum((c ->> 2)::int) from jsonb_array_elements(public.map_tile(5, 16, 11)::jsonb -> 'clusters') as c), 1603::bigint, 'that count every point');
select ok(
  (select bool_and((c ->> 0)::int between 0 and 4095 and (c ->> 1)::int between 0 and 4095
    and (c ->> 2)::int = (select sum(n::int) from jsonb_array_elements_text(c -> 3) as n))
   from jsonb_array_elements(public.map_tile(9, 259, 187)::jsonb -> 'clusters') as c),
  'inside the tile, the parts by theme making the whole');
set local statement_timeout = 0;
select is(tests.told(10), 1603::bigint, 'points and clusters of neighbouring tiles make the whole, once');
select ok(
  (select max(octet_length(public.map_tile(z, xy[1], xy[2])::text)) <= 65536
   from (select z, tests.tile_of(2.7, 43.3, z) as xy from generate_series(0, 19) as z) as tiles),
  'no tile is over 64 kB');

select * from finish();
rollback;
