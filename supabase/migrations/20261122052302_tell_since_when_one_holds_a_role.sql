-- Somebody who was invited learns on signing in what they were given: the app must know that it is new.
create or replace function private.account_json(who uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'user_id', p.user_id,
    'display_name', p.display_name,
    'named', p.named,
    'email_verified', private.has_verified_email(who),
    'has_password', (select coalesce(u.encrypted_password, '') <> '' from auth.users as u where u.id = who),
    'is_contributor', private.is_contributor(who),
    'visibility_epoch', p.visibility_epoch,
    'charter', (
      select jsonb_build_object(
        'accepted', (select max(a.rev) from app.charter_acceptances as a where a.user_id = who),
        'current', c.rev, 'data_licence', c.data_licence, 'photo_licence', c.photo_licence, 'texts', coalesce(c.texts, '{}'))
      from (select private.current_charter() as rev) as current left join app.charters as c on c.rev = current.rev),
    'memberships', (
      select coalesce(jsonb_agg(jsonb_build_object('group', m.group_id, 'role', m.role, 'territories', m.territories,
        'since', private.instant((select coalesce(max(c.at), m.created_at) from app.role_changes as c where c.group_id = m.group_id and c.user_id = who)))
        order by m.group_id), '[]')
      from app.memberships as m where m.user_id = who),
    'trust', private.trust_json(who),
    'counts', (
      select coalesce(jsonb_object_agg(s.status, s.n), '{}')
      from (select o.status, count(*) as n from app.points as o where o.author = who group by o.status) as s))
  from app.profiles as p
  where p.user_id = who;
$$;

-- Roles name their territories by code: people read names.
create or replace function private.read_territories(p jsonb)
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
  codes text[] := private.text_array(p -> 'codes');
  words text[] := string_to_array(nullif(private.fold(private.arg_text(p, 'q')), ''), ' ');
  box geometry := private.arg_box(p, 'bbox');
  -- Not unknown when it is not asked: what has no outline yet would be left out.
  with_outlines boolean := coalesce(p -> 'outlines' = 'true', false);
  -- Outlines are heavy: 300 simplified communes are about 250 kB.
  most int := private.arg_limit(p, case when with_outlines then 300 else 500 end, 5000);
begin
  if wanted_level not in ('commune', 'epci', 'departement', 'region') then
    perform private.invalid_argument('level attend commune, epci, departement ou region.');
  elsif coalesce(p -> 'codes', 'null') <> 'null' and coalesce(cardinality(codes), 501) > 500 then
    perform private.invalid_argument('codes : une liste de 500 codes au plus.');
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
        and (codes is null or c.code = any (codes))
        and (words is null or not exists (select from unnest(words) as word where c.folded not like '% ' || word || '%'))
        and (box is null or c.geom && box)
        and (not with_outlines or c.geom is not null)
      -- Whoever types « aude » looks for the largest thing of that name first.
      order by array_position(array['region', 'departement', 'epci', 'commune'], c.level), c.folded, c.code
      limit most) as t)), 600);
end;
$$;
comment on function private.read_territories(jsonb) is 'Territories by level, by what holds them, by code, by name or by box. Public by nature: no check of the caller.';
comment on function public.territories(jsonb) is 'INSEE territories {level?, within?, codes?, q?, bbox?, outlines?, limit?}, with their box and, when asked, their outline. Public, GET.';
