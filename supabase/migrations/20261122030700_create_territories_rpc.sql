create function private.read_territories(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = pg_catalog, extensions
set plan_cache_mode = force_custom_plan
as $$
declare
  wanted_level text := private.arg_text(p, 'level');
  parent text := private.arg_text(p, 'within');
  words text[] := string_to_array(nullif(private.fold(private.arg_text(p, 'q')), ''), ' ');
  box geometry := private.arg_box(p, 'bbox');
  with_outlines boolean := p -> 'outlines' = 'true';
  -- Outlines are heavy: 300 simplified communes are about 250 kB.
  most int := private.arg_limit(p, case when with_outlines then 300 else 500 end, 5000);
begin
  if wanted_level not in ('commune', 'epci', 'departement', 'region') then
    perform private.invalid_argument('level attend commune, epci, departement ou region.');
  end if;
  return private.cacheable(json_build_object('territories', (
    select coalesce(json_agg(json_strip_nulls(json_build_object(
      'level', t.level, 'code', t.code, 'name', t.name, 'epci', t.epci, 'departement', t.departement, 'region', t.region,
      'population', t.population,
      'bbox', case when t.geom is not null then json_build_array(
        round(st_xmin(t.geom)::numeric, 5), round(st_ymin(t.geom)::numeric, 5),
        round(st_xmax(t.geom)::numeric, 5), round(st_ymax(t.geom)::numeric, 5)) end,
      'outline', case when with_outlines then st_asgeojson(t.geom, 4)::json end)) order by t.name, t.code), '[]')
    from (
      select * from app.territories as c
      where (wanted_level is null or c.level = wanted_level)
        and (parent is null or c.epci = parent or c.departement = parent or c.region = parent)
        and (words is null or not exists (select from unnest(words) as word where c.folded not like '% ' || word || '%'))
        and (box is null or c.geom && box)
        and (not with_outlines or c.geom is not null)
      -- Whoever types « aude » looks for the largest thing of that name first.
      order by array_position(array['region', 'departement', 'epci', 'commune'], c.level), c.folded, c.code
      limit most) as t)), 600);
end;
$$;
comment on function private.read_territories(jsonb) is 'Territories by level, by what holds them, by name or by box. Public by nature: no check of the caller.';

create function public.territories(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_territories(p); $$;
comment on function public.territories(jsonb) is
  'INSEE territories {level?, within?, q?, bbox?, outlines?, limit?}, with their box and, when asked, their outline. Public, GET.';

revoke all on function private.read_territories(jsonb), public.territories(jsonb) from public;
grant execute on function private.read_territories(jsonb), public.territories(jsonb) to anon, authenticated, service_role;
