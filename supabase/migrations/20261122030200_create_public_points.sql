-- What everybody reads comes from this narrow copy and from nothing else: a query of the public
-- that forgets a condition still cannot meet a draft, a hidden point or a true position that is blurred.
create table app.public_points (
  point_id uuid primary key references app.points on delete cascade,
  theme text not null,
  status text not null check (status in ('published', 'archived', 'destroyed')),
  concept text,
  commune text,
  title text,
  folded text,
  updated_on date not null,
  lon double precision not null,
  lat double precision not null,
  x int not null,
  y int not null,
  morton bigint not null,
  place extensions.geometry(Point, 3857) not null
);
create index public_points_morton_idx on app.public_points (morton) include (theme, concept) where status = 'published';
create index public_points_place_idx on app.public_points using gist (place);
create index public_points_recent_idx on app.public_points (updated_on desc, point_id desc);
create index public_points_commune_idx on app.public_points (commune);
create index public_points_concept_idx on app.public_points (concept);
create index public_points_folded_idx on app.public_points using gin (folded extensions.gin_trgm_ops) where folded is not null;
alter table app.public_points enable row level security;
comment on table app.public_points is
  'Published, archived and destroyed points at their public position, one narrow row each: what map, list, search and figures read. Kept by a trigger of app.points.';
comment on column app.public_points.title is 'Value of the attribute that the theme uses as a title; null where it would tell the place of a blurred point.';
comment on column app.public_points.updated_on is 'Day of the last change that the public could see.';
comment on column app.public_points.x is 'Web Mercator, the world being 2^31 wide: one unit is one of the 4096 steps of a tile at zoom 19.';
comment on column app.public_points.y is 'Web Mercator from north to south, the world being 2^31 high.';
comment on column app.public_points.morton is 'Bits of x and y interleaved: every tile of every zoom is one interval of it.';

create function private.morton(x int, y int)
returns bigint
language plpgsql
immutable
parallel safe
set search_path = ''
as $$
declare
  a bigint := x;
  b bigint := y;
begin
  -- Masks 0x0000FFFF0000FFFF, 0x00FF00FF00FF00FF, 0x0F0F0F0F0F0F0F0F, 0x3333333333333333, 0x5555555555555555:
  -- each step halves the runs of bits and opens a gap as wide between them.
  a := (a | (a << 16)) & 281470681808895;
  b := (b | (b << 16)) & 281470681808895;
  a := (a | (a << 8)) & 71777214294589695;
  b := (b | (b << 8)) & 71777214294589695;
  a := (a | (a << 4)) & 1085102592571150095;
  b := (b | (b << 4)) & 1085102592571150095;
  a := (a | (a << 2)) & 3689348814741910323;
  b := (b | (b << 2)) & 3689348814741910323;
  a := (a | (a << 1)) & 6148914691236517205;
  b := (b | (b << 1)) & 6148914691236517205;
  return a | (b << 1);
end;
$$;
comment on function private.morton(int, int) is 'Morton code (Z-order): the bits of two 31-bit numbers interleaved, those of x first.';

create function private.point_title(p app.points)
returns text
language sql
stable
set search_path = ''
as $$
  select nullif(trim(case when jsonb_typeof(p.attributes -> title_field) = 'string' then p.attributes ->> title_field end), '')
  from (select settings ->> 'title_field' as title_field from app.themes where id = p.theme) as t
  where p.attributes ? title_field
    and (p.sensitivity = 'open' or not title_field = any (private.locating_keys(p.theme)));
$$;
comment on function private.point_title(app.points) is 'What the public reads as the name of a point, null when it has none or when the name would tell its place.';

create function private.write_public_point()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, extensions
as $$
declare
  -- Half of the circumference of the Web Mercator world, in its metres.
  half constant float8 := 20037508.342789244;
  title text;
  place geometry;
  px int;
  py int;
begin
  if not private.is_public(new) then
    delete from app.public_points where point_id = new.id;
    return null;
  end if;
  if tg_op = 'UPDATE' and private.is_public(old)
    and (old.theme, old.status, old.concept, old.public_commune, old.sensitivity, old.attributes)
      is not distinct from (new.theme, new.status, new.concept, new.public_commune, new.sensitivity, new.attributes)
    and st_equals(old.public_geom, new.public_geom) then
    return null;
  end if;
  if new.attributes <> '{}' then
    title := private.point_title(new);
  end if;
  place := st_transform(new.public_geom, 3857);
  px := least(2147483647, greatest(0, floor((st_x(place) + half) / half * 1073741824)));
  py := least(2147483647, greatest(0, floor((half - st_y(place)) / half * 1073741824)));
  insert into app.public_points as t
    (point_id, theme, status, concept, commune, title, folded, updated_on, lon, lat, x, y, morton, place)
  values (new.id, new.theme, new.status, new.concept, new.public_commune, title,
    case when title is not null then ' ' || private.fold(title) end, new.updated_at at time zone 'UTC',
    round(st_x(new.public_geom)::numeric, 7), round(st_y(new.public_geom)::numeric, 7),
    px, py, private.morton(px, py), place)
  on conflict (point_id) do update set
    theme = excluded.theme, status = excluded.status, concept = excluded.concept, commune = excluded.commune,
    title = excluded.title, folded = excluded.folded, updated_on = excluded.updated_on, lon = excluded.lon,
    lat = excluded.lat, x = excluded.x, y = excluded.y, morton = excluded.morton, place = excluded.place;
  return null;
end;
$$;
comment on function private.write_public_point() is 'Trigger: keeps app.public_points true to what the public may see of a point.';
create trigger points_write_public after insert or update on app.points
for each row execute function private.write_public_point();

revoke all on function private.morton(int, int), private.point_title(app.points), private.write_public_point() from public;
