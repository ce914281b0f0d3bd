-- Which terms may name the same thing was read from the tree alone: in a vocabulary without tree no two terms were
-- kin, and the term under which unnamed things wait was kin to none.

create index concepts_tree_idx on app.concepts (scheme) where broader is not null and status <> 'proposed';
comment on index app.concepts_tree_idx is 'Whether a scheme has a tree at all.';

create function private.kinship_rule(theme_id text)
returns table (holding text, is_same_only boolean, title_field text)
language sql
stable
rows 1
set search_path = ''
as $$
  select t.settings ->> 'holding_concept', coalesce(t.settings #>> '{duplicate_kinship,concepts}' = 'same', false), t.settings ->> 'title_field'
  from app.themes as t where t.id = theme_id;
$$;
comment on function private.kinship_rule(text) is
  'What a theme says of its terms: the one under which wait things that nobody could name (setting holding_concept), whether siblings are others (setting duplicate_kinship), and the answer that names a thing.';

create function private.is_sibling(a text, b text)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
declare
  above_a text;
  above_b text;
  scheme_a text;
  scheme_b text;
begin
  select c.broader, c.scheme into above_a, scheme_a from app.concepts as c where c.id = a;
  select c.broader, c.scheme into above_b, scheme_b from app.concepts as c where c.id = b;
  if above_a = b or above_b = a then
    return true;
  elsif above_a is not null or above_b is not null then
    return coalesce(above_a = above_b, false);
  end if;
  -- Tops of a tree are its domains; without a tree all are siblings.
  return coalesce(scheme_a = scheme_b, false)
    and not exists (select from app.concepts as c where c.scheme = scheme_a and c.broader is not null and c.status <> 'proposed');
end;
$$;
comment on function private.is_sibling(text, text) is
  'Whether two different concepts may name the same thing: one above the other, both below the same, or both of one scheme that has no tree.';

create function private.kinship(holding text, is_same_only boolean, a text, a_name text, b text, b_name text)
returns text
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  if a is null or b is null or a = holding or b = holding then
    return 'unnamed';
  elsif a = b then
    return 'same_concept';
  elsif not is_same_only then
    return case when private.is_sibling(a, b) then 'sibling_concept' end;
  end if;
  return case when similarity(private.fold(a_name), private.fold(b_name)) >= 0.4 then 'similar_name' end;
end;
$$;
comment on function private.kinship(text, boolean, text, text, text, text) is
  'Why two things of a theme may be the same by their terms and names, the same on the phone (src/domain/kinship.ts); null: they are others. A name decides where the theme says that siblings are others.';

drop function private.may_be_same(double precision, extensions.geometry, double precision, text, extensions.geometry, double precision, text);
create function private.may_be_same(
  theme_id text, a extensions.geometry, a_accuracy double precision, a_concept text, a_name text,
  b extensions.geometry, b_accuracy double precision, b_concept text, b_name text)
returns boolean
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
begin
  if st_distancesphere(a, b) > private.theme_radius_m(theme_id) + private.accuracy_reach(a_accuracy) + private.accuracy_reach(b_accuracy) then
    return false;
  end if;
  return (
    select private.kinship(rule.holding, rule.is_same_only, a_concept, a_name, b_concept, b_name) is not null
    from private.kinship_rule(theme_id) as rule);
end;
$$;
comment on function private.may_be_same(text, extensions.geometry, double precision, text, text, extensions.geometry, double precision, text, text) is
  'The rule of duplicates, the same on the phone (src/domain/duplicates.ts): within the radius of the theme widened by both accuracies, and of terms that may name the same thing. Whichever of the two is asked about.';

create or replace function private.possible_duplicates(ids uuid[], moderator uuid)
returns table (point_id uuid, candidate_id uuid, distance_m double precision, is_doubted boolean)
language plpgsql
stable
set search_path = pg_catalog, extensions
set plan_cache_mode = force_generic_plan
as $$
begin
  return query
    with asked as materialized (
      select p.id, p.theme, p.geom, p.concept, p.radius + private.accuracy_reach(p.accuracy_m) as reach,
        -- Null: everywhere.
        case when not coalesce(p.is_everywhere, false) then coalesce(p.territories, '{}') end as scope,
        p.holding, p.is_same_only, p.title_field, case when p.is_same_only then p.attributes ->> p.title_field end as name,
        st_x(p.geom) as lon, st_y(p.geom) as lat, cos(radians(st_y(p.geom))) as shrink,
        st_expand(p.geom, p.widest / 111000 / greatest(cos(radians(st_y(p.geom))), 0.1), p.widest / 111000) as box
      from (
        select o.*, r.radius, r.holding, r.is_same_only, r.title_field, s.territories, s.is_everywhere, r.radius + private.accuracy_reach(o.accuracy_m) + 100 as widest
        from app.points as o
        join (
          select t.id, private.theme_radius_m(t.id) as radius, k.* from app.themes as t cross join lateral private.kinship_rule(t.id) as k) as r on r.id = o.theme
        left join private.scope_of(moderator) as s on s.theme = o.theme
        where o.id = any (ids)) as p
    ), near as (
      -- In the moderator's scope at the true position, elsewhere where everybody sees it: the same for what is open.
      select a.id as asked_id, c.id, st_distancesphere(c.geom, a.geom) as distance, false as is_named
      from asked as a
      join app.points as c on c.geom && a.box and c.theme = a.theme
      where c.status in ('submitted', 'to_complete', 'published') and c.id <> a.id
        -- Degrees first, a hundredth too generous: they rule most of a street out.
        and ((st_x(c.geom) - a.lon) * a.shrink) ^ 2 + (st_y(c.geom) - a.lat) ^ 2
          <= ((a.reach + least(coalesce(c.accuracy_m, 0), 100)) / 110000) ^ 2
        and case when st_distancesphere(c.geom, a.geom) <= a.reach + private.accuracy_reach(c.accuracy_m)
          then (c.status = 'published' and c.sensitivity = 'open' or a.scope is null or private.covers(a.scope, c.commune))
            and private.kinship(a.holding, a.is_same_only, a.concept, a.name, c.concept,
              case when a.is_same_only then c.attributes ->> a.title_field end) is not null else false end
      union all
      select a.id, c.id, st_distancesphere(c.public_geom, a.geom), false
      from asked as a
      join app.points as c on c.public_geom && a.box and c.theme = a.theme
      where a.scope is not null and c.status = 'published' and c.sensitivity = 'blurred' and c.id <> a.id
        and case when st_distancesphere(c.public_geom, a.geom) <= a.reach + 100
          then not private.covers(a.scope, c.commune) and private.kinship(a.holding, a.is_same_only, a.concept, a.name, c.concept,
              case when a.is_same_only then c.attributes ->> a.title_field end) is not null else false end
      union all
      -- What the author could not tell apart, however far.
      select a.id, c.id, st_distancesphere(case when seen.is_in_scope then c.geom else c.public_geom end, a.geom), true
      from asked as a
      join (select d.point_id as one, d.other_id as other from app.doubts as d union select d.other_id, d.point_id from app.doubts as d)
        as doubted on doubted.one = a.id
      join app.points as c on c.id = doubted.other and c.id <> a.id
      cross join lateral (select a.scope is null or private.covers(a.scope, c.commune) as is_in_scope) as seen
      where c.status = 'published' and (seen.is_in_scope or c.public_geom is not null)
        or c.status in ('submitted', 'to_complete') and seen.is_in_scope
    )
    select n.asked_id, n.id, min(n.distance), bool_or(n.is_named) from near as n group by n.asked_id, n.id;
end;
$$;

create or replace function private.candidates_json(p app.points, moderator uuid)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, extensions
as $$
declare
  radius double precision := private.theme_radius_m(p.theme) + private.accuracy_reach(p.accuracy_m);
  rule record;
  own_name text := private.fold(p.attributes ->> 'name');
begin
  select * into rule from private.kinship_rule(p.theme);
  return (
    with compared as (
      select c.candidate, c.distance_m, c.is_doubted,
        exists (
          select from app.ruled_out as r
          where (r.point_id = p.id and r.other_id = (c.candidate).id)
            or (r.point_id = (c.candidate).id and r.other_id = p.id)) as is_ruled_out,
        greatest(0, 1 - c.distance_m / (radius + private.accuracy_reach((c.candidate).accuracy_m))) as closeness,
        private.kinship(rule.holding, rule.is_same_only, p.concept, p.attributes ->> rule.title_field,
          (c.candidate).concept, (c.candidate).attributes ->> rule.title_field) as kinship,
        case when own_name = '' then 0 else similarity(own_name, private.fold((c.candidate).attributes ->> 'name')) end as likeness
      from private.duplicate_candidates(p, moderator) as c
    ), scored as (
      select *, round((0.5 * closeness + 0.2 * case when kinship = 'same_concept' then 1.0 else 0.5 end + 0.3 * likeness)::numeric, 3) as score from compared
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
        case when kinship <> 'similar_name' then kinship end,
        case when likeness >= 0.4 or kinship = 'similar_name' then 'similar_name' end,
        case when (candidate).author = p.author then 'same_author' end], null))
    ) order by is_doubted desc, is_ruled_out, score desc, distance_m), '[]')
    from scored);
end;
$$;

drop function private.is_same_or_sibling(text, text);
revoke all on function private.kinship_rule(text), private.is_sibling(text, text), private.kinship(text, boolean, text, text, text, text),
  private.may_be_same(text, extensions.geometry, double precision, text, text, extensions.geometry, double precision, text, text) from public;
