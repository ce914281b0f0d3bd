create function private.is_same_or_sibling(a text, b text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  above_a text;
  above_b text;
begin
  if a is null or b is null or a = b then
    return true;
  end if;
  select broader into above_a from app.concepts where id = a;
  select broader into above_b from app.concepts where id = b;
  return coalesce(above_a = b or above_b = a or above_a = above_b, false);
end;
$$;
comment on function private.is_same_or_sibling(text, text) is
  'Whether two concepts may name the same thing: same, one above the other, or siblings; an unnamed one may be anything.';

create function private.duplicate_radius_m(p app.points)
returns double precision
language plpgsql
stable
set search_path = ''
as $$
begin
  return coalesce((select (t.settings ->> 'duplicate_radius_m')::double precision from app.themes as t where t.id = p.theme), 50)
    -- A position given within kilometres must not call the whole town a duplicate.
    + least(coalesce(p.accuracy_m, 0), 100);
end;
$$;
comment on function private.duplicate_radius_m(app.points) is 'Metres in which the same thing may already be known: the theme''s radius widened by the accuracy, 100 m at most.';

create function private.duplicate_candidates(p app.points, moderator uuid)
returns table (candidate app.points, distance_m double precision)
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.duplicate_radius_m(p);
  box geometry := st_expand(p.geom, radius / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), radius / 111000);
begin
  return query
    select found.point, found.distance
    from (
      -- In the moderator's scope the true position, elsewhere the public one, like anybody.
      select c as point, st_distancesphere(c.geom, p.geom) as distance
      from app.points as c
      where c.geom && box and c.theme = p.theme and c.status in ('submitted', 'to_complete', 'published')
        and private.moderates(moderator, c.theme, c.commune)
      union all
      select c, st_distancesphere(c.public_geom, p.geom)
      from app.points as c
      where c.public_geom && box and c.theme = p.theme and c.status = 'published'
        and not private.moderates(moderator, c.theme, c.commune)
    ) as found
    where (found.point).id <> p.id and found.distance <= radius
      and private.is_same_or_sibling(p.concept, (found.point).concept);
end;
$$;
comment on function private.duplicate_candidates(app.points, uuid) is
  'Points of the theme that may be the same thing, with their distance on the ground, as far as this moderator may know.';

create function private.candidates_json(p app.points, moderator uuid)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.duplicate_radius_m(p);
  own_name text := private.fold(p.attributes ->> 'name');
begin
  return (
    with compared as (
      select c.candidate, c.distance_m,
        1 - c.distance_m / radius as closeness,
        case when p.concept is not null and (c.candidate).concept = p.concept then 1.0 else 0.5 end as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * kinship + 0.3 * likeness)::numeric, 3) as score from compared
      order by score desc, distance_m limit 20
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'point', private.point_json(candidate, moderator),
      'distance_m', round(distance_m::numeric, 1),
      'score', score,
      'why', to_jsonb(array_remove(array[
        case when closeness > 0.5 then 'close' end,
        case when kinship = 1 then 'same_concept' else 'sibling_concept' end,
        case when likeness >= 0.4 then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by score desc, distance_m), '[]')
    from scored);
end;
$$;
comment on function private.candidates_json(app.points, uuid) is
  'Duplicate candidates, best first, at most 20. Score from 0 to 1: half closeness, the rest kinship of the concept and likeness of the name.';

create function private.require_scope(point uuid, who uuid)
returns app.points
language plpgsql
stable
set search_path = ''
as $$
declare
  p app.points;
begin
  select * into p from app.points where id = point;
  if p.id is null or not private.can_see(p, who) then
    perform private.fail(404, 'point_not_found', 'Ce point n''existe pas ou n''est pas visible.');
  end if;
  if p.status in ('draft', 'withdrawn') or not private.moderates(who, p.theme, p.commune) then
    perform private.fail(403, 'not_allowed', 'Ce point n''est pas dans votre secteur de modération.');
  end if;
  return p;
end;
$$;
comment on function private.require_scope(uuid, uuid) is
  'The point, for a moderator in scope; PT403 for who sees it otherwise, PT404 for who may not know of it.';

create function private.moderation_candidates(p jsonb)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  me uuid := private.require_user();
begin
  return jsonb_build_object('candidates',
    private.candidates_json(private.require_scope(private.arg_uuid(p, 'point_id'), me), me));
end;
$$;
comment on function private.moderation_candidates(jsonb) is 'Duplicate candidates of a point. Checks: signed in, moderator in scope.';

create function public.moderation_candidates(p jsonb default '{}')
returns jsonb
language sql
stable
set search_path = ''
as $$ select private.moderation_candidates(p); $$;
comment on function public.moderation_candidates(jsonb) is 'Contract §4: {point_id} → what may be the same thing. Moderators in scope.';

revoke all on function private.is_same_or_sibling(text, text), private.duplicate_radius_m(app.points),
  private.duplicate_candidates(app.points, uuid), private.candidates_json(app.points, uuid), private.require_scope(uuid, uuid),
  private.moderation_candidates(jsonb), public.moderation_candidates(jsonb) from public;
grant execute on function private.moderation_candidates(jsonb), public.moderation_candidates(jsonb)
  to anon, authenticated, service_role;
