create function private.public_geom(geom extensions.geometry, sensitivity text)
returns extensions.geometry
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
declare
  lambert geometry;
begin
  if sensitivity = 'open' then
    return geom;
  elsif sensitivity = 'blurred' then
    lambert := st_transform(geom, 2154);
    return st_transform(st_setsrid(
      st_makepoint(floor(st_x(lambert) / 1000) * 1000 + 500, floor(st_y(lambert) / 1000) * 1000 + 500), 2154), 4326);
  end if;
  return null;
end;
$$;
comment on function private.public_geom(extensions.geometry, text) is
  'The one public position (contract §2): true, centre of its 1 km Lambert-93 cell, or null when hidden.';

create function private.commune_at(geom extensions.geometry)
returns text
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  -- plpgsql keeps its plan from call to call; a function in SQL plans anew each time.
  return (
    select t.code from app.territories as t
    where t.level = 'commune' and t.geom && $1 and st_intersects(t.geom, $1)
    order by t.code
    limit 1);
end;
$$;
comment on function private.commune_at(extensions.geometry) is 'INSEE code of the commune whose outline holds the position, or null.';

create function private.cell_of(geom extensions.geometry)
returns text
language plpgsql
immutable
set search_path = pg_catalog, extensions
as $$
declare
  x int := least(4095, greatest(0, floor((st_x(geom) + 180) / 360 * 4096)::int));
  y int := least(4095, greatest(0,
    floor((1 - ln(tan(radians(st_y(geom))) + 1 / cos(radians(st_y(geom)))) / pi()) / 2 * 4096)::int));
  key text := '';
begin
  for i in reverse 11..0 loop
    key := key || (((x >> i) & 1) + 2 * ((y >> i) & 1))::text;
  end loop;
  return key;
end;
$$;
comment on function private.cell_of(extensions.geometry) is
  'Quadkey of the Web Mercator tile at zoom 12 that holds the position: the sync cell (12 digits 0 to 3).';

create function private.is_in_territory(geom extensions.geometry)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  return (
    select st_intersects(s.extent, $1) and (
      -- The demonstration's cells name communes; they do not bound what may be captured.
      not exists (select from app.territories as t
        where t.geom is not null and t.outline_source is distinct from 'demonstration.geojson')
      or exists (
        -- 0.03 degree (2 to 3 km): outlines are simplified, and a bridge or a summit stands on the line.
        select from app.territories as t
        where t.geom && st_expand($1, 0.03) and st_dwithin(t.geom, $1, 0.03)
          and t.outline_source is distinct from 'demonstration.geojson'))
    from app.settings as s);
end;
$$;
comment on function private.is_in_territory(extensions.geometry) is
  'Whether the instance takes inventory there: inside its extent and, once outlines are loaded, within about 2 km of a territory that has one.';

create function private.place_point()
returns trigger
language plpgsql
set search_path = pg_catalog, extensions
as $$
begin
  new.public_geom := private.public_geom(new.geom, new.sensitivity);
  new.commune := private.commune_at(new.geom);
  new.public_commune := case
    when new.public_geom is null then null
    when new.sensitivity = 'open' then new.commune
    else private.commune_at(new.public_geom) end;
  new.public_cell := case when new.public_geom is not null then private.cell_of(new.public_geom) end;
  return new;
end;
$$;
comment on function private.place_point() is 'Trigger: derives commune, public position and sync cell whenever the position or the sensitivity changes.';
create trigger points_place before insert or update of geom, sensitivity on app.points
for each row execute function private.place_point();

revoke all on function private.public_geom(extensions.geometry, text), private.commune_at(extensions.geometry),
  private.cell_of(extensions.geometry), private.is_in_territory(extensions.geometry) from public;
