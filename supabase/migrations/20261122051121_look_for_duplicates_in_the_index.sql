-- A position differs from the public one where it is blurred, and there only: looked for among all points, the second
-- search read the whole table (60 ms for 100 000 points, for each line of the queue).
create or replace function private.duplicate_candidates(p app.points, moderator uuid)
returns table (candidate app.points, distance_m double precision, is_doubted boolean)
language plpgsql
stable
set search_path = pg_catalog, extensions
-- Planning it costs ten times what it does.
set plan_cache_mode = force_generic_plan
as $$
declare
  radius double precision := private.theme_radius_m(p.theme);
  own_reach double precision := radius + private.accuracy_reach(p.accuracy_m);
  reach double precision := own_reach + 100;
  box geometry := st_expand(p.geom, reach / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), reach / 111000);
begin
  return query
    select c, st_distancesphere(seen.place, p.geom), near.is_named
    from (
      select id, bool_or(known.is_named) as is_named
      from (
        -- The distance first: it is the cheapest to know, and rules most of a street out.
        select c.id, false as is_named from app.points as c
        where c.geom && box and c.theme = p.theme
          and st_distancesphere(c.geom, p.geom) <= own_reach + least(coalesce(c.accuracy_m, 0), 100)
        union all
        select c.id, false from app.points as c
        where c.public_geom && box and c.theme = p.theme and c.status = 'published' and c.sensitivity = 'blurred'
        union all
        select d.other_id, true from app.doubts as d where d.point_id = p.id
        union all
        select d.point_id, true from app.doubts as d where d.other_id = p.id
      ) as known
      where id <> p.id group by id
    ) as near
    join app.points as c on c.id = near.id
    cross join lateral (select private.moderates(moderator, c.theme, c.commune) as is_in_scope) as s
    -- In the moderator's scope the true position, elsewhere the public one, like anybody.
    cross join lateral (select case when s.is_in_scope then c.geom else c.public_geom end as place,
      case when s.is_in_scope or c.sensitivity = 'open' then c.accuracy_m else 707 end as accuracy) as seen
    where c.status = any (case when s.is_in_scope then array['submitted', 'to_complete', 'published'] else array['published'] end)
      and seen.place is not null
      and (near.is_named or private.may_be_same(radius, p.geom, p.accuracy_m, p.concept, seen.place, seen.accuracy, c.concept));
end;
$$;

-- Planned once a session and not at each call: a queue, a feed and a search for duplicates ask it for every row.
create or replace function private.covers(territories text[], commune text)
returns boolean
language plpgsql
stable
security definer
set search_path = ''
as $$
begin
  return '*' = any (territories) or (commune is not null and (
    commune = any (territories)
    or exists (
      select from app.territories as t
      where t.level = 'commune' and t.code = covers.commune
        and (t.epci = any (covers.territories) or t.departement = any (covers.territories)))
    -- Before any outline or list is loaded the département is read from the INSEE code itself.
    or case when commune like '97%' then left(commune, 3) else left(commune, 2) end = any (territories)));
end;
$$;

create or replace function private.may_be_same(
  radius double precision, a extensions.geometry, a_accuracy double precision, a_concept text,
  b extensions.geometry, b_accuracy double precision, b_concept text)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  return st_distancesphere(a, b) <= radius + private.accuracy_reach(a_accuracy) + private.accuracy_reach(b_accuracy)
    and private.is_same_or_sibling(a_concept, b_concept);
end;
$$;
