create function private.public_diff(p app.points, diff jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_object_agg(path, change)
  from jsonb_each(diff) as d (path, change)
  where p.sensitivity = 'open' or not (
    path = 'geom'
    or path = any (select 'attributes.' || key from unnest(private.locating_keys(p.theme)) as key));
$$;
comment on function private.public_diff(app.points, jsonb) is 'Differences that the public may read: without anything that tells the place of a blurred point.';

create function private.public_history_json(p app.points)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'at', private.day(e.at),
    'actor', case
      when e.actor_kind = 'moderator' then 'modération'
      when who.named then who.display_name end,
    'actor_kind', e.actor_kind,
    'action', e.action,
    'from', case when e.from_status in ('published', 'archived', 'destroyed') then e.from_status end,
    'to', e.to_status,
    'reason', e.reason,
    'comment', null,
    'rev', e.rev,
    'diff', case when e.from_status in ('published', 'archived', 'destroyed') then private.public_diff(p, e.diff) end
  ) order by e.id), '[]')
  from app.events as e
  left join app.profiles as who on who.user_id = e.actor
  where e.point_id = p.id
    and e.at >= p.first_published_at
    and e.to_status in ('published', 'archived', 'destroyed')
    -- What was proposed, commented or refused never became public: neither does its trace.
    and e.action in ('create', 'publish', 'edit', 'archive', 'destroy', 'restore', 'confirm', 'load', 'merge', 'unmerge');
$$;
comment on function private.public_history_json(app.points) is
  'History as everybody may read it (contract §4): from the first publication on, days, reasons without comments, moderators unnamed, published differences.';

create function private.nearby_json(p app.points)
returns jsonb
language sql
stable
set search_path = pg_catalog, extensions
as $$
  -- Six points at most, within 2 km on the ground.
  select coalesce(jsonb_agg(private.public_item_json(t) || jsonb_build_object('distance_m', round(distance)) order by distance, point_id), '[]')
  from (
    select n.point_id, n as t, st_distancesphere(st_transform(n.place, 4326), p.public_geom) as distance
    from app.public_points as n
    where n.point_id <> p.id and n.status = 'published'
    order by n.place <-> st_transform(p.public_geom, 3857)
    limit 6) as closest
  where distance <= 2000;
$$;
comment on function private.nearby_json(app.points) is 'Published points around a public position, the nearest first.';

create function private.read_point_sheet(p jsonb)
returns json
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  asked uuid := private.arg_uuid(p, 'id');
  point app.points;
begin
  -- A hidden point leads nowhere: for the public it does not exist, merged or not.
  select survivor.* into point from app.points as asked_for
  join app.points as survivor on survivor.id = private.survivor_of(asked_for.id)
  where asked_for.id = asked and (survivor.id = asked or asked_for.sensitivity <> 'hidden');
  if point.id is null or not private.is_public(point) then
    perform private.fail(404, 'point_not_found', 'Ce point n’existe pas ou n’est pas public.');
  end if;
  return private.cacheable((jsonb_build_object(
    'point', private.point_json(point, null),
    'concept', (select private.concept_json(c) from app.concepts as c where c.id = point.concept),
    'commune', (select jsonb_build_object('code', t.code, 'name', t.name, 'departement', t.departement, 'departement_name', d.name)
      from app.territories as t
      left join app.territories as d on d.level = 'departement' and d.code = t.departement
      where t.level = 'commune' and t.code = point.public_commune),
    'history', private.public_history_json(point),
    'nearby', private.nearby_json(point))
    || case when point.id <> asked then jsonb_build_object('merged_from', asked) else '{}' end)::json, 30);
end;
$$;
comment on function private.read_point_sheet(jsonb) is
  'A public point with what surrounds it, the same for everybody; PT404 whether it does not exist or is not public.';

create function public.point_sheet(p jsonb default '{}')
returns json
language sql
stable
set search_path = ''
as $$ select private.read_point_sheet(p); $$;
comment on function public.point_sheet(jsonb) is 'Sheet of a public point {id}: row, concept, public history, points nearby. A merged point answers its survivor. Public, GET.';

revoke all on function private.public_diff(app.points, jsonb), private.public_history_json(app.points), private.nearby_json(app.points),
  private.read_point_sheet(jsonb), public.point_sheet(jsonb) from public;
grant execute on function private.read_point_sheet(jsonb), public.point_sheet(jsonb) to anon, authenticated, service_role;
