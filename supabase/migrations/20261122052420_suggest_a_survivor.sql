-- Of two points that are one thing, which one stays: said with its reason, decided by whoever merges them.
create function private.richness(p app.points)
returns int
language plpgsql
stable
set search_path = ''
as $$
begin
  return (p.concept is not null)::int
    + (select count(*) from jsonb_each(p.attributes) as answer (key, value) where answer.value not in ('null', '""', '[]', '{}'))
    + (select count(*) from app.photos as f where f.point_id = p.id and f.state <> 'refused');
end;
$$;
comment on function private.richness(app.points) is 'How much a point says: its concept, its answers and its pictures, each counted once.';

create function private.survivor_json(p app.points, other app.points)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  -- Positive: this one stays.
  by_state int := (p.status = 'published')::int - (other.status = 'published')::int;
  by_riches int := case when by_state = 0 then private.richness(p) - private.richness(other) else 0 end;
  stays boolean := case when by_state <> 0 then by_state > 0 when by_riches <> 0 then by_riches > 0
    else (p.received_at, p.id) < (other.received_at, other.id) end;
begin
  return jsonb_build_object('keep', case when stays then 'this' else 'other' end, 'id', case when stays then p.id else other.id end,
    'why', case when by_state <> 0 then 'published' when by_riches <> 0 then 'richer' else 'older' end);
end;
$$;
comment on function private.survivor_json(app.points, app.points) is
  'Which of two points should stay when they are one thing: {keep: this|other, id, why: published|richer|older}. The published one, which people may have linked to; else the one that says more; else the older one.';

create or replace function private.candidates_json(p app.points, moderator uuid)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.theme_radius_m(p.theme) + private.accuracy_reach(p.accuracy_m);
  own_name text := private.fold(p.attributes ->> 'name');
begin
  return (
    with compared as (
      select c.candidate, c.distance_m, c.is_doubted,
        exists (
          select from app.ruled_out as r
          where (r.point_id = p.id and r.other_id = (c.candidate).id)
            or (r.point_id = (c.candidate).id and r.other_id = p.id)) as is_ruled_out,
        greatest(0, 1 - c.distance_m / (radius + private.accuracy_reach((c.candidate).accuracy_m))) as closeness,
        case when p.concept is not null and (c.candidate).concept = p.concept then 1.0 else 0.5 end as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * kinship + 0.3 * likeness)::numeric, 3) as score from compared
      order by is_doubted desc, is_ruled_out, score desc, distance_m limit 20
    )
    select coalesce(jsonb_agg(jsonb_build_object(
      'point', private.point_json(candidate, moderator),
      'distance_m', round(distance_m::numeric, 1),
      'score', score,
      'survivor', private.survivor_json(p, candidate),
      'why', to_jsonb(array_remove(array[
        case when is_doubted then 'author_unsure' end,
        case when is_ruled_out then 'author_ruled_out' end,
        case when closeness > 0.5 then 'close' end,
        case when kinship = 1 then 'same_concept'
          when private.is_same_or_sibling(p.concept, (candidate).concept) then 'sibling_concept' end,
        case when likeness >= 0.4 then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by is_doubted desc, is_ruled_out, score desc, distance_m), '[]')
    from scored);
end;
$$;
comment on function private.candidates_json(app.points, uuid) is
  'Duplicate candidates, at most 20: first those that the author could not tell apart, then the best, those that an author ruled out last, each with which of the two should stay. Score from 0 to 1: half closeness, the rest kinship of the concept and likeness of the name.';

revoke all on function private.richness(app.points), private.survivor_json(app.points, app.points) from public;
