create function private.communes_of(code text)
returns text[]
language sql
stable
set search_path = ''
as $$
  select array_agg(t.code) from app.territories as t
  where t.level = 'commune' and communes_of.code in (t.code, t.epci, t.departement, t.region);
$$;
comment on function private.communes_of(text) is 'INSEE codes of the communes of a territory (a commune holds itself), null when it holds none.';

create function private.read_stats(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  theme_id text := private.arg_text(p, 'theme');
  place text := private.arg_text(p, 'territory');
  communes text[] := case when place is not null then coalesce(private.communes_of(place), array[place]) end;
begin
  return private.cacheable((
    with counted as (
      select t.theme, t.status, t.commune, t.concept, t.updated_on from app.public_points as t
      where (theme_id is null or t.theme = theme_id) and (communes is null or t.commune = any (communes)))
    select json_build_object(
      'total', (select count(*) from counted where status = 'published'),
      'by_status', (select coalesce(json_object_agg(status, n), '{}') from (
        select status, count(*) as n from counted group by status) as s),
      'by_theme', (select coalesce(json_object_agg(theme, n), '{}') from (
        select theme, count(*) as n from counted where status = 'published' group by theme) as s),
      'by_concept', (select coalesce(json_agg(json_build_object('concept', concept, 'count', n) order by n desc, concept), '[]') from (
        select concept, count(*) as n from counted where status = 'published' and concept is not null
        group by concept order by n desc, concept limit 50) as s),
      'communes', (select count(distinct commune) from counted where status = 'published'),
      'by_commune', (select coalesce(json_agg(json_build_object('code', s.commune, 'name', t.name, 'count', s.n) order by s.n desc, s.commune), '[]') from (
        select commune, count(*) as n from counted where status = 'published' and commune is not null
        group by commune order by n desc, commune limit 50) as s
        left join app.territories as t on t.level = 'commune' and t.code = s.commune),
      'photos', (select count(*) from app.photos as f join app.public_points as t on t.point_id = f.point_id
        where f.state = 'published' and f.public_path is not null and t.status = 'published'
          and (theme_id is null or t.theme = theme_id) and (communes is null or t.commune = any (communes))),
      'updated_on', (select max(updated_on) from counted))), 60);
end;
$$;
comment on function private.read_stats(jsonb) is 'Counts of what is public. Reads public content at public positions only: no check of the caller.';

create function public.stats(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_stats(p); $$;
comment on function public.stats(jsonb) is 'Counts of published points {theme?, territory?}: by state, theme, concept and commune. Public, GET.';

revoke all on function private.communes_of(text), private.read_stats(jsonb), public.stats(jsonb) from public;
grant execute on function private.read_stats(jsonb), public.stats(jsonb) to anon, authenticated, service_role;
